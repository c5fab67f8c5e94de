from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tagger.core.photo import FileState
from tagger.core.query import ByCamera, Comparison, Flag, HasState, HasTag, Is, Rated, StateName
from tagger.core.tag import Verdict
from tagger.library.facets import FacetQuestion
from tests.unit.library.shelf import TAKEN, picture

if TYPE_CHECKING:
    from tagger.core.query import Query
    from tests.unit.library.shelf import Shelf

_BRIDE = HasTag("bride")


@pytest.fixture(autouse=True)
def _photos(shelf: Shelf) -> None:
    shelf.scan(
        picture("1.jpg", taken_at=TAKEN, rating=5, camera="Canon EOS R6"),
        picture("2.jpg", taken_at=TAKEN, rating=4, camera="Canon EOS R6 Mark II"),
        picture("3.jpg", taken_at=TAKEN + timedelta(days=400), camera="NIKON Z 8"),
        picture("4.jpg"),
    )
    shelf.score({"1.jpg": {"bride": 0.9}, "2.jpg": {"bride": 0.1}, "3.jpg": {"bride": 0.55}})


def _count(shelf: Shelf, choice: Query, base: Query | None = None) -> int:
    question = FacetQuestion(choices=((base, choice),))
    return shelf.library.count_facets(question).choices[0]


def test_days_and_cameras_follow_their_own_searches(shelf: Shelf) -> None:
    counts = shelf.library.count_facets(FacetQuestion(days=_BRIDE, cameras=ByCamera("canon")))

    assert counts.days == {date(2026, 6, 20): 1, date(2027, 7, 25): 1}
    assert counts.cameras == {"Canon EOS R6": 1, "Canon EOS R6 Mark II": 1, "NIKON Z 8": 0}


def test_a_day_is_from_midnight_to_midnight(shelf: Shelf) -> None:
    midnight = (TAKEN + timedelta(days=3)).replace(hour=0, minute=0, second=0)
    last = midnight + timedelta(days=1, microseconds=-1)
    shelf.scan(
        picture("5.jpg", taken_at=midnight),
        picture("6.jpg", taken_at=last),
        picture("7.jpg", taken_at=midnight + timedelta(days=1)),
    )

    counts = shelf.library.count_facets(FacetQuestion(days=Rated(Comparison.EQUAL, 0)))

    day = midnight.date()
    assert counts.days == {day: 2, day + timedelta(days=1): 1, date(2027, 7, 25): 1}


def test_ratings_of_every_range_are_found(shelf: Shelf) -> None:
    shelf.scan(picture("5.jpg", rating=-1), picture("6.jpg", rating=0))

    found = {comparison: _count(shelf, Rated(comparison, 0)) for comparison in Comparison}

    assert found == {
        Comparison.EQUAL: 3,
        Comparison.LESS: 1,
        Comparison.AT_MOST: 4,
        Comparison.MORE: 2,
        Comparison.AT_LEAST: 5,
    }


def test_a_choice_counts_what_it_would_leave(shelf: Shelf) -> None:
    at_least_four = Rated(Comparison.AT_LEAST, 4)

    assert _count(shelf, at_least_four) == 2
    assert _count(shelf, at_least_four, _BRIDE) == 1
    assert _count(shelf, Rated(Comparison.EQUAL, 0)) == 2
    assert _count(shelf, HasState(StateName.UNSURE)) == 1

    shelf.decide("3.jpg", Verdict.CONFIRMED)
    assert _count(shelf, HasState(StateName.UNSURE)) == 0


def test_a_conflict_is_found_as_such_and_as_a_failure(shelf: Shelf) -> None:
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    row = shelf.row("1.jpg")
    shelf.library.store_write_problem(row.id, FileState.CONFLICT, "Another program was there.")

    assert _count(shelf, Is(Flag.CONFLICT)) == 1
    assert _count(shelf, Is(Flag.FAILED)) == 1


def test_a_whole_name_of_a_camera_goes_before_a_part_of_another(shelf: Shelf) -> None:
    assert _count(shelf, ByCamera("canon eos r6")) == 1
    assert _count(shelf, ByCamera("r6")) == 2
