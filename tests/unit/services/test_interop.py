"""Whether programs agree, and that they do after the one write that is offered."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import PhotoError
from tagger.core.formats import format_of
from tagger.metadata import PROFILES, plan_agreement
from tagger.services.interop import explain_interop
from tests.conftest import read_manifest
from tests.packets import (
    array,
    dataset,
    packet,
    photoshop_segment,
    resource,
    save_jpeg_with,
    xmp_segment,
)
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def agree(photo: Path, profile: str = "lightroom") -> None:
    for edit in plan_agreement(photo, now=NOW, profile=PROFILES[profile]):
        edit.verify(edit.after)
        edit.path.write_bytes(edit.after)


def test_every_place_is_named_with_what_stands_there(tmp_path: Path) -> None:
    content = packet(array("dc:subject", ["Cake"]), attributes='xmp:Rating="4" xmp:Label="Red"')
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(content))

    places = {one.place: one.values for one in explain_interop(photo).carriers}

    assert places == {"dc:subject": ("Cake",), "xmp:Rating": ("4",), "xmp:Label": ("Red",)}


@pytest.mark.parametrize(
    ("name", "who", "says_how"),
    [
        ("a.heic", "Lightroom Classic, Bridge, Capture One, Photo Mechanic and Apple Photos", True),
        ("a.cr3", "Lightroom Classic, Bridge, Capture One, Photo Mechanic and Apple Photos", False),
        ("a.jpg", "", False),
    ],
)
def test_a_sidecar_that_some_do_not_read_is_named(
    tmp_path: Path, name: str, who: str, says_how: bool
) -> None:
    photo = save_jpeg(tmp_path / "a.jpg").rename(tmp_path / name)  # no matter what is in it
    sidecar = tmp_path / f"{name}.xmp"
    sidecar.write_bytes(packet(array("dc:subject", ["Cake"])))

    report = explain_interop(photo)

    assert report.disagreements != ()
    advice = report.advice or ""
    assert advice.startswith(f"{who} read nothing of {sidecar.name}." if who else "")
    assert ("write.exiftool on" in advice) is says_how
    assert bool(advice) is bool(who)
    sidecar.unlink()
    assert explain_interop(photo).advice is None


def test_differences_are_sentences(tmp_path: Path) -> None:
    content = packet(
        array("dc:subject", ["Cake", "Ana"]),
        array("lr:hierarchicalSubject", ["Wedding|Cake"]),
        attributes='xmp:Rating="4" MicrosoftPhoto:Rating="25"',
    )
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(content))

    assert explain_interop(photo).disagreements == (
        "“Ana” is not shown by digiKam, darktable and Immich.",
        (
            "The stars differ: 4 stars in Lightroom Classic, Bridge, Capture One, Photo Mechanic, "
            "digiKam, darktable and Immich; 2 stars in Windows Explorer."
        ),
    )


@pytest.mark.parametrize("digest", ["true", "false", "absent"])
@pytest.mark.parametrize("profile", [name for name, one in PROFILES.items() if one.is_in_file])
def test_all_agree_whatever_the_digest_says(tmp_path: Path, digest: str, profile: str) -> None:
    iptc = dataset(2, 25, b"Agency")
    recorded = hashlib.md5(iptc if digest == "true" else b"other").digest()
    resources = [resource(0x0404, iptc)]
    resources += [] if digest == "absent" else [resource(0x0425, recorded)]
    subject = packet(array("dc:subject", ["Cake"]))
    photo = save_jpeg_with(tmp_path / "a.jpg", photoshop_segment(*resources), xmp_segment(subject))
    assert explain_interop(photo).disagreements

    agree(photo, profile)

    report = explain_interop(photo)
    assert report.disagreements == ()
    assert {name for view in report.programs for name in view.keywords} == {"Agency", "Cake"}


def test_a_photo_without_metadata_is_no_disagreement(tmp_path: Path) -> None:
    assert explain_interop(save_jpeg(tmp_path / "a.jpg")).disagreements == ()


def test_every_real_photo_that_holds_keywords_can_be_made_to_agree(
    photos_dir: Path, tmp_path: Path
) -> None:
    stubborn = set()
    for number, row in enumerate(read_manifest(photos_dir / "valid")):
        fmt = format_of(row.path)
        if fmt is None or not fmt.holds_keywords:
            continue
        photo = tmp_path / f"{number}{row.path.suffix}"
        photo.write_bytes(row.path.read_bytes())
        try:
            agree(photo)
        except PhotoError:
            stubborn.add(row.path.name)
            continue
        if explain_interop(photo).disagreements:
            stubborn.add(row.path.name)
    assert stubborn == {"edge_xmp_nearly_64k.jpg"}  # no room for more
