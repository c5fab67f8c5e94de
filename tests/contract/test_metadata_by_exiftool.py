"""TIFF, DNG, HEIC and AVIF written through the user's exiftool: every real file, there and back."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.core.errors import MetadataRefusedError, PhotoError, UnreadablePhotoError
from tagger.core.rating import RatingChange
from tagger.core.tag import Verdict
from tagger.images import decode_photo, read_content_id
from tagger.library import ScoredPhoto
from tagger.metadata import KeywordChange, plan_edits, read_metadata
from tagger.metadata.carriers import is_for_exiftool, open_photo
from tagger.metadata.exiftool import Exiftool as ExiftoolInUse
from tagger.services.interop_agreement import agree
from tagger.services.settings import change_setting
from tagger.services.workspace import Workspace
from tests.conftest import read_manifest
from tests.contract.test_metadata_exiftool import EXPECTED, NOW, as_list
from tests.unit.services.writing.conftest import desk
from tests.unit.services.writing.desk import CLASSES, Desk, keywords

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.exiftool import Exiftool, Tags

__all__ = ["desk"]
REFUSED = {
    "bigtiff.tif",  # exiftool can't write BigTIFF
    "nikon_z9_he_cropped.dng",  # a DNG version that exiftool has not tested
    "sample.dng",  # cut off in its image data
}
"""These get a sidecar."""
MOVED = ("Offsets", "ImageStart", "FromRawStart", ":MediaDataOffset", ":MediaDataSize")
"""Tags of places in a file, which exiftool puts together anew, end so."""
REPRESENTATIVE = {
    "kw_sunrise_lr.tif",
    "kw_iptc_icc_xmp.tif",
    "kw_xp_chinese.tif",
    "cmyk_tiled_jpeg.tif",
    "bigtiff.tif",
    "exiftool_dng.dng",
    "xmp_exif_iptc_gray.heic",
    "multi_image_zPug_3.heic",
    "avif_exif_xmp.avif",
}
WITHOUT_PICTURE = {"exiftool_dng.dng"}
"""Its strips are cut off, and the decoder shows whatever follows in the file."""
BRIDE = "Wedding|Bride"
VECTOR = b"sixteen bytes..."


class Studio:
    """Real files in a library whose settings ask for exiftool."""

    def __init__(self, desk: Desk, originals: dict[Path, Path]) -> None:
        self.desk = desk
        self.originals = originals
        self.held = {copy: keywords(copy) for copy in originals}

    @property
    def in_file(self) -> list[Path]:
        return [path for path in self.originals if path.name.split("_", 1)[1] not in REFUSED]


def open_studio(
    exiftool: str, photos_dir: Path, folder: Path, names: set[str] | None
) -> Iterator[Studio]:
    """Files in a library that knows them, each decided on."""
    originals = {}
    (folder / "photos").mkdir()
    for number, row in enumerate(read_manifest(photos_dir / "valid")):
        if is_for_exiftool(row.path) and (names is None or row.path.name in names):
            copy = folder / "photos" / f"{number:03}_{row.path.name}"
            shutil.copyfile(row.path, copy)
            originals[copy] = row.path
    with Workspace.open(folder / "home") as workspace:
        change_setting(workspace.library, "write.exiftool", exiftool)
        desk = Desk(workspace, folder / "photos")
        desk.scan()
        for copy in originals:
            desk.confirm(copy)
        yield Studio(desk, originals)


@pytest.fixture
def some(exiftool: str, photos_dir: Path, tmp_path: Path) -> Iterator[Studio]:
    yield from open_studio(exiftool, photos_dir, tmp_path, REPRESENTATIVE)


@pytest.fixture
def every(exiftool: str, photos_dir: Path, tmp_path: Path) -> Iterator[Studio]:
    yield from open_studio(exiftool, photos_dir, tmp_path, None)


@pytest.fixture
def one(exiftool: str, photos_dir: Path, tmp_path: Path) -> Iterator[Studio]:
    yield from open_studio(exiftool, photos_dir, tmp_path, {"xmp_exif_iptc_gray.heic"})


def test_files_are_written_read_by_all_and_taken_back(some: Studio, oracle: Exiftool) -> None:
    assert len(some.originals) == len(REPRESENTATIVE)
    check(some, oracle)


@pytest.mark.slow
def test_every_file_is_written_read_by_all_and_taken_back(every: Studio, oracle: Exiftool) -> None:
    assert len(every.originals) > 20
    check(every, oracle)


def check(studio: Studio, oracle: Exiftool) -> None:
    desk, folder = studio.desk, studio.desk.folder
    before = oracle.read(folder)

    result = desk.write()

    assert (result.written, result.failed) == (len(studio.originals), [])
    after = oracle.read(folder)
    sidecars = {path.name for path in folder.glob("*.xmp")}
    assert sidecars == {
        _sidecar_of(path).name for path in studio.originals if path not in studio.in_file
    }
    for path in studio.in_file:
        _check_tags(before[path.name], after[path.name], path.name)
        _check_picture(studio.originals[path], path)
        assert BRIDE in keywords(path), path
    assert desk.scan().stored == 0
    _check_taken_out(studio, oracle)

    for run in sorted((run.id for run in desk.workspace.library.write_runs()), reverse=True):
        desk.undo_run(run)
    assert {path: path.read_bytes() for path in folder.iterdir()} == {
        copy: original.read_bytes() for copy, original in studio.originals.items()
    }


def _check_taken_out(studio: Studio, oracle: Exiftool) -> None:
    for path in studio.originals:
        studio.desk.decide(path, Verdict.REJECTED)
    assert studio.desk.write().failed == []
    after = oracle.read(studio.desk.folder)
    for path in studio.in_file:
        assert "Bride" not in as_list(after[path.name].get("XMP-dc:Subject")), path.name
        assert keywords(path) == studio.held[path], path.name


def _sidecar_of(path: Path) -> Path:
    return path.with_suffix(".xmp") if path.suffix == ".dng" else path.with_name(path.name + ".xmp")


def _check_tags(old: Tags, new: Tags, name: str) -> None:
    changed = {tag for tag in old.keys() | new.keys() if old.get(tag) != new.get(tag)}
    foreign = {tag for tag in changed if not tag.startswith("System:")} - set(EXPECTED)
    assert {tag for tag in foreign if not tag.endswith(MOVED)} == set(), name
    assert "Bride" in as_list(new["XMP-dc:Subject"]), name
    assert BRIDE in as_list(new["XMP-lr:HierarchicalSubject"]), name
    if "IPTC:Keywords" in new:
        assert "Bride" in as_list(new["IPTC:Keywords"]), name
        was_true = old.get("Photoshop:IPTCDigest") == old.get("File:CurrentIPTCDigest")
        is_true = new.get("Photoshop:IPTCDigest") == new.get("File:CurrentIPTCDigest")
        assert is_true == was_true, name


def _check_picture(original: Path, written: Path) -> None:
    files = [open_photo(path.read_bytes()) for path in (original, written)]
    assert files[0].hash_image() == files[1].hash_image(), written
    if original.name in WITHOUT_PICTURE:
        return
    try:
        expected = np.asarray(decode_photo(original))
    except UnreadablePhotoError:
        return
    assert np.array_equal(expected, np.asarray(decode_photo(written))), written


def test_what_is_known_of_a_picture_stays_known_when_its_file_is_written_and_taken_back(
    one: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of these formats the content id is a hash of the whole file, which every write changes."""
    desk, library, (photo,) = one.desk, one.desk.workspace.library, one.originals
    folders, row = [folder.id for folder in library.folders()], desk.row(photo)
    tags = {library.find_tag(name).id: 0.9 for name in CLASSES}
    library.store_scores(desk.model_id, [ScoredPhoto(row.id, tags, VECTOR)])
    ids = set()

    def look() -> None:
        desk.scan()
        ids.add(read_content_id(photo))
        assert library.count_untagged(folders) == 0
        assert library.load_features("b", [row.id]) == {row.id: VECTOR}
        assert {tag.name for tag in desk.row(photo).tags} == set(CLASSES)

    run = desk.write().run
    look()
    undone = desk.undo_run(run)
    look()
    desk.undo_run(undone.run)
    look()
    change_setting(library, "write.profile", "digikam-immich")
    assert agree(desk.workspace, photo) == (photo,)
    look()
    desk.decide(photo, Verdict.REJECTED)
    with monkeypatch.context() as patch:
        patch.setattr(type(library), "store_written", lambda *_: None)
        desk.write()
    look()
    assert len(ids) == 4


