from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.tag import TagState, Verdict
from tests.unit.library.shelf import ROOT, picture

if TYPE_CHECKING:
    from tests.unit.library.shelf import Shelf


def test_decisions_by_photo(shelf: Shelf) -> None:
    shelf.scan(picture("Ana/1.jpg"), picture("Ana/2.jpg"), picture("3.jpg"), picture("4.jpg"))
    shelf.score({"4.jpg": {"bride": 0.9}})
    shelf.decide("Ana/1.jpg", Verdict.CONFIRMED)
    shelf.decide("Ana/1.jpg", Verdict.REJECTED, "bouquet")
    shelf.decide("Ana/2.jpg", Verdict.CORRECTED, "bouquet")
    shelf.decide("3.jpg", Verdict.REJECTED)
    found = {photo.path.name: photo for photo in shelf.library.decided_photos()}
    assert {name: photo.has_tag for name, photo in found.items()} == {
        "1.jpg": {"bride": True, "bouquet": False},
        "2.jpg": {"bouquet": True},
        "3.jpg": {"bride": False},
    }
    assert found["1.jpg"].path == ROOT / "Ana/1.jpg"
    assert found["1.jpg"].shoot == found["2.jpg"].shoot != ""
    assert found["3.jpg"].shoot == ""


def test_what_was_taken_back_teaches_nothing(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg"))
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.library.undo()
    assert shelf.library.decided_photos() == []


def test_files_that_are_gone_still_teach_and_removed_folders_do_not(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg"))
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.scan(gone=["1.jpg"])
    assert [photo.has_tag for photo in shelf.library.decided_photos()] == [{"bride": True}]
    shelf.library.remove_folder(shelf.folder_id)
    assert shelf.library.decided_photos() == []


def test_a_copy_teaches_for_its_original_that_is_gone(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", "one"))
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.decide("1.jpg", Verdict.CONFIRMED, "bouquet")
    shelf.scan(picture("copy/1.jpg", "one"))
    shelf.scan(gone=["1.jpg"])
    shelf.decide("copy/1.jpg", Verdict.REJECTED)

    [photo] = shelf.library.decided_photos()

    assert photo.path == ROOT / "copy/1.jpg"
    assert photo.has_tag == {"bride": False, "bouquet": True}
    assert shelf.library.count_decided() == {
        ("bride", TagState.REJECTED): 1,
        ("bouquet", TagState.CONFIRMED): 1,
    }
    assert len(shelf.library.decided_photos(has_copied=True)) == 2


def test_decisions_are_counted_where_they_teach(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg"))
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.library.remove_folder(shelf.folder_id)

    assert shelf.library.count_decided() == {}
