from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from tagger.ml import Transform, prepare
from tagger.ml.views import make_views

TRANSFORM = Transform(resize_px=40, crop_px=32)


@pytest.mark.parametrize("size", [(120, 60), (60, 120), (60, 60)])
def test_views_show_the_middle_and_both_ends_also_mirrored(size: tuple[int, int]) -> None:
    across = np.linspace(0, 255, max(size), dtype=np.uint8)
    picture = np.repeat(across[None, :], min(size), axis=0)
    if size[1] > size[0]:
        picture = picture.T
    image = Image.fromarray(picture).convert("RGB")
    views = make_views(image, TRANSFORM)
    assert len(views) == 6
    assert {view.shape for view in views} == {(32, 32, 3)}
    np.testing.assert_array_equal(views[0], prepare(image, TRANSFORM))
    for plain, mirrored in zip(views[::2], views[1::2], strict=True):
        np.testing.assert_array_equal(plain[:, ::-1], mirrored)
    assert min(view.min() for view in views) < 8
    assert max(view.max() for view in views) > 247


@pytest.mark.parametrize("size", [(120, 60), (60, 120), (1, 1)])
def test_where_the_whole_photo_is_looked_at_a_closer_look_is_added(size: tuple[int, int]) -> None:
    image = Image.new("RGB", size, "white")
    image.paste("black", (size[0] // 2 - 4, size[1] // 2 - 4, size[0] // 2 + 4, size[1] // 2 + 4))
    transform = Transform(resize_px=64, crop_px=64, focus=0.6)
    views = make_views(image, transform)
    assert len(views) == 4
    np.testing.assert_array_equal(views[0], prepare(image, transform))
    assert views[2].shape == (64, 64, 3)
    assert (views[2] < 128).mean() >= (views[0] < 128).mean(), "things are larger"
    for plain, mirrored in zip(views[::2], views[1::2], strict=True):
        np.testing.assert_array_equal(plain[:, ::-1], mirrored)
