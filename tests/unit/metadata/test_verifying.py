"""The last gate: every kind of harm to a planned edit is noticed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import MetadataRefusedError
from tagger.metadata import CarrierEdit, KeywordChange, plan_edits
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
from tests.pictures import make_picture

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
CHANGE = KeywordChange(add=(("Wedding", "Bouquet"),))


@pytest.fixture
def edit(tmp_path: Path) -> CarrierEdit:
    """An edit of a JPEG that has XMP, IPTC and Windows keywords and a maker note."""
    content = packet(
        array("dc:subject", ["Berlin"]),
        array("acme:Things", ["one", "two"]),
        '<acme:Note xml:lang="de">Notiz</acme:Note>',
        attributes='acme:Mode="fast"',
    )
    iptc = dataset(2, 25, b"Berlin") + dataset(2, 120, b"caption")
    photo = save_jpeg_with(
        tmp_path / "a.jpg",
        exif_segment(exif_block("Berlin")),
        photoshop_segment(resource(0x03ED, b"resolution"), resource(0x0404, iptc)),
        xmp_segment(content),
    )
    (planned,) = plan_edits(photo, CHANGE, now=NOW)
    planned.verify(planned.after)
    return planned


def test_other_bytes_than_planned(edit: CarrierEdit) -> None:
    with pytest.raises(MetadataRefusedError, match="not what was planned"):
        edit.verify(edit.after[:-1])


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (b"maker note", b"MAKER NOTE", "Exif"),
        (b"ACME", b"acme", "Exif"),
        (b"resolution", b"RESOLUTION", "Photoshop"),
        (b"caption", b"CAPTION", "IPTC"),
        (b">two<", b">TWO<", "other programs"),
        (b'acme:Mode="fast"', b'acme:Mode="slow"', "other programs"),
        (b'xml:lang="de"', b'xml:lang="en"', "other programs"),
        (b"http://acme.example/1.0/", b"http://acme.example/2.0/", "other programs"),
        (b"</x:xmpmeta>", b"</x:xmpmetb>", "read back|can't be read"),
        (b"JFIF", b"JFIX", "picture itself"),
    ],
)
def test_harm_is_noticed(edit: CarrierEdit, old: bytes, new: bytes, sentence: str) -> None:
    assert old in edit.after
    harmed = replace(edit, new=edit.after.replace(old, new))
    with pytest.raises(MetadataRefusedError, match=sentence):
        harmed.verify(harmed.after)


def test_one_changed_bit_of_the_picture(edit: CarrierEdit) -> None:
    after = bytearray(edit.after)
    after[-40] ^= 1
    with pytest.raises(MetadataRefusedError, match="picture itself"):
        replace(edit, new=bytes(after)).verify(bytes(after))


def test_png_and_webp_keep_their_other_chunks(tmp_path: Path) -> None:
    for suffix in (".png", ".webp"):
        photo = tmp_path / f"a{suffix}"
        make_picture().save(photo)
        (edit,) = plan_edits(photo, CHANGE, now=NOW)
        edit.verify(edit.after)
        position = edit.after.index(b"IDAT" if suffix == ".png" else b"VP8 ") + 20
        after = bytearray(edit.after)
        after[position] ^= 1
        with pytest.raises(MetadataRefusedError, match="picture itself"):
            replace(edit, new=bytes(after)).verify(bytes(after))


def test_webp_features_count_as_picture(tmp_path: Path) -> None:
    photo = tmp_path / "a.webp"
    make_picture().save(photo)
    (edit,) = plan_edits(photo, CHANGE, now=NOW)
    after = bytearray(edit.after)
    after[20] |= 0x02  # says "animated"
    with pytest.raises(MetadataRefusedError, match="look different"):
        replace(edit, new=bytes(after)).verify(bytes(after))


def test_sidecar_of_another_program(tmp_path: Path) -> None:
    photo = tmp_path / "a.nef"
    photo.write_bytes(bytes(16))
    (tmp_path / "a.xmp").write_bytes(packet("<acme:Note>keep</acme:Note>"))
    (edit,) = plan_edits(photo, CHANGE, now=NOW)
    edit.verify(edit.after)
    after = edit.after.replace(b"keep", b"lost")
    with pytest.raises(MetadataRefusedError, match="other programs"):
        replace(edit, new=after).verify(after)
