"""What each program shows of chosen carriers, by its own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagger.metadata import find_sidecars
from tagger.metadata.carried import read_carried_photo, read_carried_sidecar
from tagger.metadata.photoshop import DIGEST_ID, IPTC_ID
from tagger.metadata.programs import PROGRAMS, ProgramView, view_photo
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
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from pathlib import Path

ALL = {program.name for program in PROGRAMS}
FLAT = {"Lightroom Classic", "Bridge", "Capture One", "Photo Mechanic", "darktable"}


def views(path: Path) -> dict[str, ProgramView]:
    photo = read_carried_photo(path)
    sidecars = [read_carried_sidecar(one) for one in find_sidecars(path)]
    return {program.name: view_photo(program, photo, sidecars) for program in PROGRAMS}


def shown_by(path: Path, keyword: str) -> set[str]:
    return {name for name, view in views(path).items() if keyword in view.keywords}


def test_nine_programs_show_nothing_of_a_bare_photo(tmp_path: Path) -> None:
    found = views(save_jpeg(tmp_path / "a.jpg"))

    assert len(found) == 9
    assert all(not one.keywords and one.rating is None for one in found.values())


def test_flat_keywords_alone_are_not_read_by_immich(tmp_path: Path) -> None:
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(packet(array("dc:subject", ["Cake"]))))

    assert shown_by(photo, "Cake") == ALL - {"Immich"}


def test_a_seq_is_as_good_as_a_bag(tmp_path: Path) -> None:
    subject = array("dc:subject", ["Cake"], "Seq")
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(packet(subject)))

    assert "Apple Photos" in shown_by(photo, "Cake")


def test_who_reads_the_first_list_alone_misses_the_others(tmp_path: Path) -> None:
    content = packet(
        array("dc:subject", ["Bouquet", "Ana"]),
        array("lr:hierarchicalSubject", ["Wedding|Bouquet"]),
        array("digiKam:TagsList", ["Dance"], "Seq"),
    )
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(content))

    assert shown_by(photo, "Dance") == {"digiKam", "Immich"}
    assert shown_by(photo, "Ana") == ALL - {"digiKam", "Immich", "darktable"}
    assert shown_by(photo, "Wedding|Bouquet") == {"Lightroom Classic", "Capture One", "darktable"}
    assert views(photo)["Lightroom Classic"].keywords == ("Wedding|Bouquet", "Ana")


@pytest.mark.parametrize(
    ("digest", "winner"), [(None, "Cake"), (b"\0" * 16, "Agency")], ids=["absent", "other"]
)
def test_iptc_that_was_changed_alone_wins_where_the_rules_are_kept(
    tmp_path: Path, digest: bytes | None, winner: str
) -> None:
    resources = [resource(IPTC_ID, dataset(2, 25, b"Agency"))]
    resources += [] if digest is None else [resource(DIGEST_ID, digest)]
    photo = save_jpeg_with(
        tmp_path / "a.jpg",
        photoshop_segment(*resources),
        xmp_segment(packet(array("dc:subject", ["Cake"]))),
    )

    for name in ("Bridge", "Photo Mechanic", "Lightroom Classic"):
        assert views(photo)[name].keywords == (winner,)
    assert views(photo)["Windows Explorer"].keywords == ("Cake", "Agency")
    assert views(photo)["Apple Photos"].keywords == ("Cake",)
    assert views(photo)["Immich"].keywords == ("Agency",)


def test_explorer_merges_what_it_finds_and_knows_the_cut_form(tmp_path: Path) -> None:
    long = "Empfangshalle mit sehr vielen Blumen und noch mehr Kerzen im Raum"
    photo = save_jpeg_with(
        tmp_path / "a.jpg",
        exif_segment(exif_block("Windows")),
        photoshop_segment(resource(IPTC_ID, dataset(2, 25, long.encode()[:64]))),
        xmp_segment(packet(array("dc:subject", [long]))),
    )

    assert set(views(photo)["Windows Explorer"].keywords) == {long, "Windows"}


def test_a_sidecar_of_a_jpeg_is_not_seen_by_all(tmp_path: Path) -> None:
    photo = save_jpeg(tmp_path / "a.jpg")
    content = packet(array("dc:subject", ["Cake"]), array("lr:hierarchicalSubject", ["Cake"]))
    (tmp_path / "a.jpg.xmp").write_bytes(content)

    assert shown_by(photo, "Cake") == {"digiKam", "darktable", "Immich"}


def test_a_raw_is_read_through_the_sidecar_of_the_right_name(tmp_path: Path) -> None:
    photo = tmp_path / "a.CR3"
    photo.write_bytes(b"II*\x00" + bytes(12))
    content = packet(array("dc:subject", ["Cake"]), array("lr:hierarchicalSubject", ["Cake"]))
    (tmp_path / "a.xmp").write_bytes(content)

    assert shown_by(photo, "Cake") == FLAT | {"Immich"}
    found = views(photo)
    assert found["Windows Explorer"].is_blind
    assert found["Bridge"].sources == ("a.xmp",)

    (tmp_path / "a.xmp").rename(tmp_path / "a.CR3.xmp")
    assert shown_by(photo, "Cake") == {"digiKam", "darktable", "Immich"}


def test_stars_come_from_different_places(tmp_path: Path) -> None:
    attributes = 'xmp:Rating="4" MicrosoftPhoto:Rating="25" xmp:Label="Gelb"'
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(packet(attributes=attributes)))

    found = views(photo)

    assert {name for name, view in found.items() if view.rating == 4} == ALL - {
        "Windows Explorer",
        "Apple Photos",
    }
    assert found["Windows Explorer"].rating == 2
    assert not found["Apple Photos"].shows_stars
    assert (found["Bridge"].label, found["Bridge"].has_color) == ("Gelb", False)


def test_a_label_is_a_colour_where_the_label_set_has_its_text(tmp_path: Path) -> None:
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(packet(attributes='xmp:Label="Red"')))

    coloured = {name for name, view in views(photo).items() if view.has_color}

    assert coloured == {"Lightroom Classic", "Capture One"}


def test_damaged_metadata_is_a_sentence(tmp_path: Path) -> None:
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(b"<x:xmpmeta><broken"))

    assert len(read_carried_photo(photo).problems) == 1


def test_immich_reads_one_sidecar(tmp_path: Path) -> None:
    photo = tmp_path / "a.nef"
    photo.write_bytes(b"")
    (tmp_path / "a.nef.xmp").write_bytes(packet(array("lr:hierarchicalSubject", ["Cake"])))
    old = packet(
        array("digiKam:TagsList", ["Old"], "Seq"),
        attributes='photoshop:SidecarForExtension="NEF"',
    )
    (tmp_path / "a.xmp").write_bytes(old)

    assert views(photo)["Immich"].keywords == ("Cake",)


def test_a_sidecar_whose_name_was_decomposed_is_the_same(tmp_path: Path) -> None:
    photo = tmp_path / "Jos\u00e9.nef"
    photo.write_bytes(b"")
    (tmp_path / "Jose\u0301.nef.xmp").write_bytes(packet(array("dc:subject", ["Cake"])))

    assert {"digiKam", "darktable"} <= shown_by(photo, "Cake")
    assert "Lightroom Classic" not in shown_by(photo, "Cake")


def test_long_keywords_that_begin_alike_are_two(tmp_path: Path) -> None:
    one = "The wedding of Anna Maria and Bertram in the old town hall"
    subject = array("dc:subject", [f"{one}s", one])
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(packet(subject)))

    assert shown_by(photo, one) == shown_by(photo, f"{one}s") == ALL - {"Immich"}
