"""What exiftool sees before and after keywords were added: nothing else may have changed."""

from __future__ import annotations

import hashlib
import json
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tagger.core.formats import format_of
from tagger.metadata import KeywordChange, plan_edits, read_metadata
from tests.conftest import read_manifest

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
ADDED = (("Wedding", "Bouquet"), ("Cake",), ("Événement", "花束"))
REPRESENTATIVE = {
    "kw_lightroom6_hier_faces.jpg",
    "kw_immich_faces_hier.jpg",
    "kw_picasa_iptc_only.jpg",
    "kw_xp_only_windows.jpg",
    "kw_iptc_latin1.jpg",
    "kw_german_umlaut_iptc.jpg",
    "kw_dual_out_of_sync_mwg.jpg",
    "tech_extended_xmp_depthmap.jpg",
    "tech_ultrahdr_pixel.jpg",
    "tech_mpo_iphone.mpo",
    "tech_noexif_nojfif.jpg",
    "cam_canon_a720is.jpg",
    "edge_com_and_unknown_app.jpg",
    "kw_bluesquare.png",
    "apng.png",
    "kw_sunrise_lr.webp",
    "photo_vp8.webp",
    "alpha_lossless_vp8l.webp",
}
EXPECTED = (
    "XMP-dc:Subject",
    "XMP-lr:HierarchicalSubject",
    "XMP-digiKam:TagsList",
    "XMP-microsoft:LastKeywordXMP",
    "XMP-mediapro:CatalogSets",
    "XMP-acdsee:Categories",
    "XMP-xmp:MetadataDate",
    "XMP-x:XMPToolkit",
    "IPTC:Keywords",
    "IPTC:CodedCharacterSet",
    "IFD0:XPKeywords",
    "Photoshop:IPTCDigest",
    "File:CurrentIPTCDigest",
    "File:FileType",  # WebP becomes "Extended WEBP"
    "IFD1:ThumbnailOffset",  # counted from the start of the file
    "RIFF:WebP_Flags",
    "MPImage1:MPImageLength",
    "MPImage2:MPImageStart",
    "MPImage3:MPImageStart",
)
POSITIONS = {"RIFF:ImageWidth", "RIFF:ImageHeight"}
"""In a new VP8X header as well; compared by decoding."""


@dataclass(frozen=True)
class Pair:
    """A photo before and after."""

    name: str
    before: Path
    after: Path


def run_exiftool(exiftool: str, folder: Path, *options: str) -> dict[str, dict[str, Any]]:
    """All tags of all files of a folder, `G1:Tag` to value, in one process."""
    command = [exiftool, "-j", "-G1", "-struct", "-a", "-all:all", *options, "."]
    answer = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=240)
    return {Path(row["SourceFile"]).name: row for row in json.loads(answer.stdout)}


def make_pairs(photos_dir: Path, folder: Path, names: set[str] | None) -> list[Pair]:
    """Add the keywords to copies of the valid files; `a` holds the old, `b` the new bytes."""
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    pairs = []
    for number, row in enumerate(read_manifest(photos_dir / "valid")):
        fmt = format_of(row.path)
        wanted = names is None or row.path.name in names
        if fmt is None or not fmt.holds_keywords or not wanted:
            continue
        edits = plan_edits(row.path, KeywordChange(add=ADDED), now=NOW)
        if edits[0].path == row.path:
            name = f"{number:03}{row.path.suffix}"
            pair = Pair(row.path.name, folder / "a" / name, folder / "b" / name)
            edits[0].verify(edits[0].after)
            pair.before.write_bytes(edits[0].before or b"")
            pair.after.write_bytes(edits[0].after)
            pairs.append(pair)
    return pairs


