"""What a profile makes where there is none yet, and what it leaves alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import MetadataRefusedError
from tagger.metadata import (
    PROFILES,
    FileMetadata,
    KeywordChange,
    KeywordPath,
    find_sidecars,
    plan_agreement,
    plan_edits,
    read_metadata,
)
from tagger.metadata.carriers import open_photo
from tagger.metadata.iptc import parse_iptc
from tagger.metadata.photoshop import IPTC_ID, is_digest_true, parse_resources
from tagger.metadata.xp_keywords import add_xp_keywords, is_same_but_keywords, read_xp_keywords
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
from tests.pictures import make_picture, save_jpeg
from tests.unit.metadata.carrying_out import BOUQUET, NOW, carry_out

if TYPE_CHECKING:
    from pathlib import Path

LONG = "Empfangshalle mit sehr vielen Blumen und noch mehr Kerzen überall im Raum"


def write(path: Path, profile: str, *add: KeywordPath, remove: tuple[KeywordPath, ...] = ()) -> str:
    """Carry it out; returns the XMP of the photo as text."""
    carry_out(path, KeywordChange(add=add, remove=remove), PROFILES[profile])
    packets = open_photo(path.read_bytes()).blocks.packets
    return packets[0].decode() if packets else ""


def iptc_keywords(path: Path) -> list[str]:
    resources = parse_resources(open_photo(path.read_bytes()).blocks.resources or b"")
    iptc = parse_iptc(resources.find(IPTC_ID) or b"")
    assert is_digest_true(resources)
    assert iptc.is_utf8
    return [one.decode() for one in iptc.keywords]


def test_every_profile_says_what_it_writes() -> None:
    assert list(PROFILES) == ["lightroom", "digikam-immich", "windows", "agency", "sidecars-only"]
    assert all(len(one.meaning) > 60 for one in PROFILES.values())


@pytest.mark.parametrize("profile", PROFILES)
def test_the_default_makes_nothing_that_others_need(tmp_path: Path, profile: str) -> None:
    photo = save_jpeg(tmp_path / "a.jpg", taken_at="2026:06:20 15:04:05")

    xmp = write(photo, profile, BOUQUET, ("Ana",))

    blocks = open_photo(photo.read_bytes()).blocks
    assert ("TagsList" in xmp) == (profile == "digikam-immich")
    assert ("LastKeywordXMP" in xmp) == (profile == "windows")
    assert (blocks.resources is not None) == (profile == "agency")
    assert (read_xp_keywords(blocks.exif or b"") is not None) == (profile == "windows")
    assert len(find_sidecars(photo)) == (profile == "sidecars-only")
    held = read_metadata(photo, sidecars=find_sidecars(photo))
    assert held == FileMetadata(keywords=("Bouquet", "Ana"), paths=(BOUQUET,))


def test_digikam_gets_its_list_in_order_with_every_flat_keyword(tmp_path: Path) -> None:
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(packet(array("dc:subject", ["Berlin"]))))

    xmp = write(photo, "digikam-immich", BOUQUET)

    start = xmp.index("TagsList")
    assert "<rdf:Seq>" in xmp[start:]
    assert xmp.index("<rdf:li>Wedding/Bouquet</rdf:li>", start) < xmp.index(
        "<rdf:li>Berlin</rdf:li>", start
    )


def test_a_raw_gets_the_sidecar_name_that_the_profile_wants(tmp_path: Path) -> None:
    photo = tmp_path / "a.CR3"
    photo.write_bytes(b"II*\x00" + bytes(12))

    change = KeywordChange(add=(BOUQUET,))
    names = {
        plan_edits(photo, change, now=NOW, profile=PROFILES[profile])[0].path.name
        for profile in ("digikam-immich", "sidecars-only")
    }
    (other,) = plan_edits(photo, change, now=NOW)

    assert names == {"a.CR3.xmp"}
    assert other.path.name == "a.xmp"


def test_agencies_get_iptc_of_64_bytes_and_the_long_form_stays(tmp_path: Path) -> None:
    photo = save_jpeg(tmp_path / "a.jpg")

    write(photo, "agency", (LONG,), BOUQUET)

    cut, bouquet = iptc_keywords(photo)
    assert (bouquet, LONG.startswith(cut)) == ("Bouquet", True)
    assert 60 <= len(cut.encode()) <= 64
    assert read_metadata(photo).keywords == (LONG, "Bouquet")


def test_iptc_is_added_to_photoshop_resources_without_it(tmp_path: Path) -> None:
    photo = save_jpeg_with(tmp_path / "a.jpg", photoshop_segment(resource(0x03ED, b"resolution")))

    write(photo, "agency", BOUQUET)

    assert iptc_keywords(photo) == ["Bouquet"]
    resources = parse_resources(open_photo(photo.read_bytes()).blocks.resources or b"")
    assert resources.find(0x03ED) == b"resolution"


@pytest.mark.parametrize("with_exif", [False, True])
def test_windows_keywords_are_made_and_nothing_in_exif_moves(
    tmp_path: Path, *, with_exif: bool
) -> None:
    taken_at = "2026:06:20 15:04:05" if with_exif else None
    photo = save_jpeg(tmp_path / "a.jpg", taken_at=taken_at)
    before = open_photo(photo.read_bytes()).blocks.exif

    write(photo, "windows", BOUQUET, ("Salt; Pepper",))

    after = open_photo(photo.read_bytes()).blocks.exif
    assert after is not None
    assert read_xp_keywords(after) == ("Bouquet", "Salt, Pepper")
    if before is not None:
        assert after[8 : len(before)] == before[8:]
    write(photo, "windows", remove=(BOUQUET, ("Salt; Pepper",)))
    assert read_metadata(photo) == FileMetadata()


def test_an_added_tag_that_moved_another_is_noticed() -> None:
    block = add_xp_keywords(None, ("a",))
    other = b"MM\x00*\x00\x00\x00\x08" + b"\x00\x01" + b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x01"
    other += bytes(6)
    longer = add_xp_keywords(other, ("Ana", "Luis"))

    assert is_same_but_keywords(None, block)
    assert is_same_but_keywords(other, longer)
    assert not is_same_but_keywords(None, longer)
    assert not is_same_but_keywords(other, longer.replace(b"\x01\x12\x00\x03", b"\x01\x12\x00\x04"))
    assert not is_same_but_keywords(other, b"II" + longer[2:])


def test_a_photo_that_holds_the_keyword_is_not_rewritten_for_a_profile(tmp_path: Path) -> None:
    photo = save_jpeg(tmp_path / "a.jpg")
    write(photo, "lightroom", BOUQUET)

    for profile in ("digikam-immich", "windows", "agency"):
        change = KeywordChange(add=(BOUQUET,))
        assert plan_edits(photo, change, now=NOW, profile=PROFILES[profile]) == ()


def test_sidecars_only_says_why_and_takes_nothing_out_of_a_photo(tmp_path: Path) -> None:
    photo = save_jpeg(tmp_path / "a.jpg")
    write(photo, "lightroom", BOUQUET)
    before = photo.read_bytes()

    (edit,) = plan_edits(
        photo, KeywordChange(add=(("Ana",),)), now=NOW, profile=PROFILES["sidecars-only"]
    )
    assert (edit.path.name, edit.reason is not None) == ("a.jpg.xmp", True)
    with pytest.raises(MetadataRefusedError, match="sidecars only"):
        write(photo, "sidecars-only", remove=(BOUQUET,))
    assert photo.read_bytes() == before


def test_agreement_brings_every_list_in_step(tmp_path: Path) -> None:
    photo = save_jpeg_with(
        tmp_path / "a.jpg",
        exif_segment(exif_block("Windows")),
        photoshop_segment(resource(0x0404, dataset(2, 25, b"Agency"))),
        xmp_segment(
            packet(
                array("dc:subject", ["Wedding", "Cake"]),
                array("lr:hierarchicalSubject", ["Wedding|Cake"]),
                array("digiKam:TagsList", ["Dance"], "Seq"),
                attributes='xmp:Rating="4" MicrosoftPhoto:Rating="25"',
            )
        ),
    )
    sidecar = tmp_path / "a.jpg.xmp"
    sidecar.write_bytes(packet(array("dc:subject", ["Ana"])))

    for edit in plan_agreement(photo, now=NOW):
        edit.verify(edit.after)
        edit.path.write_bytes(edit.after)

    blocks = open_photo(photo.read_bytes()).blocks
    xmp = blocks.packets[0].decode()
    everything = {"Cake", "Dance", "Ana", "Windows", "Agency"}
    assert set(iptc_keywords(photo)) == {*everything, "Wedding"}
    assert set(read_xp_keywords(blocks.exif or b"") or ()) == {*everything, "Wedding"}
    for name in ("TagsList", "hierarchicalSubject", "subject"):
        inside = xmp.split(f"{name}>")[1]
        assert all(one in inside for one in everything), name
    assert 'MicrosoftPhoto:Rating="75"' in xmp
    beside = read_metadata(photo, sidecars=[sidecar])
    assert set(beside.keywords) == {*everything, "Wedding"}
    assert plan_agreement(photo, now=NOW) == ()


@pytest.mark.parametrize("suffix", [".png", ".webp", ".jpg"])
@pytest.mark.parametrize("profile", PROFILES)
def test_what_one_profile_wrote_agrees(tmp_path: Path, suffix: str, profile: str) -> None:
    photo = tmp_path / f"a{suffix}"
    make_picture().save(photo)
    write(photo, profile, BOUQUET, ("Ana",))

    assert plan_agreement(photo, now=NOW, profile=PROFILES[profile]) == ()


def test_agreement_of_a_photo_without_keywords_changes_nothing(tmp_path: Path) -> None:
    assert plan_agreement(save_jpeg(tmp_path / "a.jpg"), now=NOW) == ()
