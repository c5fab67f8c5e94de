"""Every real file: written with all that any profile writes, read by exiftool, and taken back."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tagger.core.errors import PhotoError
from tagger.core.formats import format_of
from tagger.core.rating import RatingChange, normal_rating
from tagger.images import read_content_id
from tagger.metadata import (
    KeywordChange,
    find_sidecars,
    plan_agreement,
    plan_edits,
    read_metadata,
)
from tagger.metadata.profiles import Extra, Profile
from tagger.services.interop import explain_interop
from tests.conftest import read_manifest
from tests.contract.test_metadata_exiftool import EXPECTED, POSITIONS, REPRESENTATIVE, as_list

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.metadata import FileMetadata
    from tests.exiftool import Exiftool, Tags

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
EVERYTHING = Profile("everything", "All at once, for tests.", frozenset(Extra))
ADDED = (("Wedding", "Bouquet"), ("Cake",), ("Événement", "花束"))
LEAVES = {"Bouquet", "Cake", "花束"}
WRITE = KeywordChange(add=ADDED, rating=RatingChange(4, "Gelb"))
OURS = {
    *EXPECTED,
    "XMP-xmp:Rating",
    "XMP-xmp:Label",
    "XMP-microsoft:RatingPercent",
    "IFD0:Rating",
    "IFD0:RatingPercent",
    "IPTC:EnvelopeRecordVersion",
    "IPTC:ApplicationRecordVersion",
    "File:ExifByteOrder",  # where there was no Exif
}
"""What exiftool may show differently after writing."""
LEFT_BEHIND = {
    "XMP-x:XMPToolkit",
    "XMP-xmp:MetadataDate",
    "XMP-xmp:Rating",
    "XMP-microsoft:RatingPercent",
    "IFD0:XPKeywords",  # its tag, with an empty text
    "IPTC:EnvelopeRecordVersion",
    "IPTC:ApplicationRecordVersion",
    "IPTC:CodedCharacterSet",
    "Photoshop:IPTCDigest",
    "File:CurrentIPTCDigest",
    "File:ExifByteOrder",
    "File:FileType",
    "RIFF:WebP_Flags",
    "IFD1:ThumbnailOffset",
    "MPImage1:MPImageLength",
    "MPImage2:MPImageStart",
    "MPImage3:MPImageStart",
}
"""What stays when all was taken back: places without keywords in them, and what moved."""
WINDOWS_NAMESPACE = "[minor] Fixed incorrect URI for xmlns:MicrosoftPhoto"
"""exiftool leaves out the slash at the end, which Windows and exiv2 write."""
KEYWORD_LISTS = {
    "XMP-dc:Subject",
    "XMP-lr:HierarchicalSubject",
    "XMP-digiKam:TagsList",
    "XMP-microsoft:LastKeywordXMP",
    "XMP-mediapro:CatalogSets",
    "XMP-acdsee:Categories",
    "IPTC:Keywords",
}


@dataclass(frozen=True)
class Journey:
    """One photo in three states: as it was, written, and taken back; each in a folder."""

    name: str
    before: Path
    written: Path
    back: Path
    held: FileMetadata


def travel(photos_dir: Path, folder: Path, names: set[str] | None) -> list[Journey]:
    for state in ("before", "written", "back"):
        (folder / state).mkdir()
    rows = [row for row in read_manifest(photos_dir / "valid") if format_of(row.path) is not None]
    wanted = [row for row in rows if names is None or row.path.name in names]
    return [
        _travel_one(folder, f"{number:03}{row.path.suffix}", row.path)
        for number, row in enumerate(wanted)
    ]


def _travel_one(folder: Path, name: str, source: Path) -> Journey:
    journey = Journey(
        source.name,
        folder / "before" / name,
        folder / "written" / name,
        folder / "back" / name,
        read_metadata(source),
    )
    for path in (journey.before, journey.written):
        path.write_bytes(source.read_bytes())
    _write(journey.written, WRITE)
    journey.back.write_bytes(journey.written.read_bytes())
    for sidecar in find_sidecars(journey.written):
        (journey.back.parent / sidecar.name).write_bytes(sidecar.read_bytes())
    old = normal_rating(journey.held.rating, journey.held.label)
    new = tuple(path for path in ADDED if not _was_held(path, journey.held))
    _write(journey.back, KeywordChange(remove=new, rating=old))
    return journey


def _was_held(path: tuple[str, ...], held: FileMetadata) -> bool:
    return path in held.paths or path[-1] in held.keywords


def _write(photo: Path, change: KeywordChange) -> None:
    for edit in plan_edits(photo, change, now=NOW, profile=EVERYTHING):
        edit.verify(edit.after)
        assert edit.path == photo or edit.path.suffix == ".xmp"
        edit.path.write_bytes(edit.after)


@pytest.fixture(scope="module")
def some(photos_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Journey]:
    return travel(photos_dir, tmp_path_factory.mktemp("some"), REPRESENTATIVE)


@pytest.fixture(scope="module")
def every(photos_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Journey]:
    journeys = travel(photos_dir, tmp_path_factory.mktemp("every"), None)
    assert len(journeys) > 120
    return journeys


def compare(old: Tags, new: Tags) -> set[str]:
    """Tags that differ, the file system's left out."""
    if new.get("ExifTool:Warning") == WINDOWS_NAMESPACE:  # only the first warning is shown
        old = old | {"ExifTool:Warning": WINDOWS_NAMESPACE}
    changed = {tag for tag in old.keys() | new.keys() if old.get(tag) != new.get(tag)}
    return {tag for tag in changed if not tag.startswith(("System:", "SourceFile"))} - POSITIONS


