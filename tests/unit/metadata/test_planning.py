"""The change of keywords as a whole: what the files hold before and after."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tagger.core.errors import MetadataRefusedError, UnreadablePhotoError
from tagger.metadata import (
    CarrierEdit,
    FileMetadata,
    KeywordChange,
    KeywordPath,
    find_sidecars,
    keywords_after,
    plan_edits,
    read_metadata,
)
from tests.packets import (
    array,
    dataset,
    exif_block,
    exif_segment,
    packet,
    photoshop_segment,
    resource,
    save_jpeg_with,
    segment,
    xmp_segment,
)
from tests.pictures import make_picture, save_jpeg
from tests.unit.metadata.carrying_out import BOUQUET, NOW, carry_out

if TYPE_CHECKING:
    from pathlib import Path


def apply(path: Path, *add: KeywordPath, remove: tuple[KeywordPath, ...] = ()) -> FileMetadata:
    """Carry it out and read back; the plan must have said what is then there."""
    edits = carry_out(path, KeywordChange(add=add, remove=remove))
    held = read_metadata(path, sidecars=find_sidecars(path))
    assert held == keywords_after(path, edits)
    return held


def plan(path: Path, *add: KeywordPath, remove: tuple[KeywordPath, ...] = ()) -> list[CarrierEdit]:
    return list(plan_edits(path, KeywordChange(add, remove), now=NOW))


def xmp_of(path: Path) -> str:
    data = path.read_bytes()
    return data[data.index(b"<x:xmpmeta") : data.index(b"</x:xmpmeta>")].decode()


def test_photo_without_metadata_gets_flat_and_hierarchical_keywords(tmp_path: Path) -> None:
    photo = save_jpeg(tmp_path / "a.jpg", taken_at="2026:06:20 15:04:05")

    held = apply(photo, BOUQUET, ("Ana",))

    assert held == FileMetadata(keywords=("Bouquet", "Ana"), paths=(BOUQUET,))
    xmp = xmp_of(photo)
    assert "<rdf:li>Wedding|Bouquet</rdf:li>" in xmp
    assert 'MetadataDate="2026-07-01T12:00:00+00:00"' in xmp or (
        ">2026-07-01T12:00:00+00:00</xmp:MetadataDate>" in xmp
    )
    assert "ModifyDate" not in xmp
    assert sorted(tmp_path.iterdir()) == [photo]


def test_picture_and_exif_stay_the_same_bytes(tmp_path: Path) -> None:
    photo = save_jpeg(tmp_path / "a.jpg", taken_at="2026:06:20 15:04:05")
    before = photo.read_bytes()

    apply(photo, BOUQUET)

    after = photo.read_bytes()
    scan = before.index(b"\xff\xda")
    assert after.endswith(before[scan:])
    exif = before.index(b"Exif\0\0")
    exif_end = exif - 2 + int.from_bytes(before[exif - 2 : exif], "big")
    assert after[:exif_end] == before[:exif_end]


@pytest.mark.parametrize("suffix", [".png", ".webp", ".jpg"])
def test_formats_that_hold_keywords_need_no_sidecar(tmp_path: Path, suffix: str) -> None:
    photo = tmp_path / f"a{suffix}"
    make_picture().save(photo)
    pixels = Image.open(photo).convert("RGB").tobytes()

    held = apply(photo, BOUQUET)

    assert held.keywords == ("Bouquet",)
    assert Image.open(photo).convert("RGB").tobytes() == pixels
    assert sorted(tmp_path.iterdir()) == [photo]


def test_lossless_webp_keeps_its_alpha(tmp_path: Path) -> None:
    photo = tmp_path / "a.webp"
    picture = make_picture().convert("RGBA")
    picture.putalpha(100)
    picture.save(photo, lossless=True)

    apply(photo, BOUQUET)

    assert Image.open(photo).getpixel((5, 5)) == picture.getpixel((5, 5))


def test_other_keywords_stay_and_join_the_hierarchy(tmp_path: Path) -> None:
    content = packet(array("dc:subject", ["Berlin", "bouquet"]))
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(content))

    held = apply(photo, BOUQUET)

    assert held.keywords == ("Berlin", "bouquet")
    assert held.paths == (("Wedding", "bouquet"),)
    xmp = xmp_of(photo)
    assert xmp.count("<rdf:li>Berlin</rdf:li>") == 2
    assert xmp.count("<rdf:li>bouquet</rdf:li>") == 1


def test_a_silent_sidecar_beside_a_photo_hides_none_of_its_keywords(tmp_path: Path) -> None:
    """darktable leaves one beside every photo; it and Immich read no further than a list there."""
    iptc = resource(0x0404, dataset(2, 25, b"Berlin"))
    photo = save_jpeg_with(tmp_path / "a.jpg", photoshop_segment(iptc))
    sidecar = tmp_path / "a.jpg.xmp"
    sidecar.write_bytes(packet(attributes='acme:Mode="fast"'))

    apply(photo, BOUQUET)

    text = sidecar.read_text(encoding="utf-8")
    assert text.count("<rdf:li>Berlin</rdf:li>") == 2
    assert "<rdf:li>Wedding|Bouquet</rdf:li>" in text
    assert apply(photo, remove=(BOUQUET,)).keywords == ("Berlin",)


def test_paths_in_the_photo_imply_nothing_in_a_sidecar(tmp_path: Path) -> None:
    content = packet(array("lr:hierarchicalSubject", ["Flowers|Rose"]))
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(content))
    sidecar = tmp_path / "a.jpg.xmp"
    sidecar.write_bytes(packet(array("dc:subject", ["Flowers"])))

    apply(photo, BOUQUET)

    assert sidecar.read_text(encoding="utf-8").count("<rdf:li>Flowers</rdf:li>") == 2


def test_parents_of_the_photos_own_paths_get_no_entry_of_their_own(tmp_path: Path) -> None:
    content = packet(
        array("dc:subject", ["Germany", "Berlin"]),
        array("lr:hierarchicalSubject", ["Germany|Berlin"]),
    )
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(content))

    apply(photo, BOUQUET)

    assert "<rdf:li>Germany</rdf:li></rdf:Bag></lr" not in xmp_of(photo)
    assert xmp_of(photo).count("<rdf:li>Germany</rdf:li>") == 1


@pytest.mark.parametrize("kind", ["Bag", "Seq", "Alt"])
def test_every_kind_of_array_is_read_and_kept(tmp_path: Path, kind: str) -> None:
    content = packet(array("dc:subject", ["Berlin"], kind))
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(content))

    assert apply(photo, BOUQUET).keywords == ("Berlin", "Bouquet")
    assert f"<rdf:{kind}><rdf:li>Berlin</rdf:li><rdf:li>Bouquet</rdf:li></rdf:{kind}>" in xmp_of(
        photo
    )


def test_lists_of_other_programs_are_kept_up_when_they_exist(tmp_path: Path) -> None:
    categories = '<Categories><Category Assigned="1">Berlin</Category></Categories>'
    escaped = categories.replace("<", "&lt;").replace('"', "&quot;")
    content = packet(
        array("digiKam:TagsList", ["Places/Berlin"], "Seq"),
        array("MicrosoftPhoto:LastKeywordXMP", ["Places/Berlin"]),
        array("mediapro:CatalogSets", ["Places|Berlin"]),
        attributes=f'acdsee:categories="{escaped}"',
    )
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(content))

    assert apply(photo, BOUQUET).paths == (("Places", "Berlin"), BOUQUET)
    added = xmp_of(photo)
    assert added.count("<rdf:li>Wedding/Bouquet</rdf:li>") == 2
    assert added.count("<rdf:li>Wedding|Bouquet</rdf:li>") == 2
    assert "Category Assigned=&quot;1&quot;&gt;Bouquet" in added

    assert apply(photo, remove=(BOUQUET,)).keywords == ("Berlin",)
    removed = xmp_of(photo)
    assert "Wedding/" not in removed
    assert "Wedding|" not in removed
    assert "Category Assigned=&quot;1&quot;&gt;Bouquet" not in removed


def test_lists_of_other_programs_that_are_empty_get_all_with_the_first(tmp_path: Path) -> None:
    """Their programs look no further than a list with keywords in it."""
    content = packet(
        array("dc:subject", ["Ana"]),
        array("digiKam:TagsList", [], "Seq"),
        "<acdsee:categories>&lt;Categories&gt;&lt;/Categories&gt;</acdsee:categories>",
    )
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(content))

    apply(photo, BOUQUET)

    text = xmp_of(photo)
    tags = text[text.index("<digiKam:TagsList>") : text.index("</digiKam:TagsList>")]
    assert "<rdf:li>Ana</rdf:li>" in tags
    assert "<rdf:li>Wedding/Bouquet</rdf:li>" in tags
    categories = text[text.index("<acdsee:categories>") :]
    assert '"1"&gt;Ana&lt;' in categories
    assert '"1"&gt;Bouquet&lt;' in categories
    assert apply(photo, remove=(BOUQUET,)).keywords == ("Ana",)


def test_a_photo_with_windows_keywords_alone_loses_none(tmp_path: Path) -> None:
    photo = save_jpeg_with(tmp_path / "a.jpg", exif_segment(exif_block("Berlin;Ana")))

    assert read_metadata(photo).keywords == ("Berlin", "Ana")
    assert apply(photo, BOUQUET).keywords == ("Berlin", "Ana", "Bouquet")
    assert "Bouquet\0".encode("utf-16-le") in photo.read_bytes()

    assert apply(photo, remove=(("Berlin",),)).keywords == ("Ana", "Bouquet")
    assert "Berlin".encode("utf-16-le") not in photo.read_bytes()


def test_iptc_exists_so_it_is_kept_up_with_its_digest(tmp_path: Path) -> None:
    old = dataset(2, 25, "Köln".encode("cp1252")) + dataset(2, 120, "Café".encode("cp1252"))
    photo = save_jpeg_with(
        tmp_path / "a.jpg",
        photoshop_segment(resource(0x03ED, b"x" * 16), resource(0x0404, old)),
    )

    assert apply(photo, BOUQUET).keywords == ("Köln", "Bouquet")

    new = (
        dataset(1, 90, b"\x1b%G")
        + dataset(2, 25, "Köln".encode())
        + dataset(2, 25, b"Bouquet")
        + dataset(2, 120, "Café".encode())
    )
    digest = hashlib.md5(new, usedforsecurity=False).digest()
    data = photo.read_bytes()
    assert resource(0x0404, new) in data
    assert resource(0x0425, digest) in data
    assert resource(0x03ED, b"x" * 16) in data


def test_a_digest_that_did_not_fit_still_does_not(tmp_path: Path) -> None:
    wrong = resource(0x0425, b"0" * 16)
    photo = save_jpeg_with(
        tmp_path / "a.jpg",
        photoshop_segment(resource(0x0404, dataset(2, 25, b"newer")), wrong),
        xmp_segment(packet(array("dc:subject", ["older"]))),
    )

    assert read_metadata(photo).keywords == ("newer",)
    assert apply(photo, BOUQUET).keywords == ("newer", "Bouquet")
    assert wrong in photo.read_bytes()
    assert "<rdf:li>older</rdf:li>" in xmp_of(photo)


def test_without_a_digest_xmp_has_the_word(tmp_path: Path) -> None:
    photo = save_jpeg_with(
        tmp_path / "a.jpg",
        photoshop_segment(resource(0x0404, dataset(2, 25, b"WRONG"))),
        xmp_segment(packet(array("dc:subject", ["RIGHT"]))),
    )

    assert read_metadata(photo).keywords == ("RIGHT",)


def test_a_long_keyword_is_cut_in_iptc_alone(tmp_path: Path) -> None:
    long = "Hochzeitsgesellschaft vor der großen Kirche am Marktplatz in Übersee an der Ach"
    iptc = resource(0x0404, dataset(2, 120, b"caption"))
    photo = save_jpeg_with(tmp_path / "a.jpg", photoshop_segment(iptc))

    assert apply(photo, (long,)).keywords == (long,)
    assert apply(photo, remove=((long,),)).keywords == ()
    assert b"Hochzeitsgesellschaft" not in photo.read_bytes()


def test_two_long_keywords_that_are_cut_alike_are_two(tmp_path: Path) -> None:
    beginning = "The wedding of Anna Maria and Bertram in the old town hall of X."
    names = [f"{beginning} {month}" for month in ("May", "June")]
    iptc = resource(0x0404, dataset(2, 25, beginning.encode()))
    photo = save_jpeg_with(
        tmp_path / "a.jpg",
        photoshop_segment(iptc),
        xmp_segment(packet(array("dc:subject", names))),
    )

    assert apply(photo, remove=((names[0],),)).keywords == (names[1],)
    assert dataset(2, 25, beginning.encode()) in photo.read_bytes()
    assert apply(photo, remove=((names[1],),)).keywords == ()
    assert dataset(2, 25, beginning.encode()) not in photo.read_bytes()


def test_long_keywords_that_fit_into_iptc_and_begin_alike_are_two(tmp_path: Path) -> None:
    one = "The wedding of Anna Maria and Bertram in the old town hall"
    many = f"{one}s"
    old = dataset(2, 25, one.encode())
    wrong = resource(0x0425, b"0" * 16)  # so that IPTC has the word
    photo = save_jpeg_with(
        tmp_path / "a.jpg",
        photoshop_segment(resource(0x0404, old), wrong),
        xmp_segment(packet(array("dc:subject", [many]))),
    )

    assert read_metadata(photo).keywords == (one,)
    assert apply(photo, (many,)).keywords == (one, many)
    assert dataset(2, 25, many.encode()) in photo.read_bytes()
    assert apply(photo, remove=((many,),)).keywords == (one,)


def test_removing_takes_the_name_from_every_path_that_ends_in_it(tmp_path: Path) -> None:
    content = packet(
        array("dc:subject", ["Bouquet", "Cake"]),
        array("lr:hierarchicalSubject", ["Wedding|Bouquet", "Florist|bouquet", "Cake"]),
    )
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(content))

    held = apply(photo, remove=(("Bouquet",),))

    assert held == FileMetadata(keywords=("Cake",))


def test_a_name_stays_while_another_path_ends_in_it(tmp_path: Path) -> None:
    content = packet(
        array("dc:subject", ["Bouquet"]),
        array("lr:hierarchicalSubject", ["Wedding|Bouquet", "Florist|Bouquet"]),
    )
    photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(content))

    held = apply(photo, remove=(BOUQUET,))

    assert held == FileMetadata(keywords=("Bouquet",), paths=(("Florist", "Bouquet"),))


def test_a_replaced_keyword_is_one_change(tmp_path: Path) -> None:
    photo = save_jpeg(tmp_path / "a.jpg")
    apply(photo, BOUQUET)

    held = apply(photo, ("Wedding", "Cake"), remove=(BOUQUET,))

    assert held == FileMetadata(keywords=("Cake",), paths=(("Wedding", "Cake"),))


def test_a_photo_whose_keywords_would_not_change_is_not_touched(tmp_path: Path) -> None:
    photo = save_jpeg(tmp_path / "a.jpg")
    apply(photo, BOUQUET)

    assert plan(photo, ("wedding", "BOUQUET")) == []
    assert plan(photo, remove=(("Dance",),)) == []
    assert plan(photo) == []


def test_padding_takes_the_growth(tmp_path: Path) -> None:
    photo = save_jpeg(tmp_path / "a.jpg")
    apply(photo, BOUQUET)
    size = photo.stat().st_size

    apply(photo, ("Wedding", "Dance"))

    assert photo.stat().st_size == size


@pytest.mark.parametrize(
    "name", ["a|b", "a/b", "a\\b", "R&B; <cake> \"x\" 'y'", "花束", "عروس", "👰🏽", "e\u0301"]
)
def test_signs_that_separate_elsewhere_do_not_break_a_keyword(tmp_path: Path, name: str) -> None:
    content = packet(array("digiKam:TagsList", ["Places/Berlin"], "Seq"))
    photo = save_jpeg_with(
        tmp_path / "a.jpg", exif_segment(exif_block("Ana")), xmp_segment(content)
    )
    before = read_metadata(photo)

    held = apply(photo, ("Wedding", name))

    assert len(held.keywords) == len(before.keywords) + 1
    assert len(held.paths) == len(before.paths) + 1
    assert apply(photo, remove=(("Wedding", name),)) == before


class TestSidecars:
    def test_raw_gets_an_adobe_sidecar(self, tmp_path: Path) -> None:
        photo = tmp_path / "IMG_1.CR2"
        photo.write_bytes(b"II*\x00" + bytes(12))

        assert apply(photo, BOUQUET).keywords == ("Bouquet",)

        sidecar = tmp_path / "IMG_1.xmp"
        assert "SidecarForExtension" in sidecar.read_text()
        assert ">CR2<" in sidecar.read_text()
        assert photo.read_bytes() == b"II*\x00" + bytes(12)

    def test_two_photos_of_one_name_never_share_a_sidecar(self, tmp_path: Path) -> None:
        photos = [tmp_path / name for name in ("D.dng", "D.tif", "D.heic")]
        for photo in photos:
            photo.write_bytes(bytes(16))
        for photo, name in zip(photos, ("One", "Two", "Three"), strict=True):
            apply(photo, (name,))

        assert [read_metadata(p, sidecars=find_sidecars(p)).keywords for p in photos] == [
            ("One",),
            ("Two",),
            ("Three",),
        ]

    def test_embedded_keywords_and_rating_go_along(self, tmp_path: Path) -> None:
        photo = tmp_path / "a.tif"
        xmp = packet(array("dc:subject", ["Berlin"]), attributes='xmp:Rating="3"')
        make_picture().save(photo, tiffinfo={700: xmp})
        assert read_metadata(photo).keywords == ("Berlin",)

        held = apply(photo, BOUQUET)

        assert held.keywords == ("Berlin", "Bouquet")
        assert held.rating == 3
        assert find_sidecars(photo) == (tmp_path / "a.tif.xmp",)

    def test_embedded_keywords_can_be_taken_away(self, tmp_path: Path) -> None:
        photo = tmp_path / "a.tif"
        xmp = packet(array("dc:subject", ["Berlin"]))
        make_picture().save(photo, tiffinfo={700: xmp})

        assert apply(photo, remove=(("Berlin",),)).keywords == ()

    def test_embedded_keywords_can_be_taken_away_beside_a_silent_sidecar(
        self, tmp_path: Path
    ) -> None:
        photo = tmp_path / "a.tif"
        make_picture().save(photo, tiffinfo={700: packet(array("dc:subject", ["A", "B"]))})
        (tmp_path / "a.tif.xmp").write_bytes(packet(attributes='xmp:Rating="2"'))

        held = apply(photo, remove=(("A",),))

        assert held.keywords == ("B",)
        assert held.rating == 2

    def test_both_sidecars_of_a_raw_are_kept_up(self, tmp_path: Path) -> None:
        photo = tmp_path / "a.nef"
        photo.write_bytes(bytes(16))
        for name in ("a.xmp", "a.nef.xmp"):
            (tmp_path / name).write_bytes(packet(array("dc:subject", [name])))

        apply(photo, BOUQUET)

        for name in ("a.xmp", "a.nef.xmp"):
            text = (tmp_path / name).read_text()
            assert f"<rdf:li>{name}</rdf:li>" in text
            assert "<rdf:li>Wedding|Bouquet</rdf:li>" in text

    def test_existing_sidecar_of_a_jpeg_is_kept_up_beside_the_photo(self, tmp_path: Path) -> None:
        photo = save_jpeg(tmp_path / "a.jpg")
        sidecar = tmp_path / "a.jpg.xmp"
        sidecar.write_bytes(packet(array("dc:subject", ["Ana"])))

        edits = plan(photo, BOUQUET)

        assert [edit.path for edit in edits] == [photo, sidecar]
        assert set(apply(photo, BOUQUET).keywords) == {"Ana", "Bouquet"}

    def test_keywords_of_the_sidecar_stay_out_of_the_photo(self, tmp_path: Path) -> None:
        photo = save_jpeg(tmp_path / "a.jpg")
        sidecar = tmp_path / "a.jpg.xmp"
        sidecar.write_bytes(packet(array("dc:subject", ["darktable"])))

        apply(photo, BOUQUET)

        assert read_metadata(photo).keywords == ("Bouquet",)
        assert b"darktable" in sidecar.read_bytes()

    def test_damaged_sidecar_is_named_and_nothing_is_planned(self, tmp_path: Path) -> None:
        photo = tmp_path / "a.nef"
        photo.write_bytes(bytes(16))
        (tmp_path / "a.xmp").write_bytes(b"{}")

        with pytest.raises(MetadataRefusedError, match=r"a\.xmp: .* Repair or remove"):
            plan(photo, BOUQUET)


class TestRefusals:
    def test_damaged_xmp_leads_to_a_sidecar_with_a_reason(self, tmp_path: Path) -> None:
        photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(b"<x:xmpmeta><broken"))

        (edit,) = plan(photo, BOUQUET)

        assert edit.path == tmp_path / "a.jpg.xmp"
        assert edit.before is None
        assert edit.reason is not None
        assert "Lightroom Classic does not read sidecars of JPEG files" in edit.reason
        assert apply(photo, BOUQUET).keywords == ("Bouquet",)

    @pytest.mark.parametrize(
        "segments",
        [
            (xmp_segment(packet()), xmp_segment(packet())),
            (segment(0xE1, b"http://wrong/\x00" + packet()),),
            (photoshop_segment(resource(0x0424, packet())),),
            (photoshop_segment(resource(0x0404, b"\x1c\x02\x19\xff\xff")),),
            (photoshop_segment(*[resource(0x0404, dataset(2, 25, b"a"))] * 2),),
            (xmp_segment(packet(f"<acme:Blob>{'x' * 64_680}</acme:Blob>")),),
            (xmp_segment(packet("<dc:subject rdf:nodeID='a'/>")),),
            (xmp_segment(b"<!DOCTYPE x [<!ENTITY e 'y'>]>" + packet()),),
        ],
        ids=["two", "stray", "hidden", "iptc", "iptcs", "full", "nodeid", "doctype"],
    )
    def test_whatever_can_not_be_edited_safely_stays(
        self, tmp_path: Path, segments: tuple[bytes, ...]
    ) -> None:
        photo = save_jpeg_with(tmp_path / "a.jpg", *segments)

        (edit,) = plan(photo, BOUQUET)

        assert edit.path == tmp_path / "a.jpg.xmp"
        assert edit.reason

    def test_a_preview_behind_the_picture_is_not_lost(self, tmp_path: Path) -> None:
        buffer = io.BytesIO()
        make_picture(16, 16).save(buffer, "JPEG")
        photo = save_jpeg_with(tmp_path / "a.jpg", exif_segment(exif_block("")))
        exif_start = photo.read_bytes().index(b"II*\x00")
        offset = photo.stat().st_size - exif_start
        block = exif_block("") + offset.to_bytes(4, "little")
        offset += 4
        block = exif_block("") + offset.to_bytes(4, "little")
        save_jpeg_with(photo, exif_segment(block), trailer=buffer.getvalue())

        (edit,) = plan(photo, BOUQUET)

        assert edit.path == tmp_path / "a.jpg.xmp"
        assert edit.reason is not None
        assert "preview" in edit.reason

    def test_what_can_not_be_taken_out_is_said(self, tmp_path: Path) -> None:
        content = packet(array("dc:subject", ["Berlin"]))
        photo = save_jpeg_with(tmp_path / "a.jpg", xmp_segment(content), xmp_segment(content))

        with pytest.raises(MetadataRefusedError, match="can't be taken out"):
            plan(photo, remove=(("Berlin",),))

    def test_a_file_that_is_no_picture_gets_no_sidecar(self, tmp_path: Path) -> None:
        photo = tmp_path / "a.jpg"
        photo.write_text("version https://git-lfs.github.com/spec/v1")

        with pytest.raises(MetadataRefusedError, match="not the kind of picture"):
            plan(photo, BOUQUET)

    def test_a_file_that_is_gone(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadablePhotoError):
            plan(tmp_path / "a.jpg", BOUQUET)
