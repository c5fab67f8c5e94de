from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from tagger.ml.augment import Augmentation, change_light, change_shape, mix_up
from tests.pictures import make_picture

STILL = Augmentation(least_area=1, stretch=1, degrees=0, rotated=0, light=0, is_mirrored=False)


@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 2**31))
def test_every_photo_becomes_a_square_of_its_own_colours(
    width: int, height: int, seed: int
) -> None:
    pixels = np.full((height, width, 3), (124, 116, 104), np.uint8)
    square = change_shape(pixels, 32, Augmentation(), np.random.default_rng(seed))
    assert square.shape == (32, 32, 3)
    assert (square == (124, 116, 104)).all()


def test_without_changes_a_square_photo_stays_what_it_is() -> None:
    pixels = np.asarray(make_picture(64, 64))
    rng = np.random.default_rng(0)
    np.testing.assert_array_equal(change_shape(pixels, 64, STILL, rng), pixels)


def test_half_of_the_photos_are_mirrored_and_none_is_upside_down() -> None:
    pixels = np.zeros((32, 32, 3), np.uint8)
    pixels[:16] = 255  # light above
    pixels[:, :16, 0] = 99  # red tells left
    rng = np.random.default_rng(0)
    mirrored = 0
    for _ in range(200):
        square = change_shape(pixels, 32, replace(STILL, is_mirrored=True), rng)
        assert square[:16, :, 1].min() == 255
        mirrored += int(square[0, -1, 0] == 99)
    assert 70 < mirrored < 130


def test_crops_keep_the_area_they_promise() -> None:
    ramp = np.tile(np.arange(200, dtype=np.uint8)[None, :, None], (200, 1, 3))
    how = replace(STILL, least_area=0.25)
    rng = np.random.default_rng(0)
    for _ in range(100):
        square = change_shape(ramp, 32, how, rng).astype(int)
        assert np.ptp(square) >= 200 * 0.5 * 0.9  # a side of half the photo's, less the edges


def test_same_seed_same_picture() -> None:
    pixels = np.asarray(make_picture(90, 70))
    first, second = (
        change_shape(pixels, 32, Augmentation(), np.random.default_rng(7)) for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)


def test_light_stays_in_range_and_differs_by_photo() -> None:
    torch.manual_seed(0)
    batch = torch.rand(8, 3, 16, 16) * 255
    changed = change_light(batch, Augmentation(light=0.5), np.random.default_rng(0))
    assert 0 <= changed.min() <= changed.max() <= 255
    factors = changed.mean(dim=(1, 2, 3)) / batch.mean(dim=(1, 2, 3))
    assert factors.std() > 0.1
    same = change_light(batch, Augmentation(light=0), np.random.default_rng(0))
    torch.testing.assert_close(same, batch)


def test_blends_know_only_what_both_photos_know() -> None:
    torch.manual_seed(0)
    batch = torch.arange(4.0).view(4, 1, 1, 1).expand(4, 3, 2, 2)
    targets = torch.tensor([[0.0, 1], [1, 1], [1, float("nan")], [0, 0]])
    mixed, wanted = mix_up(batch, targets, 0.4, np.random.default_rng(0))
    assert mixed.shape == batch.shape
    assert 0 <= mixed.min() <= mixed.max() <= 3
    assert 1 <= int(wanted[:, 1].isnan().sum()) <= 2
    assert ((wanted[:, 0] >= 0) & (wanted[:, 0] <= 1)).all()
