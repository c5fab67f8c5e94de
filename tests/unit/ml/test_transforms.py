from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tagger.ml import Transform, prepare
from tagger.ml.transforms import choose_size, group_alike
from tests.pictures import make_picture

SMALL = Transform(resize_px=64, crop_px=56)
WHOLE = Transform(resize_px=256, crop_px=256, focus=0.6)


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


@given(st.integers(1, 9000), st.integers(1, 9000), st.integers(32, 600))
def test_a_whole_photo_has_whole_cells_and_stays_so(width: int, height: int, side: int) -> None:
    transform = Transform(resize_px=side, crop_px=side, focus=0.6)
    found = choose_size(width, height, transform)
    assert choose_size(*found, transform) == found, "what is prepared stays as it is"
    assert choose_size(height, width, transform) == found[::-1]
    assert all(length % 16 == 0 for length in found)
    assert (found[0] - found[1]) * (width - height) >= 0


@given(st.integers(1, 9000), st.integers(1, 9000), st.integers(14, 40))
def test_a_whole_photo_keeps_shape_and_area(width: int, height: int, steps: int) -> None:
    side = 16 * steps  # others have to be rounded, and are off by more
    found = choose_size(width, height, Transform(resize_px=side, crop_px=side, focus=0.6))
    assert 0.9 < found[0] * found[1] / side**2 < 1.1
    ratio = min(max(width / height, 0.5), 2)
    assert 0.9 < found[0] / found[1] / ratio < 1.1


def test_a_whole_photo_is_seen_from_end_to_end() -> None:
    image = Image.new("RGB", (600, 400))
    image.paste((255, 0, 0), (0, 0, 40, 400))
    image.paste((0, 255, 0), (560, 0, 600, 400))
    found = prepare(image, WHOLE)
    assert found.shape == (208, 320, 3)
    assert (found[:, 0, 0] > 250).all()
    assert (found[:, -1, 1] > 250).all()
    np.testing.assert_array_equal(prepare(Image.fromarray(found), WHOLE), found)


def test_pictures_of_one_size_go_together() -> None:
    assert group_alike(["a", "b", "a", "a"]) == [[0, 2, 3], [1]]
    assert group_alike(["a", "b", "a", "a"], most=2) == [[0, 2], [3], [1]]
    assert group_alike([]) == []
