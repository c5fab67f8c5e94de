"""Where the subject is."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from tagger.export import find_focus, spread_cells


def _spot(x: float, y: float) -> Image.Image:
    """Fine detail around a place, nothing elsewhere."""
    rng = np.random.default_rng(1)
    pixels = np.full((320, 480), 128, np.uint8)
    left, top = int(x * 480), int(y * 320)
    pixels[top - 30 : top + 30, left - 30 : left + 30] = rng.integers(0, 255, (60, 60))
    return Image.fromarray(pixels)


@pytest.mark.parametrize(("x", "y"), [(0.2, 0.3), (0.8, 0.5), (0.5, 0.8)])
def test_detail_draws_the_focus(x: float, y: float) -> None:
    assert find_focus(_spot(x, y)) == pytest.approx((x, y), abs=0.03)


def test_a_blank_picture_has_its_focus_in_the_middle() -> None:
    assert find_focus(Image.new("RGB", (300, 200))) == (0.5, 0.5)
    assert find_focus(Image.new("RGB", (300, 200)), -np.ones((64, 64))) == (0.5, 0.5)


def test_what_the_network_looked_at_counts_as_much_as_detail() -> None:
    activation = np.full((64, 64), -1.0)
    activation[16, 48] = 3.0
    x, y = find_focus(_spot(0.25, 0.75), activation)
    assert (x, y) == pytest.approx(((0.25 + 0.758) / 2, (0.75 + 0.258) / 2), abs=0.03)


def test_cells_are_put_where_they_look() -> None:
    cells = np.zeros((8, 12), np.float32)
    cells[2, 6] = 1
    spread = spread_cells(cells)
    places = (np.arange(64) + 0.5) / 64
    assert spread.sum(axis=0) @ places / spread.sum() == pytest.approx(6.5 / 12, abs=0.01)
    assert spread.sum(axis=1) @ places / spread.sum() == pytest.approx(2.5 / 8, abs=0.01)


def test_a_mirrored_map_is_mirrored() -> None:
    cells = np.random.default_rng(1).normal(size=(8, 11)).astype(np.float32)
    assert np.allclose(spread_cells(cells[:, ::-1]), spread_cells(cells)[:, ::-1], atol=1e-5)