MIRRORS = ("-IFD0:XPKeywords=Ana;花束", "-IFD0:Rating=2", "-IFD0:RatingPercent=25")


@pytest.mark.parametrize(
    "name", ["xmp_exif_iptc_gray.heic", "rexiv2_mini.HEIC", "avif_exif_xmp.avif"]
)
def test_what_windows_keeps_in_the_exif_of_a_heif_is_read_and_kept_up(
    exiftool: str, oracle: Exiftool, photos_dir: Path, tmp_path: Path, name: str
) -> None:
    photo = tmp_path / name
    shutil.copyfile(photos_dir / "valid/heif" / name, photo)
    oracle(
        *MIRRORS, "-XMP-xmp:Rating=", "-XMP-microsoft:RatingPercent=", "-overwrite_original", photo
    )
    held = read_metadata(photo)
    assert {"Ana", "花束"} <= set(held.keywords)
    assert held.rating == 2
    before = oracle.read(photo)[name]
    change = KeywordChange(add=(("Wedding", "Bride"),), remove=(("Ana",),), rating=RatingChange(4))

    with ExiftoolInUse(exiftool) as tool:
        (edit,) = plan_edits(photo, change, now=NOW, exiftool=tool)
    edit.verify(edit.after)
    photo.write_bytes(edit.after)

    after = oracle.read(photo)[name]
    mirrors = {tag.split("=")[0].removeprefix("-") for tag in MIRRORS}
    changed = {tag for tag in before.keys() | after.keys() if before.get(tag) != after.get(tag)}
    foreign = {tag for tag in changed if not tag.startswith("System:")} - set(EXPECTED) - mirrors
    assert {tag for tag in foreign if not tag.endswith(MOVED)} <= {"XMP-xmp:Rating"}
    assert [after[tag] for tag in sorted(mirrors)] == [4, 75, "花束;Bride"]
    assert read_metadata(photo).rating == 4
    assert "Ana" not in read_metadata(photo).keywords
    with pytest.raises(MetadataRefusedError):
        replace(edit, rating=RatingChange()).verify(edit.after)


