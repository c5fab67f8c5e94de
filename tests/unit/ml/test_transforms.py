from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tagger.ml import Transform, prepare
from tests.pictures import make_picture

SMALL = Transform(resize_px=64, crop_px=56)


@given(st.integers(1, 300), st.integers(1, 300))
def test_every_photo_becomes_the_square(width: int, height: int) -> None:
    square = prepare(Image.new("RGB", (width, height), (10, 20, 30)), SMALL)
    assert square.shape == (56, 56, 3)
    assert square.dtype == np.uint8
    assert (square == (10, 20, 30)).all()


@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic"])
@pytest.mark.parametrize("size", [(640, 480), (300, 500), (257, 256), (701, 467), (90, 60)])
def test_is_what_torchvision_resizes_and_crops(interpolation: str, size: tuple[int, int]) -> None:
    transform = Transform(interpolation=interpolation)  # type: ignore[arg-type]  # parametrised
    image = make_picture(*size, seed=3)
    sides = [length * 256 // min(size) for length in size]
    resized = image.resize((sides[0], sides[1]), Image.Resampling[interpolation.upper()])
    left, top = (round((side - 224) / 2) for side in sides)
    expected = np.asarray(resized.crop((left, top, left + 224, top + 224)))
    difference = np.abs(prepare(image, transform).astype(int) - expected)
    assert difference.max() <= 3  # of 255, where a sharp edge is rounded in another order
    assert difference.mean() < 0.05


@pytest.mark.parametrize("mode", ["L", "RGBA", "CMYK", "P", "1"])
def test_other_modes_become_rgb(mode: str) -> None:
    assert prepare(make_picture().convert(mode), SMALL).shape == (56, 56, 3)


def test_middle_of_the_photo_is_what_counts() -> None:
    image = Image.new("RGB", (300, 100))
    image.paste((255, 0, 0), (100, 0, 200, 100))
    assert (prepare(image, SMALL)[:, :, 0] > 250).all()
