"""Sizes for any original."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tagger.images.sizing import Wanted

SIDES = st.integers(1, 20_000)
BOUNDS = st.none() | st.integers(1, 5_000)


@given(SIDES, SIDES, BOUNDS, BOUNDS)
def test_bounds_hold_and_nothing_is_enlarged(
    width: int, height: int, short: int | None, long: int | None
) -> None:
    found = Wanted(short, long).size_for((width, height))
    assert 1 <= found[0] <= width
    assert 1 <= found[1] <= height
    assert short is None or min(found) <= short
    assert long is None or max(found) <= long


@given(SIDES, SIDES, st.integers(1, 5_000))
def test_the_short_side_is_exact_where_the_original_has_it(
    width: int, height: int, short: int
) -> None:
    found = Wanted(short).size_for((width, height))
    assert min(found) == min(short, width, height)
    assert abs(max(found) * min(width, height) / max(width, height) - min(found)) < 1


@given(SIDES, SIDES, BOUNDS, BOUNDS)
def test_turning_the_original_turns_the_result(
    width: int, height: int, short: int | None, long: int | None
) -> None:
    wanted = Wanted(short, long)
    assert wanted.size_for((height, width)) == wanted.size_for((width, height))[::-1]


def test_both_bounds_of_a_panorama() -> None:
    assert Wanted(256, 1000).size_for((20_000, 2_000)) == (1000, 100)


def test_a_preview_may_do() -> None:
    assert Wanted(256).is_met_by((384, 256), (3000, 2000))
    assert Wanted(256).is_met_by((256, 384), (3000, 2000))
    assert not Wanted(257).is_met_by((384, 256), (3000, 2000))
    assert Wanted(256).is_met_by((384, 256), (3010, 2000))
    assert Wanted(long_side_px=384).is_met_by((384, 255), (3000, 2000))
    assert not Wanted(long_side_px=385).is_met_by((384, 256), (3000, 2000))
    assert not Wanted().is_met_by((384, 256), (3000, 2000))
