"""Every real and every broken file of ../shared: read, planned, verified, taken back."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import PhotoError
from tagger.core.formats import format_of
from tagger.metadata import (
    CarrierEdit,
    KeywordChange,
    find_sidecars,
    keywords_after,
    plan_edits,
    read_metadata,
)
from tests.conftest import ManifestRow, read_manifest

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
ADDED = (("Wedding", "Bouquet"), ("Cake",), ("Événement", "花|束"))
CHANGE = KeywordChange(add=ADDED)
MISSED_BY_DESIGN = {"kw_dual_out_of_sync_mwg.jpg"}
"""XMP and IPTC disagree without a digest: XMP has the word."""


def rows(photos_dir: Path, folder: str) -> list[ManifestRow]:
    return read_manifest(photos_dir / folder)


def is_photo(row: ManifestRow) -> bool:
    return format_of(row.path) is not None


def plan_or_refuse(row: ManifestRow, *, may_refuse: bool) -> tuple[CarrierEdit, ...]:
    try:
        edits = plan_edits(row.path, CHANGE, now=NOW)
    except PhotoError:
        if not may_refuse:
            raise
        return ()
    assert edits, row.path
    return edits


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


@pytest.mark.parametrize("folder", ["valid", "bad"])
def test_no_file_makes_reading_fail_or_slow(photos_dir: Path, folder: str) -> None:
    for row in rows(photos_dir, folder):
        started = time.perf_counter()
        read_metadata(row.path, sidecars=find_sidecars(row.path))
        assert time.perf_counter() - started < 2, row.path


@pytest.mark.parametrize("folder", ["valid", "bad"])
def test_every_plan_is_sound_or_refused(photos_dir: Path, folder: str) -> None:
    for row in filter(is_photo, rows(photos_dir, folder)):
        before = read_metadata(row.path, sidecars=find_sidecars(row.path))
        started = time.perf_counter()
        edits = plan_or_refuse(row, may_refuse=folder == "bad")
        for edit in edits:
            edit.verify(edit.after)
        if edits:
            after = keywords_after(row.path, edits)
            assert {*before.keywords, "Bouquet", "Cake", "花/束"} <= set(after.keywords), row.path
            assert ("Wedding", "Bouquet") in after.paths, row.path
            assert (after.rating, after.label) == (before.rating, before.label), row.path
        assert time.perf_counter() - started < 2, row.path


def test_what_was_added_can_be_taken_back(photos_dir: Path, tmp_path: Path) -> None:
    for number, row in enumerate(filter(is_photo, rows(photos_dir, "valid"))):
        photo = tmp_path / str(number) / row.path.name
        photo.parent.mkdir()
        photo.write_bytes(row.path.read_bytes())
        before = read_metadata(photo)
        for change in (CHANGE, KeywordChange(remove=ADDED)):
            for edit in plan_edits(photo, change, now=NOW):
                edit.verify(edit.after)
                edit.path.write_bytes(edit.after)
        after = read_metadata(photo, sidecars=find_sidecars(photo))
        assert set(after.keywords) == set(before.keywords), row.path
        assert set(after.paths) == set(before.paths), row.path


def test_most_photos_that_hold_keywords_need_no_sidecar(photos_dir: Path) -> None:
    refused = {
        row.path.name
        for row in filter(is_photo, rows(photos_dir, "valid"))
        for edit in plan_edits(row.path, CHANGE, now=NOW)
        if edit.reason
    }
    assert refused == {
        "edge_xmp_nearly_64k.jpg",  # no room
        "kw_empty_string.jpg",  # XMP under a wrong identifier
        "kw_iptc_mid_8bim.jpg",  # three IPTC blocks
        "kw_photos_people_hier.png",  # old closing tags behind the packet
        "mn_canon_makernote_variant_1.jpg",  # no picture at all
        "mn_fuji_makernote_variant_1.jpg",
    }
