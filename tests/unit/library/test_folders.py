from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import WrongUseError
from tagger.core.tag import TagState, Verdict
from tests.unit.library.shelf import ROOT, Shelf, picture

if TYPE_CHECKING:
    from tagger.library import Library


def test_folders_are_listed_by_path_and_added_once(library: Library) -> None:
    second = library.add_folder(Path("/b").absolute())
    first = library.add_folder(Path("/a").absolute())

    assert library.add_folder(Path("/a").absolute()) == first
    assert library.folders() == [first, second]


@pytest.mark.parametrize("other", [ROOT / "2026", ROOT.parent, ROOT / ".." / ROOT.name / "x"])
def test_a_folder_inside_or_around_another_is_refused(shelf: Shelf, other: Path) -> None:
    with pytest.raises(WrongUseError, match="library"):
        shelf.library.add_folder(other)


@pytest.mark.parametrize(
    ("place", "sentence"),
    [("photos", "already, as "), ("photos/2026", "as part of "), (".", "contains ")],
)
def test_a_folder_that_a_link_leads_to_again_is_refused(
    library: Library, tmp_path: Path, place: str, sentence: str
) -> None:
    """Else each photo had two rows, and a decision on one would be taken for another's word."""
    (tmp_path / "home" / "photos" / "2026").mkdir(parents=True)
    library.add_folder(tmp_path / "home" / "photos")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "home" / place)

    with pytest.raises(WrongUseError, match=sentence):
        library.add_folder(link)

    other = library.add_folder(tmp_path / "other")
    with pytest.raises(WrongUseError, match=sentence):
        library.relocate_folder(other.id, link)


def test_a_neighbour_with_the_same_beginning_is_welcome(shelf: Shelf) -> None:
    shelf.library.add_folder(ROOT.with_name(ROOT.name + " 2"))

    assert len(shelf.library.folders()) == 2


def test_a_removed_folder_hides_its_photos_and_brings_them_back(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg"))
    shelf.decide("1.jpg", Verdict.CONFIRMED)

    assert shelf.library.remove_folder(shelf.folder_id).membership
    assert not shelf.library.remove_folder(shelf.folder_id)
    assert shelf.library.folders() == []
    assert shelf.library.find(None) == []
    assert shelf.library.count_by_class() == {"bride": 0, "bouquet": 0, "reception_room": 0}
    assert shelf.library.summary().photos == shelf.library.summary().pending_writes == 0
    with pytest.raises(WrongUseError):
        shelf.row("1.jpg")

    assert shelf.library.add_folder(ROOT).id == shelf.folder_id
    assert shelf.states("1.jpg") == {"bride": TagState.CONFIRMED}


def test_decisions_move_to_the_folder_around_a_removed_one(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", "x"))
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.library.remove_folder(shelf.folder_id)

    parent = shelf.library.add_folder(ROOT.parent)
    shelf.library.store_scan(parent.id, [picture(f"{ROOT.name}/1.jpg", "x")])

    assert shelf.states("1.jpg") == {"bride": TagState.CONFIRMED}


def test_a_copy_inherits_from_a_folder_that_is_removed(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", "x"))
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    other = shelf.library.add_folder(ROOT.with_name("archive"))
    shelf.library.store_scan(other.id, [picture("1.jpg", "x")])

    changes = shelf.library.remove_folder(shelf.folder_id)

    row = shelf.library.find_photo(other.path / "1.jpg")
    assert changes.photo_ids == {row.id}
    assert row.tags[0].state is TagState.CONFIRMED


def test_a_new_copy_inherits_from_a_folder_that_was_removed(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", "x"))
    shelf.decide("1.jpg", Verdict.CONFIRMED)
    shelf.library.remove_folder(shelf.folder_id)
    other = shelf.library.add_folder(ROOT.with_name("archive"))
    shelf.library.store_scan(other.id, [picture("1.jpg", "x")])

    assert shelf.library.find_photo(other.path / "1.jpg").tags[0].state is TagState.CONFIRMED
    shelf.library.add_folder(ROOT)
    assert shelf.states("1.jpg") == {"bride": TagState.CONFIRMED}


@pytest.mark.skipif(os.name == "nt", reason="Windows names are Unicode")
def test_a_folder_whose_name_is_not_utf_8(library: Library) -> None:
    path = Path(os.fsdecode(b"/photos/caf\xe9"))
    library.add_folder(path)

    assert library.folders()[0].path == path