def check(oracle: Exiftool, journeys: list[Journey]) -> None:
    folder = journeys[0].before.parent.parent
    before, written, back = (oracle.read(folder / state) for state in ("before", "written", "back"))
    for one in journeys:
        name = one.before.name
        has_sidecar = bool(find_sidecars(one.written))
        if has_sidecar:
            assert one.written.read_bytes() == one.before.read_bytes(), one.name
        else:
            strange = compare(before[name], written[name]) - OURS
            assert not strange, (one.name, [(tag, written[name].get(tag)) for tag in strange])
            check_back(before[name], back[name], one.name)
        seen = written[find_sidecars(one.written)[0].name] if has_sidecar else written[name]
        check_written(seen, one.name)
        check_readers(one)


def check_written(seen: Tags, name: str) -> None:
    assert set(as_list(seen["XMP-dc:Subject"])) >= LEAVES, name
    paths = {"Wedding/Bouquet", "Cake", "Événement/花束"}
    assert set(as_list(seen["XMP-digiKam:TagsList"])) >= paths, name
    assert set(as_list(seen["XMP-microsoft:LastKeywordXMP"])) >= paths, name
    assert (seen["XMP-xmp:Rating"], seen["XMP-xmp:Label"]) == (4, "Gelb"), name
    assert seen["XMP-microsoft:RatingPercent"] == 75, name
    assert set(as_list(seen.get("IPTC:Keywords", sorted(LEAVES)))) >= LEAVES, name
    windows = seen.get("IFD0:XPKeywords")
    assert windows is None or set(windows.split(";")) >= LEAVES, name


def check_back(before: Tags, back: Tags, name: str) -> None:
    differing = compare(before, back) - LEFT_BEHIND
    # An urgency that happens to say the four stars that were written goes back with them.
    mirrors = {"IFD0:Rating", "IFD0:RatingPercent", "XMP-photoshop:Urgency"}
    assert differing <= KEYWORD_LISTS | mirrors, name
    for tag in differing & KEYWORD_LISTS:
        # A list that was filled up keeps what the photo held elsewhere.
        assert not LEAVES & _leaves(back.get(tag)) - _leaves(before.get(tag)), name
        assert _leaves(before.get(tag)) <= _leaves(back.get(tag)), name


def _leaves(value: Any) -> set[str]:
    return {str(text).replace("|", "/").split("/")[-1] for text in as_list(value)}


def check_readers(one: Journey) -> None:
    """Our own reader agrees, and the picture is the same bytes all the way."""
    written = read_metadata(one.written, sidecars=find_sidecars(one.written))
    back = read_metadata(one.back, sidecars=find_sidecars(one.back))
    assert set(written.keywords) >= LEAVES, one.name
    assert (written.rating, written.label) == (4, "Gelb"), one.name
    assert set(back.keywords) == set(one.held.keywords), one.name
    assert set(back.paths) == set(one.held.paths), one.name
    assert (back.rating or 0, back.label) == (one.held.rating or 0, one.held.label), one.name
    pictures = {read_content_id(path) for path in (one.before, one.written, one.back)}
    assert len(pictures) == 1, one.name


def test_nothing_but_our_fields_changes_there_and_back(
    oracle: Exiftool, some: list[Journey]
) -> None:
    check(oracle, some)


@pytest.mark.slow
def test_nothing_but_our_fields_changes_in_any_file(oracle: Exiftool, every: list[Journey]) -> None:
    check(oracle, every)


def refuse(path: Path) -> str | None:
    """Plan all that can be planned; the sentence where it is refused."""
    try:
        for edit in plan_edits(path, WRITE, now=NOW, profile=EVERYTHING):
            edit.verify(edit.after)
        for edit in plan_agreement(path, now=NOW, profile=EVERYTHING):
            edit.verify(edit.after)
    except PhotoError as error:
        return str(error)
    return None


@pytest.mark.parametrize("folder", ["valid", "bad"])
def test_no_file_makes_anything_fail_or_slow(photos_dir: Path, folder: str) -> None:
    """Planning touches no file; what can't be done is one sentence."""
    for row in read_manifest(photos_dir / folder):
        if format_of(row.path) is None:
            continue
        digest = hashlib.sha256(row.path.read_bytes()).digest()
        started = time.perf_counter()
        sentence = refuse(row.path)
        assert sentence is None or folder == "bad", row.path
        assert sentence is None or (sentence.endswith(".") and "\n" not in sentence), row.path
        report = explain_interop(row.path)
        assert all(sentence.endswith(".") for sentence in report.problems), row.path
        assert time.perf_counter() - started < 5, row.path
        assert hashlib.sha256(row.path.read_bytes()).digest() == digest, row.path
