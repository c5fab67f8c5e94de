"""The same keywords as exiftool's MWG module, for every combination of carriers.

Three differences are on purpose. An empty `dc:subject` beside IPTC keywords does not hide them
from us, for some programs leave one behind. Keywords that only Windows' Exif tag holds count for
us as they do for Explorer, and the MWG guidelines do not know it. A hierarchical keyword counts
with its last name, which programs that write hierarchies put into `dc:subject` as well.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from typing import TYPE_CHECKING

import pytest

from tagger.metadata import PROFILES, KeywordChange, find_sidecars, plan_edits, read_metadata
from tagger.metadata.keyword_paths import cut_for_iptc
from tests.packets import (
    array,
    dataset,
    exif_block,
    exif_segment,
    packet,
    photoshop_segment,
    resource,
    save_jpeg_with,
    xmp_segment,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exiftool import Exiftool

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
LONG = "Empfangshalle mit sehr vielen Blumen und noch mehr Kerzen überall im Raum"
UTF8 = dataset(1, 90, b"\x1b%G")
MWG = ("-use", "MWG", "-MWG:Keywords")


@dataclass(frozen=True)
class Combination:
    """What stands in the carriers of one photo; None: the carrier is absent.

    Attributes:
        digest: `true`, `false` or `absent`.
    """

    subject: tuple[str, ...] | None
    iptc: tuple[str, ...] | None
    digest: str
    windows: str | None

    def save(self, path: Path) -> Path:
        segments = []
        if self.windows is not None:
            segments.append(exif_segment(exif_block(self.windows)))
        if self.iptc is not None:
            block = UTF8 + b"".join(
                dataset(2, 25, cut_for_iptc(keyword).encode()) for keyword in self.iptc
            )
            digest = hashlib.md5(block if self.digest == "true" else b"other").digest()
            resources = [resource(0x0404, block)]
            resources += [] if self.digest == "absent" else [resource(0x0425, digest)]
            segments.append(photoshop_segment(*resources))
        if self.subject is not None:
            segments.append(xmp_segment(packet(array("dc:subject", self.subject))))
        return save_jpeg_with(path, *segments)

    @property
    def windows_keywords(self) -> set[str]:
        return set(self.windows.split(";")) if self.windows else set()

    @property
    def has_empty_subject(self) -> bool:
        return self.subject == ()


SUBJECTS = (None, (), ("Ana", "Café"), ("Ana", "花束", LONG))
IPTCS = (None, ("Ana", "Café"), ("Luis",), ("花束", LONG))
_CARRIERS = [
    (subject, iptc, digest)
    for subject, iptc, digest in product(SUBJECTS, IPTCS, ("true", "false", "absent"))
    if iptc is not None or digest == "absent"
]
_WINDOWS = (None, "Ana;Windows", "花束")
SOME = [
    Combination(*carriers, "Ana;Windows" if number % 3 == 0 else None)
    for number, carriers in enumerate(_CARRIERS)
]
ALL = [Combination(*carriers, windows) for carriers, windows in product(_CARRIERS, _WINDOWS)]
either = pytest.mark.parametrize(
    "combinations", [SOME, pytest.param(ALL, marks=pytest.mark.slow)], ids=["some", "all"]
)
ADDED = (("Dance",), ("Ana",))


def as_set(value: object) -> set[str]:
    """Keywords; one of which IPTC holds only the beginning in its long form."""
    texts = value if isinstance(value, list) else [] if value is None else [value]
    return {LONG if text == cut_for_iptc(LONG) else str(text) for text in texts if text != ""}


def read_mwg(oracle: Exiftool, folder: Path) -> dict[str, set[str]]:
    """What exiftool says of each file, by the MWG rules."""
    rows = oracle.read(folder, options=MWG)
    return {name: as_set(row.get("MWG:Keywords")) for name, row in rows.items()}


def read_ours(folder: Path) -> dict[str, set[str]]:
    return {path.name: as_set(list(read_metadata(path).keywords)) for path in folder.glob("*.jpg")}


def save_all(folder: Path, combinations: list[Combination]) -> dict[str, Combination]:
    folder.mkdir()
    named = {f"{number:03}.jpg": one for number, one in enumerate(combinations)}
    for name, one in named.items():
        one.save(folder / name)
    return named


def write_ours(folder: Path, change: KeywordChange, profile: str = "lightroom") -> None:
    for path in sorted(folder.glob("*.jpg")):
        for edit in plan_edits(path, change, now=NOW, profile=PROFILES[profile]):
            edit.verify(edit.after)
            edit.path.write_bytes(edit.after)


@either
def test_the_same_keywords_are_read_before_and_after_writing(
    oracle: Exiftool, tmp_path: Path, combinations: list[Combination]
) -> None:
    named = save_all(tmp_path / "a", combinations)
    before = read_mwg(oracle, tmp_path / "a")
    ours = read_ours(tmp_path / "a")
    for name, one in named.items():
        if one.has_empty_subject:
            before[name] = as_set(list(one.iptc or ()))
        assert ours[name] == before[name] | one.windows_keywords, one

    write_ours(tmp_path / "a", KeywordChange(add=ADDED))

    after = read_mwg(oracle, tmp_path / "a")
    ours = read_ours(tmp_path / "a")
    for name, one in named.items():
        wanted = before[name] | one.windows_keywords | {"Ana", "Dance"}
        assert ours[name] == wanted, one
        assert after[name] <= wanted, one
        # IPTC gets what it lacks of the added keywords, not what Windows alone holds.
        assert after[name] | one.windows_keywords == wanted, one


@either
def test_exiftool_adds_the_same_keyword(
    oracle: Exiftool, tmp_path: Path, combinations: list[Combination]
) -> None:
    """exiftool adds to each carrier alone: where they differed, or XMP was absent, it loses what
    we keep."""
    named, _ = (save_all(tmp_path / side, combinations) for side in ("ours", "theirs"))
    write_ours(tmp_path / "ours", KeywordChange(add=(("Dance",),)))
    oracle("-use", "MWG", "-MWG:Keywords+=Dance", "-overwrite_original", tmp_path / "theirs")
    ours, theirs = (read_mwg(oracle, tmp_path / side) for side in ("ours", "theirs"))

    for name, one in named.items():
        assert "Dance" in ours[name] & theirs[name], one
        assert theirs[name] <= ours[name], one
        if one.subject and set(one.iptc or one.subject) == set(one.subject):
            assert ours[name] - one.windows_keywords <= theirs[name], one


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["agency", "windows", "digikam-immich"])
def test_profiles_are_read_the_same(oracle: Exiftool, tmp_path: Path, profile: str) -> None:
    named = save_all(tmp_path / "a", ALL)
    write_ours(tmp_path / "a", KeywordChange(add=ADDED), profile)
    theirs, ours = read_mwg(oracle, tmp_path / "a"), read_ours(tmp_path / "a")

    for name, one in named.items():
        assert theirs[name] <= ours[name], one
        assert ours[name] - theirs[name] <= one.windows_keywords, one
        assert {"Ana", "Dance"} <= theirs[name], one


def test_the_digest_is_as_the_rules_want_it(oracle: Exiftool, tmp_path: Path) -> None:
    named = save_all(tmp_path / "a", SOME)
    write_ours(tmp_path / "a", KeywordChange(add=ADDED))
    rows = oracle.read(tmp_path / "a", options=("-IPTCDigest", "-CurrentIPTCDigest"))

    for name, one in named.items():
        recorded = rows[name].get("Photoshop:IPTCDigest")
        is_true = recorded == rows[name].get("File:CurrentIPTCDigest")
        assert is_true == (one.iptc is None or one.digest != "false"), one


def test_removed_keywords_are_gone_for_exiftool_too(oracle: Exiftool, tmp_path: Path) -> None:
    named = save_all(tmp_path / "a", SOME)
    write_ours(tmp_path / "a", KeywordChange(remove=(("Ana",), (LONG,), ("Windows",))))
    theirs, ours = read_mwg(oracle, tmp_path / "a"), read_ours(tmp_path / "a")

    for name, one in named.items():
        assert not theirs[name] & {"Ana", LONG, "Windows"}, one
        assert theirs[name] <= ours[name], one
        assert theirs[name] == ours[name] or one.has_empty_subject, one


@pytest.mark.parametrize("form", ["a.xmp", "a.CR3.xmp"])
@pytest.mark.parametrize("subject", [None, ("Ana", "Café"), ("花束", LONG)])
def test_sidecars_are_read_the_same(
    oracle: Exiftool, tmp_path: Path, form: str, subject: tuple[str, ...] | None
) -> None:
    photo = tmp_path / "a.CR3"
    photo.write_bytes(b"II*\x00" + bytes(12))
    if subject is not None:
        (tmp_path / form).write_bytes(packet(array("dc:subject", subject)))
    for edit in plan_edits(photo, KeywordChange(add=ADDED), now=NOW):
        edit.path.write_bytes(edit.after)

    (sidecar,) = find_sidecars(photo)
    theirs = as_set(
        oracle.read(sidecar, options=("-XMP-dc:Subject",))[sidecar.name]["XMP-dc:Subject"]
    )
    assert theirs == set(read_metadata(photo, sidecars=[sidecar]).keywords)
    assert theirs == {*(subject or ()), "Ana", "Dance"}
