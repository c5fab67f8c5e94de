from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tagger.core.ids import PhotoId
from tests.unit.library.shelf import ROOT, TAKEN, Shelf, picture

if TYPE_CHECKING:
    from tagger.library import Library


def test_files_behind_photos_have_keys_that_follow_the_picture(
    library: Library, shelf: Shelf
) -> None:
    shelf.scan(picture("a/1.jpg", "same"), picture("b/2.jpg", "same"), picture("c.jpg", error="x"))
    ids = [shelf.row(path).id for path in ("a/1.jpg", "b/2.jpg", "c.jpg")]

    files = library.picture_files([*ids, PhotoId(999)])

    assert [files[photo].path for photo in ids] == [
        Path(ROOT, path) for path in ("a/1.jpg", "b/2.jpg", "c.jpg")
    ]
    assert files[ids[0]].key == files[ids[1]].key == "same-1"
    assert files[ids[2]].key is None
    assert len(files) == 3


def test_shoots_are_counted_by_folder_without_missing_photos_and_raw_companions(
    library: Library, shelf: Shelf
) -> None:
    shelf.scan(
        picture("Ana/1.jpg", taken_at=TAKEN),
        picture("Ana/1.cr3", taken_at=TAKEN),
        picture("Ana/2.jpg"),
        picture("loose.jpg", taken_at=TAKEN),
    )
    shelf.scan(gone=["Ana/2.jpg"])

    counts = {item.shoot: item.count for item in library.count_shoots()}

    assert counts == {"Ana": 1, "2026-06-20": 1}


def test_every_photo_has_the_number_of_its_shoot(library: Library, shelf: Shelf) -> None:
    shelf.scan(picture("Ana/1.jpg"), picture("Mia/2.jpg"), picture("Ana/3.jpg"))

    numbers, titles = library.number_shoots()

    for path in ("Ana/1.jpg", "Mia/2.jpg", "Ana/3.jpg"):
        assert titles[numbers[shelf.row(path).id]] == path.partition("/")[0]
