from __future__ import annotations

import pytest

from tagger.core.errors import WrongUseError
from tagger.core.photo import FileState, Stamp
from tagger.core.query import Comparison, Rated
from tagger.core.rating import PendingRating, RatingChange, RatingField
from tagger.library import PendingWrite, WrittenFile
from tests.unit.library.shelf import TAKEN, Shelf, picture

FOUR = RatingChange(rating=4)


@pytest.fixture(autouse=True)
def _photo(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", keywords=["Ana"], rating=2), picture("2.jpg"))


def rate(shelf: Shelf, change: RatingChange, *paths: str) -> None:
    shelf.library.rate([shelf.row(path).id for path in paths or ("1.jpg",)], change, label="rate")


def pending(shelf: Shelf) -> PendingRating:
    (waiting,) = shelf.library.next_unwritten([shelf.folder_id], 9)
    return waiting.rating


def write(shelf: Shelf) -> None:
    """What the service does."""
    for waiting in shelf.library.next_unwritten([shelf.folder_id], 9):
        store_written(shelf, waiting)


def store_written(shelf: Shelf, waiting: PendingWrite) -> None:
    written = WrittenFile(
        waiting.photo_id,
        tag_rev=waiting.tag_rev,
        stamp=Stamp(99, 99),
        keywords_before=waiting.base,
        keywords=waiting.base,
        ours=(),
        rating=waiting.rating.wanted,
    )
    shelf.library.store_written([written])


def test_a_rating_shows_at_once_and_waits_for_writing(shelf: Shelf) -> None:
    rate(shelf, FOUR)

    assert shelf.row("1.jpg").rating == 4
    assert shelf.row("1.jpg").file_state is FileState.PENDING
    assert shelf.library.find(Rated(Comparison.AT_LEAST, 4)) == [shelf.row("1.jpg").id]
    assert pending(shelf) == PendingRating(FOUR, RatingChange(rating=2))

    write(shelf)
    assert shelf.pending() == []
    assert shelf.row("1.jpg").rating == 4
    assert shelf.row("1.jpg").file_state is FileState.IN_STEP


def test_what_the_file_says_already_needs_no_writing(shelf: Shelf) -> None:
    rate(shelf, RatingChange(rating=2))
    rate(shelf, RatingChange(rating=0, label=""), "2.jpg")

    assert shelf.pending() == []
    assert shelf.library.undo() is None


def test_there_and_back_again_needs_no_writing(shelf: Shelf) -> None:
    rate(shelf, FOUR)
    rate(shelf, RatingChange(rating=2))

    assert shelf.pending() == []


def test_one_step_on_many_photos_is_taken_back_at_once(shelf: Shelf) -> None:
    rate(shelf, RatingChange(5, "Red"), "1.jpg", "2.jpg")
    assert {(row.rating, row.label) for row in map(shelf.row, ("1.jpg", "2.jpg"))} == {(5, "Red")}

    undone = shelf.library.undo()

    assert undone is not None
    assert len(undone.changes.photo_ids) == 2
    assert [(row.rating, row.label) for row in map(shelf.row, ("1.jpg", "2.jpg"))] == [
        (2, None),
        (None, None),
    ]
    assert shelf.pending() == []
    shelf.library.redo()
    assert shelf.pending() == ["1.jpg", "2.jpg"]
    assert shelf.row("1.jpg").label == "Red"


def test_undo_after_writing_writes_the_old_rating_again(shelf: Shelf) -> None:
    rate(shelf, FOUR)
    write(shelf)
    shelf.library.undo()

    assert shelf.row("1.jpg").rating == 2
    assert pending(shelf) == PendingRating(RatingChange(rating=2), RatingChange(rating=4))


def test_a_scan_does_not_overrule_what_waits(shelf: Shelf) -> None:
    rate(shelf, FOUR)
    shelf.scan(picture("1.jpg", rating=1, stamp=2))

    assert shelf.row("1.jpg").rating == 4
    assert pending(shelf).find_conflict(RatingChange(1, "")) is RatingField.RATING
    assert pending(shelf).find_conflict(RatingChange(2, "Red")) is None


def test_rating_again_decides_a_conflict(shelf: Shelf) -> None:
    rate(shelf, FOUR)
    shelf.scan(picture("1.jpg", rating=1, stamp=2))
    rate(shelf, RatingChange(rating=3))

    assert pending(shelf) == PendingRating(RatingChange(rating=3), RatingChange(rating=1))


def test_the_same_again_decides_a_conflict(shelf: Shelf) -> None:
    rate(shelf, FOUR)
    shelf.scan(picture("1.jpg", rating=1, stamp=2))
    rate(shelf, FOUR)

    assert pending(shelf) == PendingRating(FOUR, RatingChange(rating=1))


def test_taking_the_files_word_ends_a_conflict(shelf: Shelf) -> None:
    rate(shelf, FOUR)
    shelf.scan(picture("1.jpg", rating=1, stamp=2))
    rate(shelf, RatingChange(rating=1))

    assert shelf.pending() == []
    assert shelf.row("1.jpg").rating == 1


def test_undo_in_a_conflict_leaves_the_other_programs_word(shelf: Shelf) -> None:
    rate(shelf, FOUR)
    shelf.scan(picture("1.jpg", rating=1, stamp=2))
    shelf.library.undo()

    assert shelf.row("1.jpg").rating == 1
    assert shelf.pending() == []


def test_undo_in_a_conflict_brings_back_the_earlier_word_with_the_conflict(shelf: Shelf) -> None:
    rate(shelf, FOUR)
    rate(shelf, RatingChange(rating=5))
    shelf.scan(picture("1.jpg", rating=1, stamp=2))
    shelf.library.undo()

    assert shelf.row("1.jpg").rating == 4
    assert pending(shelf).find_conflict(RatingChange(1, "")) is RatingField.RATING

    shelf.library.redo()
    assert shelf.row("1.jpg").rating == 5
    assert pending(shelf).find_conflict(RatingChange(1, "")) is RatingField.RATING


def test_another_program_that_came_to_the_same_rating(shelf: Shelf) -> None:
    rate(shelf, FOUR)
    shelf.scan(picture("1.jpg", rating=4, stamp=2))

    assert shelf.pending() == []


def test_without_something_waiting_the_file_has_the_word(shelf: Shelf) -> None:
    rate(shelf, FOUR)
    write(shelf)
    shelf.scan(picture("1.jpg", rating=1, stamp=2))

    assert shelf.row("1.jpg").rating == 1
    shelf.library.undo()
    assert shelf.row("1.jpg").rating == 1


def test_what_was_rated_while_the_file_was_written_waits(shelf: Shelf) -> None:
    rate(shelf, FOUR)
    (waiting,) = shelf.library.next_unwritten([shelf.folder_id], 9)
    rate(shelf, RatingChange(rating=5))
    store_written(shelf, waiting)

    assert shelf.row("1.jpg").rating == 5
    assert pending(shelf) == PendingRating(RatingChange(rating=5), FOUR)


def test_raw_and_jpeg_of_one_exposure_get_one_rating(shelf: Shelf) -> None:
    shelf.scan(picture("3.jpg", taken_at=TAKEN), picture("3.cr3", taken_at=TAKEN))
    rate(shelf, RatingChange(label="Grün"), "3.jpg")

    assert shelf.pending() == ["3.cr3", "3.jpg"]


def test_a_copy_inherits_stars_that_were_never_written_when_the_original_goes(shelf: Shelf) -> None:
    """Moving to another drive: the copy is seen long before the original is deleted."""
    rate(shelf, RatingChange(5, "Red"), "2.jpg")
    shelf.scan(picture("copy.jpg", "2.jpg"))
    assert shelf.row("copy.jpg").rating is None

    shelf.scan(gone=["2.jpg"])
    assert (shelf.row("copy.jpg").rating, shelf.row("copy.jpg").label) == (5, "Red")
    assert shelf.pending() == ["copy.jpg"]

    shelf.library.undo()
    assert (shelf.row("copy.jpg").rating, shelf.row("copy.jpg").label) == (None, None)
    assert shelf.pending() == []


def test_what_the_copy_was_given_itself_stays(shelf: Shelf) -> None:
    rate(shelf, FOUR, "1.jpg")
    rate(shelf, FOUR, "2.jpg")
    shelf.scan(picture("1 copy.jpg", "1.jpg", rating=1), picture("2 copy.jpg", "2.jpg"))
    rate(shelf, RatingChange(rating=3), "2 copy.jpg")

    shelf.scan(gone=["1.jpg", "2.jpg"])

    assert shelf.row("1 copy.jpg").rating == 1  # another program gave it
    assert shelf.row("2 copy.jpg").rating == 3


def test_stars_that_were_taken_back_are_not_inherited(shelf: Shelf) -> None:
    rate(shelf, FOUR, "2.jpg")
    shelf.library.undo()
    shelf.scan(picture("copy.jpg", "2.jpg"))
    shelf.scan(gone=["2.jpg"])

    assert shelf.row("copy.jpg").rating is None


def test_a_jpeg_made_of_a_rated_raw_file_shows_its_stars(shelf: Shelf) -> None:
    shelf.scan(picture("3.cr3", taken_at=TAKEN))
    rate(shelf, FOUR, "3.cr3")
    shelf.scan(picture("3.jpg", taken_at=TAKEN))

    assert shelf.row("3.jpg").rating == 4
    assert shelf.pending() == ["3.cr3", "3.jpg"]

    shelf.library.undo()
    assert shelf.row("3.jpg").rating is None
    assert shelf.pending() == []


@pytest.mark.parametrize("stars", [-2, 6])
def test_stars_that_do_not_exist(shelf: Shelf, stars: int) -> None:
    with pytest.raises(WrongUseError, match="0 to 5 stars"):
        rate(shelf, RatingChange(rating=stars))
