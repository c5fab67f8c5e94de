from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tagger.files import FoundFile, read_stamp
from tagger.services.neighbours import Neighbours, find_owners, find_renamed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("files", "photo", "sidecars"),
    [
        (["a.cr2", "a.xmp"], "a.cr2", ["a.xmp"]),
        (["a.cr2", "a.cr2.xmp", "a.xmp"], "a.cr2", ["a.cr2.xmp", "a.xmp"]),
        (["a.cr2", "a.XMP"], "a.cr2", ["a.XMP"]),
        (["a.cr2", "a.jpg", "a.xmp"], "a.jpg", []),
        (["a.b.cr2", "a.b.xmp"], "a.b.cr2", ["a.b.xmp"]),
        (["a.cr2", "ab.xmp"], "a.cr2", []),
        (["cafe\u0301.nef", "caf\u00e9.xmp"], "cafe\u0301.nef", ["caf\u00e9.xmp"]),
    ],
)
def test_sidecars_are_those_that_belong_to_the_photo(
    tmp_path: Path, files: list[str], photo: str, sidecars: list[str]
) -> None:
    for name in files:
        (tmp_path / name).write_text("<x/>")

    assert [path.name for path in Neighbours().sidecars(tmp_path / photo)] == sidecars


def test_a_folder_that_is_gone_has_no_neighbours(tmp_path: Path) -> None:
    assert Neighbours().sidecars(tmp_path / "gone" / "a.cr2") == ()


def test_a_second_look_finds_what_came_and_misses_what_went(tmp_path: Path) -> None:
    photo, old, new = tmp_path / "a.cr2", tmp_path / "a.xmp", tmp_path / "a.cr2.xmp"
    for path in (photo, old):
        path.write_text("<x/>")
    neighbours = Neighbours()
    assert neighbours.sidecars(photo) == (old,)
    old.rename(new)

    neighbours.look_again()

    assert neighbours.sidecars(photo) == (new,)
    assert sorted(neighbours.names(photo)) == ["a.cr2", "a.cr2.xmp"]


def test_the_photos_that_sidecars_may_belong_to() -> None:
    photos = ["a/1.CR3", "a/1.jpg", "b/1.CR3", "a/1.x.CR3", "a/2.cr3", "a/caf\u00e9.nef", "a/noten"]

    assert find_owners([], photos) == []
    assert find_owners(["a/1.xmp"], photos) == ["a/1.CR3", "a/1.jpg"]
    assert find_owners(["a/1.cr3.XMP", "a/2.xmp"], photos) == ["a/1.CR3", "a/2.cr3"]
    assert find_owners(["a/1.x.xmp"], photos) == ["a/1.x.CR3"]
    assert find_owners(["a/cafe\u0301.xmp"], photos) == ["a/caf\u00e9.nef"]


def test_each_photo_is_looked_at_once_however_many_sidecars_came() -> None:
    """Lightroom writes thousands of sidecars at once, beside hundreds of thousands of photos."""
    looks = 0

    class Name(str):
        __slots__ = ()

        def casefold(self) -> str:
            nonlocal looks
            looks += 1
            return super().casefold()

    photos = [Name(f"{number}.CR3") for number in range(50)]

    assert len(find_owners([f"{number}.xmp" for number in range(40)], photos)) == 40
    assert looks == len(photos)


def test_beside_a_photo_that_was_just_written_nothing_is_looked_for(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(b"old")
        os.utime(tmp_path / name, (1_700_000_000, 1_700_000_000))
    known = {name: read_stamp(tmp_path / name) for name in ("a.jpg", "b.jpg")}
    (tmp_path / "b.jpg").write_bytes(b"another")
    os.utime(tmp_path / "b.jpg", (1_600_000_000, 1_600_000_000))

    def told() -> dict[str, FoundFile]:
        return {"a.jpg": FoundFile("a.jpg", read_stamp(tmp_path / "a.jpg"), "")}

    assert list(find_renamed(tmp_path, known, told())) == ["b.jpg"]
    (tmp_path / "a.jpg").write_bytes(b"edited")
    assert find_renamed(tmp_path, known, told()) == {}
