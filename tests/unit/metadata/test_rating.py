"""Stars and labels: where they are written, and that nothing else changes with them."""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import MetadataRefusedError
from tagger.core.rating import RatingChange
from tagger.metadata import PROFILES, KeywordChange, find_sidecars, plan_edits, read_metadata
from tagger.metadata.carriers import open_photo
from tagger.metadata.iptc import URGENCY, parse_iptc
from tagger.metadata.photoshop import (
    DIGEST_ID,
    IPTC_ID,
    is_digest_true,
    make_digest,
    parse_resources,
)
from tagger.metadata.tiff import PERCENT_TAG, RATING_TAG, read_short
from tests.packets import (
    array,
    dataset,
    exif_segment,
    packet,
    photoshop_segment,
    resource,
    save_jpeg_with,
    xmp_segment,
)
from tests.pictures import make_picture, save_jpeg

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


def rate(
    path: Path, rating: int | None = None, label: str | None = None, profile: str = "lightroom"
) -> tuple[int | None, str | None]:
    """Plan, verify, write and read back."""
    change = KeywordChange(rating=RatingChange(rating, label))
    for edit in plan_edits(path, change, now=NOW, profile=PROFILES[profile]):
        edit.verify(edit.after)
        edit.path.write_bytes(edit.after)
    assert plan_edits(path, change, now=NOW, profile=PROFILES[profile]) == ()
    held = read_metadata(path, sidecars=find_sidecars(path))
    return held.rating, held.label


def xmp_of(path: Path) -> str:
    return open_photo(path.read_bytes()).blocks.packets[0].decode()


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
def test_stars_and_label_go_into_the_photo_and_no_keyword_with_them(
    tmp_path: Path, suffix: str
) -> None:
    photo = tmp_path / f"a{suffix}"
    make_picture().save(photo)

    assert rate(photo, 4, "Gelb") == (4, "Gelb")
    assert "subject" not in xmp_of(photo).lower()
    assert rate(photo, -1) == (-1, "Gelb")
    assert rate(photo, 0, "") == (0, None)
    assert sorted(tmp_path.iterdir()) == [photo]


def test_a_raw_gets_them_in_its_sidecar(tmp_path: Path) -> None:
    photo = tmp_path / "a.CR3"
    photo.write_bytes(b"II*\x00" + bytes(12))

    assert rate(photo, 5, "Red") == (5, "Red")
    assert (tmp_path / "a.xmp").exists()
    assert rate(photo, 1) == (1, "Red")


def test_a_silent_sidecar_keeps_silent_about_keywords(tmp_path: Path) -> None:
    photo = tmp_path / "a.CR3"
    photo.write_bytes(b"II*\x00" + bytes(12))
    sidecar = tmp_path / "a.xmp"
    sidecar.write_bytes(packet(attributes='acme:Mode="fast" photoshop:SidecarForExtension="CR3"'))

    assert rate(photo, 2) == (2, None)
    text = sidecar.read_text(encoding="utf-8")
    assert "subject" not in text
    assert 'acme:Mode="fast"' in text


def test_nothing_is_written_where_it_says_so_already(tmp_path: Path) -> None:
    photo = save_jpeg_with(
        tmp_path / "a.jpg", xmp_segment(packet(attributes='xmp:Rating="4.0" xmp:Label="Red"'))
    )

    change = KeywordChange(rating=RatingChange(4, "Red"))
    assert plan_edits(photo, change, now=NOW) == ()
    assert plan_edits(save_jpeg(tmp_path / "b.jpg"), KeywordChange(), now=NOW) == ()


def test_keywords_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    subject = array("dc:subject", ["Berlin"])
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(packet(subject)))
    change = KeywordChange(rating=RatingChange(3))

    (edit,) = plan_edits(photo, change, now=NOW)

    assert subject.encode() in edit.after
    assert b"hierarchicalSubject" not in edit.after


def exif_with_stars(stars: int, percent: int, order: str = "<") -> bytes:
    entries = [
        struct.pack(order + "HHIHH", tag, 3, 1, value, 0)
        for tag, value in ((0x0112, 1), (RATING_TAG, stars), (PERCENT_TAG, percent))
    ]
    magic = b"II*\x00" if order == "<" else b"MM\x00*"
    head = magic + struct.pack(order + "IH", 8, len(entries))
    return head + b"".join(entries) + bytes(4) + b"maker note"


@pytest.mark.parametrize(("stars", "percent", "rating"), [(3, 99, 3), (9, 75, 4), (9, 200, None)])
def test_stars_in_exif_count_where_xmp_has_none(
    tmp_path: Path, stars: int, percent: int, rating: int | None
) -> None:
    photo = save_jpeg_with(tmp_path / "a.jpg", exif_segment(exif_with_stars(stars, percent)))

    assert read_metadata(photo).rating == rating


@pytest.mark.parametrize("order", ["<", ">"])
def test_stars_of_windows_are_kept_up_where_they_are(tmp_path: Path, order: str) -> None:
    exif = exif_with_stars(2, 25, order)
    photo = save_jpeg_with(
        tmp_path / "a.jpg",
        exif_segment(exif),
        xmp_segment(packet(attributes='MicrosoftPhoto:Rating="25"')),
    )

    assert rate(photo, 4) == (4, None)

    after = open_photo(photo.read_bytes()).blocks.exif or b""
    assert (read_short(after, RATING_TAG), read_short(after, PERCENT_TAG)) == (4, 75)
    assert len(after) == len(exif)
    assert after.endswith(b"maker note")
    assert 'MicrosoftPhoto:Rating="75"' in xmp_of(photo)


