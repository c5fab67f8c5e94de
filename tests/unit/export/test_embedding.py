"""The metadata of exported pictures, made anew from what the originals hold."""

from __future__ import annotations

import pytest
from PIL import ExifTags, Image

from tagger.export import Notes, Preset, render_photo, select_exif
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
