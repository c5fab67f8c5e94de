"""Photos that share a name share sidecars: they come one after the other, whatever the batches."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tagger.services.writing import batches, jobs
from tagger.services.writing.batches import read_queue
from tagger.services.writing.readying import prepare_photo
from tests.pictures import save_jpeg
from tests.unit.services.writing.desk import Desk, edit_outside, keywords

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.core.changes import Changes
    from tagger.core.errors import PhotoError
    from tagger.core.ids import PhotoId
    from tagger.library import Library, PendingWrite, WrittenFile
    from tagger.services.writing.planning import Way
    from tagger.services.writing.readying import Planned

BRIDE = "Wedding|Bride"
JPEGS = ("IMG_0.jpg", "IMG_1.jpg", "IMG_2.jpg", "img_2.JPG", "IMG_3.jpg", "IMG_4.jpg")
OTHERS = {
    "IMG_1.arw": ("raw/sample.arw", "IMG_1.xmp"),
    "IMG_1.heic": ("heif/rexiv2_mini.HEIC", "IMG_1.heic.xmp"),
    "IMG_1.tif": ("tiff/lab.tif", "IMG_1.tif.xmp"),
    "IMG_2.heic": ("heif/rexiv2_mini.HEIC", "IMG_2.heic.xmp"),
    "IMG_2.nef": ("raw/exiftool_nikon.nef", "IMG_2.xmp"),
    "IMG_3.arw": ("raw/sample.arw", "IMG_3.arw.xmp"),
    "IMG_3.nef": ("raw/exiftool_nikon.nef", "IMG_3.nef.xmp"),
}
"""Name to the sample that it is, and the sidecar that it gets."""


class Spy:
    """Sees which photos are planned while others of their name are still on their way."""

    def __init__(self, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
        self.on_their_way: dict[PhotoId, Path] = {}
        self.too_early: list[Path] = []
        self._store = library.store_written
        monkeypatch.setattr(jobs, "prepare_photo", self.prepare)
        monkeypatch.setattr(library, "store_written", self.store)

    def prepare(self, pending: PendingWrite, way: Way) -> Planned | PhotoError:
        path = pending.path
        others = {other.stem.casefold() for other in self.on_their_way.values()}
        if path.stem.casefold() in others:
            self.too_early.append(path)
        self.on_their_way[pending.photo_id] = path
        return prepare_photo(pending, way)

    def store(self, written: Sequence[WrittenFile]) -> Changes:
        for one in written:
            del self.on_their_way[one.photo_id]
        return self._store(written)


@pytest.fixture
def shoot(desk: Desk, photos_dir: Path) -> list[Path]:
    """Photos of several formats, many of one name; one has keywords of another program."""
    for seed, name in enumerate(JPEGS):
        save_jpeg(desk.folder / name, width=16, height=8, seed=seed)
    for name, (sample, _) in OTHERS.items():
        shutil.copyfile(photos_dir / "valid" / sample, desk.folder / name)
    edit_outside(desk.folder / "IMG_2.nef", add=("Ana",))
    desk.scan()
    return sorted(path for path in desk.folder.iterdir() if path.suffix != ".xmp")


@pytest.mark.parametrize("size", [1, 2, 3, 5, 32])
def test_neighbouring_batches_with_one_name_write_one_after_the_other(
    desk: Desk, shoot: list[Path], monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(batches, "_MAX_PHOTOS", size)
    spy = Spy(desk.workspace.library, monkeypatch)
    before = {path: path.read_bytes() for path in desk.folder.iterdir()}
    for path in shoot:
        desk.confirm(path)

    result = desk.write()

    assert (result.written, result.failed, result.conflicts) == (len(shoot), [], [])
    assert (spy.too_early, spy.on_their_way) == ([], {})
    sidecars = {path.name for path in desk.folder.glob("*.xmp")}
    assert sidecars == {sidecar for _, sidecar in OTHERS.values()}
    held = {path.name: keywords(path) for path in shoot}
    assert held == {path.name: {BRIDE} for path in shoot} | {"IMG_2.nef": {BRIDE, "Ana"}}
    assert desk.scan().stored == 0
    desk.undo_run(result.run)
    assert {path: path.read_bytes() for path in desk.folder.iterdir()} == before


def test_names_with_dots_are_written_side_by_side(desk: Desk) -> None:
    for number in range(4):
        path = save_jpeg(desk.folder / f"20.06.2026 {number}.jpg", width=16, height=8, seed=number)
        desk.scan()
        desk.confirm(path)

    (batch,) = batches.split_batches(read_queue(desk.workspace))

    assert len(batch) == 4
    assert not batches.has_stems_of(batch[:2], batch[2:])
    assert batches.has_stems_of(batch[:2], batch[1:])
