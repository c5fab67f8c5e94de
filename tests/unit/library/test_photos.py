from __future__ import annotations

from pathlib import Path

import pytest

from tagger.core.errors import WrongUseError
from tagger.core.ids import PhotoId
from tests.unit.library.shelf import ROOT, Shelf, picture


def test_rows_come_in_the_order_asked_for(shelf: Shelf) -> None:
    shelf.scan(*(picture(f"{n}.jpg") for n in range(4)))
    ids = [shelf.row(f"{n}.jpg").id for n in (2, 0, 3)]

    assert [row.id for row in shelf.library.photo_rows([*ids, PhotoId(99)])] == ids
    assert shelf.library.photo_rows([]) == []


def test_tags_come_best_first(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg"))
    shelf.score({"1.jpg": {"bride": 0.6, "bouquet": 0.9, "reception_room": 0.8}})

    assert [tag.name for tag in shelf.row("1.jpg").tags] == ["bouquet", "reception_room", "bride"]


@pytest.mark.parametrize("path", [ROOT / "2.jpg", Path("/elsewhere/1.jpg"), ROOT, ROOT / "x/1.jpg"])
def test_a_photo_that_is_not_there(shelf: Shelf, path: Path) -> None:
    shelf.scan(picture("1.jpg"))

    with pytest.raises(WrongUseError, match="not in the library"):
        shelf.library.find_photo(path)


def test_a_photo_that_is_there_goes_before_one_that_was(shelf: Shelf) -> None:
    shelf.scan(picture("1.jpg", "x"))
    shelf.scan(picture("2.jpg", "x"), gone=["1.jpg"])
    shelf.scan(picture("1.jpg", "y"))

    assert not shelf.row("1.jpg").is_missing
    assert shelf.shown() == ["1.jpg", "2.jpg"]


def test_paths_need_not_be_tidy(shelf: Shelf) -> None:
    shelf.scan(picture("a/1.jpg"))

    assert shelf.library.find_photo(ROOT / "b" / ".." / "a" / "1.jpg").path == ROOT / "a/1.jpg"
