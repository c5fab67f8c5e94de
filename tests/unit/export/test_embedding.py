"""The metadata of exported pictures, made anew from what the originals hold."""

from __future__ import annotations

import pytest
from lxml import etree
from PIL import ExifTags, Image

from tagger.export import Notes, Preset, make_xmp, render_photo, select_exif
from tagger.export.render import Extras
from tests.pictures import make_picture


@pytest.mark.parametrize(("size", "is_kept"), [(1_000, True), (70_000, False)])
def test_makers_notes_are_kept_unless_they_fill_a_jpeg_s_segment_alone(
    size: int, *, is_kept: bool
) -> None:
    original = Image.Exif()
    original[ExifTags.IFD.Exif] = {
        ExifTags.Base.DateTimeOriginal: "2026:06:20 15:00:00",
        ExifTags.Base.MakerNote: bytes(size),
    }
    fields = {"name": "a", "title": "A", "description": "A.", "fit": "inside"}
    preset = Preset.model_validate(fields | {"metadata": "all", "keep_private": True})

    block = select_exif(original.tobytes(), preset, Notes())

    assert render_photo(make_picture(), preset, Extras(exif=block))
    assert (bytes(size) in block) is is_kept
    assert b"2026:06:20 15:00:00" in block


def test_words_stay_apart_and_letters_joined_in_what_is_said_of_a_picture() -> None:
    fields = {"name": "a", "title": "A", "description": "A.", "fit": "inside"}
    preset = Preset.model_validate(fields | {"metadata": "all"})
    notes = Notes(
        creator="\u5c71\u7530\u3000\u592a\u90ce",
        copyright="Ana\u00a0Berg\nAll rights\x07 reserved & \ufffekept",
        keywords=("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",),
    )
    packet = make_xmp(preset, notes)
    text = packet.decode()
    assert notes.creator in text
    assert "Ana\u00a0Berg\nAll rights reserved &amp; kept" in text
    assert notes.keywords[0] in text
    assert etree.fromstring(packet.partition(b"?>")[2].rpartition(b"<?")[0]) is not None
