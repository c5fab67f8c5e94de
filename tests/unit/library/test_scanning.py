from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import WrongUseError
from tagger.core.ids import FolderId
from tagger.core.photo import Stamp
from tagger.core.tag import TagState, Verdict
from tagger.library import Library
from tests.unit.library.shelf import ROOT, TAKEN, Clock, Shelf, picture

if TYPE_CHECKING:
    from pathlib import Path

CONFIRMED = {"bride": TagState.CONFIRMED}


def test_a_new_photo_is_there_and_waits_for_tags(shelf: Shelf) -> None:
    changes = shelf.scan(picture("a/1.jpg", taken_at=TAKEN, camera="Canon EOS R6", rating=3))

    row = shelf.row("a/1.jpg")
    assert changes.membership
    assert changes.photo_ids == {row.id}
    assert (row.taken_at, row.camera, row.rating, row.needs_tags) == (
        TAKEN,
        "Canon EOS R6",
        3,
        True,
    )
    assert shelf.library.known_files(shelf.folder_id) == {"a/1.jpg": Stamp(1, 1)}
    assert shelf.untagged() == ["a/1.jpg"]


def test_a_folder_that_is_not_there_is_refused(library: Library) -> None:
    with pytest.raises(WrongUseError):
        library.store_scan(FolderId(7), [picture("1.jpg")])


