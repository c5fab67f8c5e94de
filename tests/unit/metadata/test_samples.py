"""Every real and every broken file of ../shared: read, planned, verified, taken back."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from tagger.core.errors import PhotoError
from tagger.core.formats import format_of
from tagger.metadata import (
    FileMetadata,
    KeywordChange,
    find_sidecars,
    keywords_after,
    plan_edits,
    read_metadata,
)
from tests.conftest import ManifestRow, read_manifest
from tests.unit.metadata.carrying_out import NOW, carry_out

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ADDED = (("Wedding", "Bouquet"), ("Cake",), ("Événement", "花|束"))
CHANGE = KeywordChange(add=ADDED)
MISSED_BY_DESIGN = {"kw_dual_out_of_sync_mwg.jpg"}
"""XMP and IPTC disagree without a digest: XMP has the word."""


def rows(photos_dir: Path, folder: str) -> list[ManifestRow]:
    return read_manifest(photos_dir / folder)


def is_photo(row: ManifestRow) -> bool:
    return format_of(row.path) is not None


def test_keywords_of_valid_files(photos_dir: Path) -> None:
    for row in filter(is_photo, rows(photos_dir, "valid")):
        held = read_metadata(row.path)
        fields = ("subject",) if row.path.name in MISSED_BY_DESIGN else ("subject", "iptc", "xp")
        expected = [name for field in fields for name in row.expected.get(field, [])]
        paths = [tuple(path.split("|")) for path in row.expected.get("hier", []) if "|" in path]
        assert set(filter(None, expected)) <= set(held.keywords), row.path
        assert set(paths) <= set(held.paths), row.path


def test_sidecars_of_valid_files(photos_dir: Path, tmp_path: Path) -> None:
    photo = tmp_path / "a.nef"
    photo.write_bytes(b"")
    for row in rows(photos_dir, "valid"):
        if row.path.suffix.lower() == ".xmp":
            held = read_metadata(photo, sidecars=[row.path])
            assert set(row.expected.get("subject", [])) <= set(held.keywords), row.path
            assert not held.problems, row.path


REFUSED = {
    "edge_xmp_nearly_64k.jpg",  # no room
    "kw_empty_string.jpg",  # XMP under a wrong identifier
    "kw_iptc_mid_8bim.jpg",  # three IPTC blocks
    "kw_photos_people_hier.png",  # old closing tags behind the packet
    "mn_canon_makernote_variant_1.jpg",  # no picture at all
    "mn_fuji_makernote_variant_1.jpg",
}
"""JPEG, PNG and WebP that get a sidecar all the same."""


def test_keywords_go_into_every_valid_file_and_out_again(photos_dir: Path, tmp_path: Path) -> None:
    refused = set()
    for number, row in enumerate(rows(photos_dir, "valid")):
        before = read_quickly(row.path, find_sidecars(row.path))
        if not is_photo(row):
            continue
        started = time.perf_counter()
        photo = tmp_path / str(number) / row.path.name
        photo.parent.mkdir()
        for path in (row.path, *find_sidecars(row.path)):
            (photo.parent / path.name).write_bytes(path.read_bytes())

        edits = carry_out(photo, CHANGE)
        refused |= {row.path.name for edit in edits if edit.reason}
        after = read_metadata(photo, sidecars=find_sidecars(photo))
        assert edits, row.path
        check_added(before, after, row.path)
        carry_out(photo, KeywordChange(remove=ADDED))
        back = read_metadata(photo, sidecars=find_sidecars(photo))
        assert set(back.keywords) == set(before.keywords), row.path
        assert set(back.paths) == set(before.paths), row.path
        assert time.perf_counter() - started < 4, row.path
    assert refused == REFUSED


def test_no_bad_file_makes_reading_or_planning_fail_or_slow(photos_dir: Path) -> None:
    for row in rows(photos_dir, "bad"):
        before = read_quickly(row.path, find_sidecars(row.path))
        if not is_photo(row):
            continue
        started = time.perf_counter()
        with suppress(PhotoError):
            edits = plan_edits(row.path, CHANGE, now=NOW)
            for edit in edits:
                edit.verify(edit.after)
            check_added(before, keywords_after(row.path, edits), row.path)
        assert time.perf_counter() - started < 2, row.path


def read_quickly(path: Path, sidecars: Sequence[Path]) -> FileMetadata:
    started = time.perf_counter()
    held = read_metadata(path, sidecars=sidecars)
    assert time.perf_counter() - started < 2, path
    return held


def check_added(before: FileMetadata, after: FileMetadata, path: Path) -> None:
    assert {*before.keywords, "Bouquet", "Cake", "花/束"} <= set(after.keywords), path
    assert ("Wedding", "Bouquet") in after.paths, path
    assert (after.rating, after.label) == (before.rating, before.label), path