def test_the_windows_profile_makes_percent(tmp_path: Path) -> None:
    photo, other = save_jpeg(tmp_path / "a.jpg"), save_jpeg(tmp_path / "b.jpg")

    rate(photo, 5, profile="windows")
    rate(other, 5)

    assert "MicrosoftPhoto" in xmp_of(photo)
    assert "99" in xmp_of(photo)
    assert "MicrosoftPhoto" not in xmp_of(other)


def test_sidecars_only_refuses_to_contradict_the_photo(tmp_path: Path) -> None:
    photo = save_jpeg(tmp_path / "a.jpg")
    assert rate(photo, 3, profile="sidecars-only") == (3, None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jpg", "a.jpg.xmp"]

    rated = save_jpeg(tmp_path / "b.jpg")
    rate(rated, 2)
    with pytest.raises(MetadataRefusedError, match="Stars and label"):
        rate(rated, 3, profile="sidecars-only")


def test_stars_that_nobody_planned_are_noticed(tmp_path: Path) -> None:
    photo = save_jpeg_with(
        tmp_path / "a.jpg",
        exif_segment(exif_with_stars(2, 25)),
        xmp_segment(packet(attributes='xmp:Rating="2"')),
    )
    (edit,) = plan_edits(photo, KeywordChange(rating=RatingChange(4)), now=NOW)
    edit.verify(edit.after)

    for rating in (RatingChange(), RatingChange(3), RatingChange(label="Red")):
        with pytest.raises(MetadataRefusedError):
            replace(edit, rating=rating).verify(edit.after)


def test_a_rating_that_can_not_be_edited_is_refused_and_goes_beside(tmp_path: Path) -> None:
    odd = "<xmp:Rating><rdf:Bag><rdf:li>2</rdf:li></rdf:Bag></xmp:Rating>"
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(packet(odd)))

    with pytest.raises(MetadataRefusedError, match="can't be changed"):
        rate(photo, 4)


def urgency_of(path: Path) -> str:
    resources = parse_resources(open_photo(path.read_bytes()).blocks.resources or b"")
    assert is_digest_true(resources) is True
    return (parse_iptc(resources.find(IPTC_ID) or b"").find(URGENCY) or b"").decode()


@pytest.mark.parametrize(
    ("urgency", "held", "rating", "expected"),
    [("5", 2, 4, "2"), ("1", 5, -1, "8"), ("8", 0, 5, "1"), ("1", 2, 4, "1"), ("5", 0, 3, "5")],
)
def test_iptc_urgency_follows_the_stars_where_it_said_the_same(
    tmp_path: Path, urgency: str, held: int, rating: int, expected: str
) -> None:
    """Newsrooms mean something else by it; there it stays."""
    block = dataset(2, *URGENCY[1:], urgency.encode()) + dataset(2, 80, "Zoë".encode("latin-1"))
    digest = make_digest(block)
    photo = save_jpeg_with(
        tmp_path / "a.jpg",
        photoshop_segment(resource(IPTC_ID, block), resource(DIGEST_ID, digest)),
        xmp_segment(packet(attributes=f'xmp:Rating="{held}" photoshop:Urgency="{urgency}"')),
    )

    (edit,) = plan_edits(photo, KeywordChange(rating=RatingChange(rating)), now=NOW)
    head = bytes([0x1C, *URGENCY, 0, 1])
    tampered = edit.after.replace(head + expected.encode(), head + b"3")
    with pytest.raises(MetadataRefusedError, match="IPTC"):
        replace(edit, new=tampered).verify(tampered)

    assert rate(photo, rating) == (rating, None)
    assert urgency_of(photo) == expected
    assert f'photoshop:Urgency="{expected}"' in xmp_of(photo)
    for edit in plan_edits(photo, KeywordChange(add=(("Cake",),)), now=NOW):
        edit.verify(edit.after)
        edit.path.write_bytes(edit.after)
    assert urgency_of(photo) == expected


def stars_in_raw(path: Path, stars: int) -> Path:
    """A RAW that was given stars in the camera."""
    entry = struct.pack("<HHIHH", RATING_TAG, 3, 1, stars, 0)
    path.write_bytes(b"II*\x00\x08\x00\x00\x00\x01\x00" + entry + bytes(4))
    return path


def test_stars_of_the_camera_are_taken_away_in_a_sidecar_that_names_none(tmp_path: Path) -> None:
    photo = stars_in_raw(tmp_path / "a.CR2", 3)
    (tmp_path / "a.xmp").write_bytes(packet(array("dc:subject", ["Cake"])))

    assert read_metadata(photo).rating == 3
    assert rate(photo, 0) == (0, None)


@pytest.mark.parametrize("has_sidecar", [True, False])
def test_a_label_in_a_dng_is_taken_away_by_its_sidecar(tmp_path: Path, has_sidecar: bool) -> None:
    xmp = packet(attributes='xmp:Label="Red"')
    photo, sidecar = tmp_path / "a.dng", tmp_path / "a.xmp"
    entry = struct.pack("<HHII", 700, 1, len(xmp), 26)
    photo.write_bytes(b"II*\x00\x08\x00\x00\x00\x01\x00" + entry + bytes(4) + xmp)
    if has_sidecar:
        sidecar.write_bytes(packet(array("dc:subject", ["Cake"])))

    assert read_metadata(photo).label == "Red"
    assert rate(photo, label="") == (None, None)
    assert rate(photo, label="Blue") == (None, "Blue")


def test_no_stars_by_the_camera_do_not_hide_those_in_the_sidecar(tmp_path: Path) -> None:
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(packet(attributes='xmp:Rating="0"')))
    before = photo.read_bytes()

    assert rate(photo, 3, "Red", profile="sidecars-only") == (3, "Red")
    assert rate(photo, 0, "", profile="sidecars-only") == (0, None)
    assert photo.read_bytes() == before