def test_a_new_stamp_alone_keeps_tags(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg"))
    shelf.score({"1.jpg": {"bride": 0.9}})

    changes = shelf.scan(picture("1.jpg", stamp=2, rating=5, keywords=["Ana"]))

    assert not changes.membership
    assert shelf.untagged() == []
    assert shelf.row("1.jpg").rating == 5
    assert shelf.library.file_keywords(shelf.row("1.jpg").id) == ("Ana",)
    assert shelf.library.known_files(shelf.folder_id) == {"1.jpg": Stamp(2, 2)}


def test_an_edited_picture_waits_for_tags_and_keeps_decisions(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", "before", taken_at=TAKEN))
    shelf.score({"1.jpg": {"bride": 0.9}})
    shelf.decide("1.jpg", Verdict.CONFIRMED)

    shelf.scan(picture("1.jpg", "after", taken_at=TAKEN, stamp=2))

    assert shelf.untagged() == ["1.jpg"]
    assert shelf.states("1.jpg") == CONFIRMED


def test_another_photo_under_a_known_name_does_not_get_its_decisions(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", "first", taken_at=TAKEN))
    shelf.decide("1.jpg", Verdict.CONFIRMED)

    changes = shelf.scan(picture("1.jpg", "second", taken_at=TAKEN + timedelta(hours=1)))
    assert changes.membership
    assert shelf.states("1.jpg") == {}

    shelf.scan(picture("2.jpg", "first", taken_at=TAKEN))
    assert shelf.states("2.jpg") == CONFIRMED


def test_a_file_that_became_unreadable_keeps_what_is_known(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", "x", taken_at=TAKEN, keywords=["Ana"], rating=4))
    shelf.decide("1.jpg", Verdict.CONFIRMED)

    shelf.scan(picture("1.jpg", error="The file is cut off."))
    row = shelf.row("1.jpg")
    assert (row.error, row.taken_at, row.rating) == ("The file is cut off.", TAKEN, 4)
    assert shelf.library.file_keywords(row.id) == ("Ana",)
    assert shelf.untagged() == []

    shelf.scan(picture("2.jpg", "x"), gone=["1.jpg"])
    assert shelf.states("2.jpg") == CONFIRMED


def test_a_file_that_was_unreadable_at_first(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", error="The file is cut off."))
    assert shelf.library.failures() == [(ROOT / "1.jpg", "The file is cut off.")]

    shelf.scan(picture("1.jpg", stamp=2))

    assert shelf.library.failures() == []
    assert shelf.untagged() == ["1.jpg"]


def test_a_vanished_photo_is_hidden_and_comes_back_with_its_decisions(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg"))
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    photo_id = shelf.row("1.jpg").id

    changes = shelf.scan(gone=["1.jpg"])
    assert changes.membership
    assert shelf.shown() == []
    assert shelf.row("1.jpg").is_missing
    assert shelf.library.known_files(shelf.folder_id) == {}

    shelf.scan(picture("1.jpg"))
    assert shelf.row("1.jpg").id == photo_id
    assert shelf.states("1.jpg") == CONFIRMED


def test_a_photo_that_was_saved_anew_by_delete_and_create(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", "before", taken_at=TAKEN))
    shelf.decide("1.jpg", Verdict.CONFIRMED)

    shelf.scan(gone=["1.jpg"])
    shelf.scan(picture("1.jpg", "after", taken_at=TAKEN))

    assert shelf.states("1.jpg") == CONFIRMED


def test_marking_what_is_not_there_changes_nothing(shelf: Shelf) -> None:
    assert not shelf.library.mark_missing(shelf.folder_id, ["nothing.jpg"])


def test_a_rename_keeps_the_row(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", "x"))
    shelf.score({"1.jpg": {"bride": 0.9}})
    photo_id = shelf.row("1.jpg").id

    shelf.scan(picture("sub/2.jpg", "x"), gone=["1.jpg"])

    assert shelf.row("sub/2.jpg").id == photo_id
    assert shelf.row("sub/2.jpg").shoot == "sub"
    assert shelf.untagged() == []
    assert shelf.shown() == ["sub/2.jpg"]


def test_a_move_to_another_folder_keeps_the_row(shelf: Shelf) -> None:
    other = shelf.library.add_folder(ROOT.with_name("archive"))
    shelf.scan(picture("1.jpg", "x"))
    shelf.decide("1.jpg", Verdict.REJECTED)

    shelf.scan(gone=["1.jpg"])
    shelf.library.store_scan(other.id, [picture("1.jpg", "x")])

    row = shelf.library.find_photo(other.path / "1.jpg")
    assert (row.folder_id, row.tags[0].state) == (other.id, TagState.REJECTED)


def test_of_several_candidates_the_same_name_wins(shelf: Shelf) -> None:
    shelf.scan(picture("a/1.jpg", "x"), picture("a/2.jpg", "x"))
    shelf.decide("a/2.jpg", Verdict.CONFIRMED)

    shelf.scan(picture("b/3.jpg", "x"), picture("b/2.jpg", "x"), gone=["a/1.jpg", "a/2.jpg"])

    assert shelf.states("b/2.jpg") == CONFIRMED
    assert shelf.states("b/3.jpg") == {}


def test_a_copy_is_a_photo_of_its_own(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", "x"))
    shelf.decide("1.jpg", Verdict.CONFIRMED)

    shelf.scan(picture("copy.jpg", "x"))

    assert shelf.states("copy.jpg") == {}
    assert shelf.states("1.jpg") == CONFIRMED


def test_a_copy_inherits_when_the_original_goes(shelf: Shelf) -> None:
    """Moving to another drive: the copy is seen long before the original is deleted."""
    shelf.scan(picture("1.jpg", "x"))
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.decide("1.jpg", Verdict.REJECTED, "bouquet")
    shelf.scan(picture("copy.jpg", "x"))
    shelf.decide("copy.jpg", Verdict.CONFIRMED, "bouquet")

    shelf.scan(gone=["1.jpg"])

    assert shelf.states("copy.jpg") == {
        "bride": TagState.CONFIRMED,
        "bouquet": TagState.CONFIRMED,  # its own decision stays
    }
    assert [line.tag for line in shelf.library.history(shelf.row("copy.jpg").id)] == [
        "bouquet",
        "bride",
    ]


def test_a_copy_inherits_what_was_decided_after_the_original_came_back(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", "x"))
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.scan(picture("copy.jpg", "x"))
    shelf.scan(gone=["1.jpg"])
    shelf.scan(picture("1.jpg", "x"))
    shelf.decide("1.jpg", Verdict.REJECTED)
    shelf.scan(gone=["1.jpg"])

    assert shelf.states("copy.jpg") == {"bride": TagState.REJECTED}

    shelf.library.undo()
    assert shelf.states("copy.jpg") == CONFIRMED


def test_a_backup_copy_before_editing_leaves_decisions_on_the_edited_photo(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", "raw", taken_at=TAKEN))
    shelf.decide("1.jpg", Verdict.CONFIRMED)

    shelf.scan(
        picture("1 copy.jpg", "raw", taken_at=TAKEN), picture("1.jpg", "edited", taken_at=TAKEN)
    )
    assert shelf.states("1.jpg") == CONFIRMED

    shelf.scan(picture("1.jpg", "raw", taken_at=TAKEN))  # the copy is put back over it
    assert shelf.states("1.jpg") == CONFIRMED


@pytest.mark.parametrize("taken_at", [TAKEN, None])
def test_a_photo_that_is_put_back_as_it_was_is_no_copy_that_went_long_ago(
    tmp_path: Path, taken_at: datetime | None
) -> None:
    clock = Clock()
    with Library.open(tmp_path, now=clock) as library:
        shelf = Shelf(library)
        before = [picture(name, "raw", taken_at=taken_at) for name in ("1.jpg", "copy.jpg")]
        shelf.scan(*before)
        shelf.scan(gone=["copy.jpg"])
        clock.now += timedelta(days=2)
        shelf.scan(picture("1.jpg", "edited", taken_at=taken_at, stamp=2))
        shelf.decide("1.jpg", Verdict.CONFIRMED)

        shelf.scan(picture("1.jpg", "raw", taken_at=taken_at, stamp=3))  # from a backup

        assert shelf.states("1.jpg") == CONFIRMED


@pytest.mark.parametrize("step", [1, -1])
@pytest.mark.parametrize(
    ("size", "seconds"),
    # Names that move one by one within one second look like edits: those come in one call.
    [(1, 1), (3, 1), (100, 1), (100, 0), (100, None)],
)
def test_renumbered_files_keep_their_decisions(
    shelf: Shelf, step: int, size: int, seconds: int | None
) -> None:
    """Decisions go with the pictures when every name moves to the next one."""

    def name(number: int) -> str:
        return f"Ana-{number:03d}.jpg"

    def taken_at(number: int) -> datetime | None:
        return None if seconds is None else TAKEN + timedelta(seconds=seconds * number)

    before = range(10, 20)
    shelf.scan(*(picture(name(n), f"content {n}", taken_at=taken_at(n)) for n in before))
    for number in before:
        shelf.decide(name(number), Verdict.CONFIRMED if number % 2 else Verdict.REJECTED)

    after = [picture(name(n + step), f"content {n}", taken_at=taken_at(n), stamp=2) for n in before]
    shelf.scan(gone=[name(10 if step == 1 else 19)])
    for start in range(0, len(after), size):
        shelf.scan(*after[start : start + size])

    for number in before:
        expected = TagState.CONFIRMED if number % 2 else TagState.REJECTED
        assert shelf.states(name(number + step)) == {"bride": expected}, number


def test_two_files_that_swap_names_swap_decisions(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", "x"), picture("2.jpg", "y"))
    shelf.decide("1.jpg", Verdict.CONFIRMED)

    shelf.scan(picture("1.jpg", "y", stamp=2), picture("2.jpg", "x", stamp=2))

    assert shelf.states("2.jpg") == CONFIRMED
    assert shelf.states("1.jpg") == {}


def test_names_that_are_not_utf_8(shelf: Shelf) -> None:
    name = os.fsdecode(b"caf\xe9/br\xfcd \xff.jpg")
    shelf.scan(picture(name, "x"))
    shelf.decide(name, Verdict.CONFIRMED)
    shelf.library.store_error(shelf.row(name).id, f"{name} can't be read.")

    assert list(shelf.library.known_files(shelf.folder_id)) == [name]
    assert shelf.library.failures() == [(ROOT / name, f"{name} can't be read.")]

    renamed = os.fsdecode(b"\xff.jpg")
    shelf.scan(picture(renamed, "x"), gone=[name])
    assert shelf.states(renamed) == CONFIRMED


def test_the_same_path_twice_in_one_scan(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", "x"), picture("1.jpg", "y"))

    assert shelf.shown() == ["1.jpg"]
    assert [photo.content_id for photo in shelf.library.next_untagged([shelf.folder_id], 9)] == [
        "y"
    ]


@pytest.mark.parametrize(
    ("rel_path", "taken_at", "shoot"),
    [
        ("2026/Ana & Luis/1.jpg", TAKEN, "2026/Ana & Luis"),
        ("1.jpg", TAKEN, "2026-06-20"),
        ("1.jpg", TAKEN.replace(day=21, hour=2), "2026-06-20"),
        ("1.jpg", TAKEN.replace(day=21, hour=5), "2026-06-21"),
        ("1.jpg", None, ""),
        ("1.jpg", datetime.min, "0001-01-01"),  # noqa: DTZ901 -- a camera without a clock
    ],
)
def test_shoots(shelf: Shelf, rel_path: str, taken_at: datetime | None, shoot: str) -> None:
    shelf.scan(picture(rel_path, taken_at=taken_at))

    assert shelf.row(rel_path).shoot == shoot