def test_without_exiftool_there_are_sidecars_and_one_sentence(
    desk: Desk,
    photos_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    photo = desk.folder / "a.tif"
    shutil.copyfile(photos_dir / "valid/tiff/lab.tif", photo)
    before = photo.read_bytes()
    desk.scan()
    desk.confirm(photo, "cake")
    monkeypatch.setenv("PATH", "")
    change_setting(desk.workspace.library, "write.exiftool", "on")

    result = desk.write()

    assert result.advice is not None
    assert result.advice.startswith("exiftool is not on this computer")
    assert photo.read_bytes() == before
    assert "Wedding|Cake" in keywords(photo)
    change_setting(desk.workspace.library, "write.exiftool", "off")
    assert desk.write().advice is None


@pytest.mark.slow
def test_no_bad_file_makes_exiftool_fail_or_hang(exiftool: str, photos_dir: Path) -> None:
    """Planning touches no file; what can't be written gets a sidecar or is one sentence."""
    rows = [row.path for row in read_manifest(photos_dir / "bad") if is_for_exiftool(row.path)]
    assert len(rows) > 60
    change = KeywordChange(add=(("Wedding", "Bride"),))
    with ExiftoolInUse(exiftool, time_limit_s=20) as tool:
        for path in rows:
            before, started = path.read_bytes(), time.monotonic()
            with suppress(PhotoError):
                for edit in plan_edits(path, change, now=NOW, exiftool=tool):
                    edit.verify(edit.after)
                    assert edit.reason is None or edit.reason.endswith("."), path
            assert time.monotonic() - started < 30, path
            assert path.read_bytes() == before
