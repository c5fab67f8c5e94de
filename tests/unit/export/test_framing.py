"""Crops and sizes as arithmetic."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.export import Preset, Window, frame_picture, largest_window

SIDES = st.integers(1, 8000)
SHARES = st.floats(0, 1)


def _preset(**fields: object) -> Preset:
    return Preset.model_validate({"name": "a", "title": "A", "description": "A."} | fields)


@given(SIDES, SIDES, st.integers(16, 3000), st.integers(16, 3000), SHARES, SHARES)
def test_fill_is_exact_and_inside_the_picture(
    width: int, height: int, wanted_width: int, wanted_height: int, x: float, y: float
) -> None:
    preset = _preset(fit="fill", width_px=wanted_width, height_px=wanted_height, enlarge=True)
    window = largest_window((width, height), wanted_width / wanted_height, (x, y))
    frame = frame_picture(preset, (width, height), window)
    left, top, right, bottom = frame.cut
    assert frame.canvas == (wanted_width, wanted_height) == (right - left, bottom - top)
    assert 0 <= left <= right <= frame.scaled[0]
    assert 0 <= top <= bottom <= frame.scaled[1]


@given(SIDES, SIDES, st.integers(16, 3000), st.integers(16, 3000))
def test_nothing_grows_unless_asked(width: int, height: int, w: int, h: int) -> None:
    for fit in ("inside", "border", "fill"):
        frame = frame_picture(_preset(fit=fit, width_px=w, height_px=h), (width, height))
        # Rounding to whole pixels of a very flat picture may add one.
        assert frame.scaled[0] <= max(width, 1) + 1 or frame.scaled[1] <= max(height, 1) + 1
        if fit == "border":
            assert frame.canvas == (w, h)


@given(st.integers(10, 8000), st.integers(10, 8000), st.floats(0.2, 5), SHARES, SHARES)
def test_a_crop_keeps_the_centre_as_far_as_the_edges_allow(
    width: int, height: int, ratio: float, x: float, y: float
) -> None:
    window = largest_window((width, height), ratio, (x, y))
    assert window.width == pytest.approx(1) or window.height == pytest.approx(1)
    assert window.width * width == pytest.approx(ratio * window.height * height)
    middle = window.left + window.width / 2
    assert middle == pytest.approx(min(max(x, window.width / 2), 1 - window.width / 2))


def test_a_window_of_another_shape_is_cut_to_the_preset() -> None:
    preset = _preset(fit="fill", width_px=100, height_px=100)
    frame = frame_picture(preset, (1000, 500), Window(0.5, 0.0, 0.5, 0.5))
    # Half by half of 1000 x 500 is 500 x 250: the middle 250 of it, scaled to 100.
    assert frame.scaled == (400, 200)
    assert frame.cut == (250, 0, 350, 100)


def test_a_drawn_window_is_taken_as_it_is() -> None:
    preset = _preset(fit="fill", width_px=400, height_px=500)
    frame = frame_picture(preset, (6000, 4000), Window(0.5, 0.25, 0.2, 0.375))
    assert frame.scaled == (2000, 1333)
    assert frame.cut == (1000, 333, 1400, 833)


@pytest.mark.parametrize("window", [(-0.1, 0, 1, 1), (0.5, 0, 0.6, 1), (0, 0, 0, 1)])
def test_a_window_outside_is_no_window(window: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="inside"):
        Window(*window)
