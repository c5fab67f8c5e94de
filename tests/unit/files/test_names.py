"""Names alone decide what is looked at, so each kind is spelled out."""

import pytest

from tagger.files.names import (
    is_photo_name,
    is_skipped_folder,
    is_temporary_name,
    is_watched_path,
    temporary_name,
)


@pytest.mark.parametrize("name", ["a.jpg", "A.JPG", "b.Cr3", "x.y.heic", "Ana & Luis.png", "ü.tif"])
def test_photos_by_suffix_in_any_case(name: str) -> None:
    assert is_photo_name(name)


@pytest.mark.parametrize("name", ["", "jpg", ".jpg", "._IMG_1.jpg", "a.", "a.txt", "a.jpg.xmp"])
def test_what_is_no_photo(name: str) -> None:
    assert not is_photo_name(name)


@pytest.mark.parametrize(
    "name",
    [
        ".Trashes",
        "@eaDir",
        "$RECYCLE.BIN",
        "System Volume Information",
        "Thumbs",
        "Catalog Previews.lrdata",
        "Wedding.cocatalog",
        "Photos Library.photoslibrary",
    ],
)
def test_folders_that_are_passed_over(name: str) -> None:
    assert is_skipped_folder(name)
    assert not is_watched_path(f"2026/{name}/a.jpg")


def test_ordinary_folders_are_not_passed_over() -> None:
    assert not is_skipped_folder("2026")
    assert not is_skipped_folder("a.jpg")


@pytest.mark.parametrize("path", ["a.jpg", "2026/Ana & Luis/a.jpg", "a.xmp", "a.cr3.XMP"])
def test_photos_and_sidecars_are_watched(path: str) -> None:
    assert is_watched_path(path)


@pytest.mark.parametrize("path", ["a.txt", ".a.xmp", ".hidden/a.jpg", "a", ""])
def test_nothing_else_is_watched(path: str) -> None:
    assert not is_watched_path(path)


def test_temporary_names_are_known_unwatched_and_short() -> None:
    name = temporary_name()

    assert is_temporary_name(name)
    assert not is_watched_path(name)
    assert len(name) < 64
    assert temporary_name() != name


@pytest.mark.parametrize(
    "name", [".tagger-1-x.tmp", ".tagger.tmp", "tagger-1-0123456789abcdef.tmp"]
)
def test_similar_names_of_others_are_not_ours(name: str) -> None:
    assert not is_temporary_name(name)