@pytest.fixture(scope="module")
def some_pairs(photos_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    pairs = make_pairs(photos_dir, tmp_path_factory.mktemp("some"), REPRESENTATIVE)
    assert {pair.name for pair in pairs} == REPRESENTATIVE
    return pairs


@pytest.fixture(scope="module")
def all_pairs(photos_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Pair]:
    pairs = make_pairs(photos_dir, tmp_path_factory.mktemp("all"), None)
    assert len(pairs) > 75
    return pairs


def check_tags(exiftool: str, pairs: list[Pair]) -> None:
    """Only the expected fields differ, and the keywords are where other programs look."""
    folder = pairs[0].before.parent.parent
    before = run_exiftool(exiftool, folder / "a")
    after = run_exiftool(exiftool, folder / "b")
    for pair in pairs:
        old, new = before[pair.before.name], after[pair.after.name]
        changed = {tag for tag in old.keys() | new.keys() if old.get(tag) != new.get(tag)}
        foreign = {tag for tag in changed if not tag.startswith("System:")} - set(EXPECTED)
        assert foreign - POSITIONS == set(), pair.name
        subject = new["XMP-dc:Subject"]
        assert {"Bouquet", "Cake", "花束"} <= set(subject), pair.name
        assert set(as_list(old.get("XMP-dc:Subject"))) <= set(subject), pair.name
        paths = set(new["XMP-lr:HierarchicalSubject"])
        assert {"Wedding|Bouquet", "Cake", "Événement|花束"} <= paths, pair.name
        assert new["XMP-xmp:MetadataDate"] == "2026:07:01 12:00:00+00:00", pair.name
        if "IPTC:Keywords" in new:
            assert {"Bouquet", "Cake", "花束"} <= set(new["IPTC:Keywords"]), pair.name
            check_digest(old, new, pair.name)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def check_digest(old: dict[str, Any], new: dict[str, Any], name: str) -> None:
    """True where it was true or absent, and still untrue where it was untrue."""
    recorded = old.get("Photoshop:IPTCDigest")
    was_untrue = recorded is not None and recorded != old["File:CurrentIPTCDigest"]
    is_true = new["Photoshop:IPTCDigest"] == new["File:CurrentIPTCDigest"]
    assert is_true != was_untrue, name


def check_pictures(pairs: list[Pair]) -> None:
    """Pillow decodes the same pixels."""
    for pair in pairs:
        digests = []
        for path in (pair.before, pair.after):
            try:
                with Image.open(path) as image:
                    digests.append(hashlib.sha256(image.tobytes()).hexdigest())
            except OSError:  # lossless JPEG, which Pillow does not decode
                digests.append("")
        assert digests[0] == digests[1], pair.name


def count_warnings(exiftool: str, folder: Path) -> dict[str, int]:
    rows = run_exiftool(exiftool, folder, "-validate", "-warning", "-error")
    return {
        name: sum(1 for tag in row if tag.startswith("ExifTool:") and "Version" not in tag)
        for name, row in rows.items()
    }


def extract(exiftool: str, path: Path, tag: str) -> bytes:
    command = [exiftool, "-b", f"-{tag}", str(path)]
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout


def test_nothing_but_keywords_changes(exiftool: str, some_pairs: list[Pair]) -> None:
    check_tags(exiftool, some_pairs)


@pytest.mark.slow
def test_nothing_but_keywords_changes_in_any_file(exiftool: str, all_pairs: list[Pair]) -> None:
    check_tags(exiftool, all_pairs)


def test_pictures_are_the_same(some_pairs: list[Pair]) -> None:
    check_pictures([pair for pair in some_pairs if pair.before.stat().st_size < 1 << 20])


@pytest.mark.slow
def test_pictures_are_the_same_in_every_file(all_pairs: list[Pair]) -> None:
    check_pictures(all_pairs)


@pytest.mark.slow
def test_no_file_gets_more_warnings(exiftool: str, all_pairs: list[Pair]) -> None:
    folder = all_pairs[0].before.parent.parent
    before = count_warnings(exiftool, folder / "a")
    after = count_warnings(exiftool, folder / "b")
    assert {name: n for name, n in after.items() if n > before[name]} == {}


def test_second_images_are_still_found(exiftool: str, some_pairs: list[Pair]) -> None:
    for name in ("tech_ultrahdr_pixel.jpg", "tech_mpo_iphone.mpo"):
        pair = next(one for one in some_pairs if one.name == name)
        images = [extract(exiftool, path, "MPImage2") for path in (pair.before, pair.after)]
        assert images[0] == images[1]
        assert images[0].startswith(b"\xff\xd8")


@pytest.mark.slow
def test_previews_and_thumbnails_are_still_found(exiftool: str, all_pairs: list[Pair]) -> None:
    tags = (
        "PreviewImage",
        "ThumbnailImage",
        "JpgFromRaw",
        "OtherImage",
        "GainMapImage",
        "MPImage2",
    )
    options = ["-b", *(f"-{tag}" for tag in tags)]
    folder = all_pairs[0].before.parent.parent
    answers = [
        subprocess.run(
            [exiftool, "-j", "-G1", *options, "."],
            cwd=folder / side,
            capture_output=True,
            check=False,
            timeout=240,
        ).stdout
        for side in "ab"
    ]
    assert json.loads(answers[0]) == json.loads(answers[1])


def test_extended_xmp_is_still_whole(exiftool: str, some_pairs: list[Pair]) -> None:
    pair = next(one for one in some_pairs if one.name == "tech_extended_xmp_depthmap.jpg")
    tags = [run_exiftool(exiftool, path.parent)[path.name] for path in (pair.before, pair.after)]
    extended = [{k: v for k, v in row.items() if k.startswith("XMP-GDepth")} for row in tags]
    assert extended[0]
    assert extended[0] == extended[1]
    assert tags[0]["XMP-xmpNote:HasExtendedXMP"] == tags[1]["XMP-xmpNote:HasExtendedXMP"]


def test_what_exiftool_writes_is_read_back(exiftool: str, tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    Image.new("RGB", (16, 16)).save(photo)
    options = [
        "-MWG:Keywords=Ana",
        "-XPKeywords=Luis;Café",
        "-XMP-lr:HierarchicalSubject=Wedding|Dance",
        "-XMP:Rating=4",
        "-XMP:Label=Gelb",
    ]
    command = [exiftool, "-q", "-use", "MWG", *options, "-overwrite_original", str(photo)]
    subprocess.run(command, check=True, timeout=60)
    held = read_metadata(photo)
    assert set(held.keywords) == {"Ana", "Luis", "Café", "Dance"}
    assert held.paths == (("Wedding", "Dance"),)
    assert (held.rating, held.label, held.problems) == (4, "Gelb", ())


def test_exiftool_agrees_on_a_new_sidecar(exiftool: str, tmp_path: Path) -> None:
    photo = tmp_path / "a.CR2"
    photo.write_bytes(b"II*\x00" + bytes(12))
    (edit,) = plan_edits(photo, KeywordChange(add=ADDED), now=NOW)
    edit.path.write_bytes(edit.after)
    row = run_exiftool(exiftool, tmp_path)[edit.path.name]
    assert row["XMP-dc:Subject"] == ["Bouquet", "Cake", "花束"]
    assert row["XMP-photoshop:SidecarForExtension"] == "CR2"
    assert "ExifTool:Warning" not in row
