from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from tagger.core.tag import TagState, Verdict
from tests.unit.library.shelf import ROOT, TAKEN, Shelf, picture

JPEG = picture("day/IMG_1.JPG", "jpeg", taken_at=TAKEN)
RAW = picture("day/img_1.cr3", "raw", taken_at=TAKEN.replace(microsecond=250_000))
CONFIRMED = {"bride": TagState.CONFIRMED}
REJECTED = {"bride": TagState.REJECTED}


def test_raw_and_jpeg_are_one_photo(shelf: Shelf) -> None:
    shelf.scan(JPEG, RAW)

    assert shelf.shown() == ["day/IMG_1.JPG"]
    assert shelf.untagged() == ["day/IMG_1.JPG"]
    assert shelf.row("day/IMG_1.JPG").companions == (ROOT / "day/img_1.cr3",)
    assert shelf.row("day/img_1.cr3").path == ROOT / "day/IMG_1.JPG"
    assert shelf.library.summary().photos == 1


@pytest.mark.parametrize(
    "raw",
    [
        picture("other/IMG_1.CR3", "raw", taken_at=TAKEN),
        picture("day/IMG_2.CR3", "raw", taken_at=TAKEN),
        picture("day/IMG_1.CR3", "raw", taken_at=TAKEN + timedelta(seconds=1)),
        picture("day/IMG_1.CR3", "raw"),
        picture("day/IMG_1.PNG", "raw", taken_at=TAKEN),
    ],
)
def test_what_is_no_pair(shelf: Shelf, raw: object) -> None:
    shelf.scan(JPEG, raw)  # type: ignore[arg-type]  # parametrize knows no types

    assert len(shelf.shown()) == 2


def test_jpeg_speaks_before_heif(shelf: Shelf) -> None:
    heif = picture("day/IMG_1.HEIC", "heif", taken_at=TAKEN)
    shelf.scan(RAW, heif)
    assert shelf.shown() == ["day/IMG_1.HEIC"]

    shelf.scan(JPEG)
    assert shelf.shown() == ["day/IMG_1.HEIC", "day/IMG_1.JPG"]
    assert shelf.row("day/img_1.cr3").path == ROOT / "day/IMG_1.JPG"


def test_a_decision_waits_in_every_file_of_the_exposure(shelf: Shelf) -> None:
    shelf.scan(JPEG, RAW)
    changes = shelf.decide("day/img_1.cr3", Verdict.CONFIRMED)

    assert len(changes.photo_ids) == 2
    assert shelf.pending() == ["day/IMG_1.JPG", "day/img_1.cr3"]
    for waiting in shelf.library.next_unwritten([shelf.folder_id], 9):
        assert waiting.wanted == (("Wedding", "Bride"),)
    shelf.write("day/IMG_1.JPG")
    assert shelf.pending() == ["day/img_1.cr3"]


def test_decisions_on_the_raw_file_come_along(shelf: Shelf) -> None:
    shelf.scan(RAW)
    shelf.decide("day/img_1.cr3", Verdict.CONFIRMED)

    shelf.scan(JPEG)

    assert shelf.states("day/IMG_1.JPG") == CONFIRMED
    assert shelf.pending() == ["day/IMG_1.JPG", "day/img_1.cr3"]


def test_the_newest_of_two_decisions_counts_and_undo_brings_the_other_back(shelf: Shelf) -> None:
    other = picture("other.jpg", "jpeg", taken_at=TAKEN)
    shelf.scan(other, RAW)
    shelf.decide("day/img_1.cr3", Verdict.REJECTED)
    shelf.decide("other.jpg", Verdict.CONFIRMED)

    shelf.scan(JPEG, gone=["other.jpg"])
    assert shelf.states("day/IMG_1.JPG") == CONFIRMED

    shelf.library.undo()
    assert shelf.states("day/IMG_1.JPG") == REJECTED
    shelf.library.redo()
    assert shelf.states("day/IMG_1.JPG") == CONFIRMED


def test_the_raw_file_stands_alone_when_the_jpeg_goes(shelf: Shelf) -> None:
    shelf.scan(JPEG, RAW)
    shelf.decide("day/IMG_1.JPG", Verdict.CONFIRMED)

    shelf.scan(gone=["day/IMG_1.JPG"])
    assert shelf.shown() == ["day/img_1.cr3"]
    assert shelf.states("day/img_1.cr3") == CONFIRMED
    assert shelf.untagged() == ["day/img_1.cr3"]

    shelf.decide("day/img_1.cr3", Verdict.REJECTED)
    shelf.scan(JPEG)
    assert shelf.states("day/IMG_1.JPG") == REJECTED
    shelf.library.undo()
    assert shelf.states("day/IMG_1.JPG") == CONFIRMED


def test_jpegs_moved_away_from_their_raw_files_keep_sharing_decisions(shelf: Shelf) -> None:
    shelf.scan(JPEG, RAW)
    shelf.decide("day/IMG_1.JPG", Verdict.CONFIRMED)

    shelf.scan(picture("jpegs/IMG_1.JPG", "jpeg", taken_at=TAKEN), gone=["day/IMG_1.JPG"])

    assert shelf.shown() == ["day/img_1.cr3", "jpegs/IMG_1.JPG"]
    assert shelf.states("day/img_1.cr3") == shelf.states("jpegs/IMG_1.JPG") == CONFIRMED


def test_every_order_of_scanning_and_deciding_ends_the_same(shelf: Shelf) -> None:
    steps = {
        "jpeg": lambda: shelf.scan(JPEG),
        "raw": lambda: shelf.scan(RAW),
        "png": lambda: shelf.scan(picture("day/IMG_1.png", "png", taken_at=TAKEN)),
    }
    for order in permutations(steps):
        for name in order:
            steps[name]()
        assert shelf.shown() == ["day/IMG_1.JPG", "day/IMG_1.png"]
        shelf.scan(gone=["day/IMG_1.JPG", "day/img_1.cr3", "day/IMG_1.png"])
        assert shelf.shown() == []


def test_a_search_for_the_raw_file_finds_the_photo(shelf: Shelf) -> None:
    shelf.scan(JPEG, RAW, picture("day/IMG_2.JPG"))

    from tagger.core.query import FileMatches, Flag, Is

    photo_id = shelf.row("day/IMG_1.JPG").id
    assert shelf.library.find(FileMatches("*.cr3")) == [photo_id]
    assert shelf.library.find(Is(Flag.RAW)) == [photo_id]
