"""Settling with a clock made of numbers."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tagger.core.photo import Stamp
from tagger.files import Settler

A, B = Path("a.jpg"), Path("b.jpg")


def test_a_file_is_ready_when_it_has_not_changed_for_the_delay() -> None:
    settler = Settler(2.0)
    settler.offer(A, Stamp(5, 1), 10.0)

    assert settler.next_deadline() == 12.0
    assert settler.ready(11.9) == []
    assert settler.ready(12.0) == [A]
    assert settler.ready(99.0) == []
    assert settler.next_deadline() is None


def test_growing_starts_the_wait_anew_and_looking_again_does_not() -> None:
    settler = Settler(2.0)
    settler.offer(A, Stamp(5, 1), 0.0)
    settler.offer(A, Stamp(6, 1), 1.0)
    settler.offer(A, Stamp(6, 1), 2.5)

    assert settler.due(2.9) == []
    assert settler.due(3.0) == [A]
    assert settler.ready(3.0) == [A]


def test_a_changed_time_alone_starts_the_wait_anew() -> None:
    settler = Settler(2.0)
    settler.offer(A, Stamp(5, 1), 0.0)
    settler.offer(A, Stamp(5, 2), 2.0)

    assert settler.ready(3.0) == []


def test_an_empty_file_waits_longer_but_comes() -> None:
    settler = Settler(2.0)
    settler.offer(A, Stamp(0, 1), 0.0)

    assert settler.ready(19.9) == []
    assert settler.ready(20.0) == [A]


def test_a_vanished_file_is_never_ready_but_gone() -> None:
    settler = Settler(2.0)
    settler.offer(A, Stamp(5, 1), 0.0)
    settler.offer(A, None, 1.0)

    assert settler.ready(3.0) == []
    assert settler.gone(3.0) == [A]
    assert len(settler) == 0


def test_a_file_saved_by_removing_and_making_it_again_is_not_gone() -> None:
    settler = Settler(2.0)
    settler.offer(A, None, 0.0)
    settler.offer(A, Stamp(5, 1), 0.1)

    assert settler.gone(9.0) == []
    assert settler.ready(9.0) == [A]


def test_forgetting_one_and_all() -> None:
    settler = Settler(2.0)
    for path in (A, B):
        settler.offer(path, Stamp(5, 1), 0.0)
    settler.drop(A)
    settler.drop(A)
    assert settler.ready(9.0) == [B]

    settler.offer(A, Stamp(5, 1), 0.0)
    settler.clear()
    assert settler.ready(9.0) == []


_STAMPS = st.none() | st.builds(Stamp, st.integers(0, 2), st.integers(0, 2))
_EVENTS = st.lists(
    st.tuples(st.sampled_from([A, B]), _STAMPS, st.integers(0, 5)), min_size=1, max_size=30
)


@given(events=_EVENTS)
def test_ready_means_exactly_unchanged_for_the_delay(
    events: list[tuple[Path, Stamp | None, int]],
) -> None:
    """Against the plain reading of the rule: the last run of equal offers is old enough."""
    settler = Settler(3.0)
    offers: dict[Path, list[tuple[Stamp | None, float]]] = {}
    now_s = 0.0
    for path, stamp, pause_s in events:
        now_s += pause_s
        settler.offer(path, stamp, now_s)
        offers.setdefault(path, []).append((stamp, now_s))
        expected = {p for p, history in offers.items() if _has_settled(history, now_s)}
        ready, gone = settler.ready(now_s), settler.gone(now_s)
        assert set(ready) | set(gone) == expected
        assert all(offers[p][-1][0] is not None for p in ready)
        assert all(offers[p][-1][0] is None for p in gone)
        for taken in expected:
            del offers[taken]
        assert len(settler) == len(offers)


def _has_settled(history: list[tuple[Stamp | None, float]], now_s: float) -> bool:
    last = history[-1][0]
    since_s = now_s
    for stamp, offered_s in reversed(history):
        if stamp != last:
            break
        since_s = offered_s
    return now_s - since_s >= (30.0 if last is not None and last.size == 0 else 3.0)
