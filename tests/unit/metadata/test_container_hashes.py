"""The hash that watches over what exiftool writes: it sees every byte of the picture."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.bmff import Reader, iter_boxes, iter_locations
from tagger.metadata.carriers import open_photo
from tagger.metadata.edits import CarrierEdit
from tagger.metadata.heif_file import HeifFile
from tagger.metadata.source import Source
from tagger.metadata.tiff import XMP_TAG, read_directory
from tagger.metadata.tiff_file import TiffFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STRIPS, STRIP_BYTES, SUB_DIRECTORIES, ORIENTATION = 273, 279, 330, 274


def flip(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def test_every_strip_and_tag_of_a_tiff_counts_and_its_xmp_does_not(photos_dir: Path) -> None:
    data = (photos_dir / "valid/tiff/kw_sunrise_lr.tif").read_bytes()
    expected = TiffFile.parse(data).hash_image()
    directory = read_directory(Source.of_bytes(data))
    starts, sizes = (
        struct.unpack_from(f"{directory.order}{entry.count}I", data, entry.value_offset)
        for entry in (directory.entries[STRIPS], directory.entries[STRIP_BYTES])
    )

    for start, size in zip(starts, sizes, strict=True):
        for place in (start, start + size // 2, start + size - 1):
            assert TiffFile.parse(flip(data, place)).hash_image() != expected
    turned = flip(data, directory.entries[ORIENTATION].value_offset)
    assert TiffFile.parse(turned).hash_image() != expected
    packet = directory.entries[XMP_TAG]
    edited = flip(data, packet.value_offset + packet.size // 2)
    assert TiffFile.parse(edited).hash_image() == expected


def test_previews_below_the_first_directory_count(photos_dir: Path) -> None:
    data = (photos_dir / "valid/raw/exiftool_dng.dng").read_bytes()
    expected = TiffFile.parse(data).hash_image()
    directory = read_directory(Source.of_bytes(data))
    below = directory.entries[SUB_DIRECTORIES]
    first = struct.unpack_from(f"{directory.order}I", data, below.value_offset)[0]

    assert TiffFile.parse(flip(data, first + 2 + 8)).hash_image() != expected


@pytest.mark.parametrize("name", ["multi_image_zPug_3.heic", "avif_exif_xmp.avif"])
def test_every_item_of_a_heif_counts(photos_dir: Path, name: str) -> None:
    """Of Exif what stands before the block; the block itself is compared when it is verified."""
    path = photos_dir / "valid/heif" / name
    data = path.read_bytes()
    photo = HeifFile.parse(data)
    packets, exif = photo.blocks.packets, photo.blocks.exif or b"no Exif"

    seen = 0
    for start, size in item_places(data):
        content = data[start : start + size]
        for place in (start, start + size // 2, start + size - 1):
            changed = flip(data, place)
            is_in_exif = content.endswith(exif) and place >= start + size - len(exif)
            is_same = HeifFile.parse(changed).hash_image() == photo.hash_image()
            assert is_same is (content in packets or is_in_exif)
            if content not in packets:
                with pytest.raises(MetadataRefusedError):
                    CarrierEdit(path, data, changed).verify(changed)
        seen += 1
    assert seen > 2
    assert (exif in data) is name.endswith(".avif")


def item_places(data: bytes) -> Iterator[tuple[int, int]]:
    source = Source.of_bytes(data)
    (meta,) = [box for box in iter_boxes(source, 0, len(data)) if box.kind == b"meta"]
    (iloc,) = [box for box in iter_boxes(source, meta.start + 4, meta.end) if box.kind == b"iloc"]
    for _, method, extents in iter_locations(Reader(data[iloc.start : iloc.end])):
        if method == 0:
            yield from extents


@pytest.mark.parametrize("name", ["tiff/lab.tif", "heif/rexiv2_mini.HEIC"])
def test_a_file_that_is_cut_off_is_refused_or_another_one(photos_dir: Path, name: str) -> None:
    data = (photos_dir / "valid" / name).read_bytes()
    expected = open_photo(data).hash_image()
    for end in range(0, len(data) - 1, max(1, len(data) // 60)):
        try:
            assert open_photo(data[:end]).hash_image() != expected, end
        except MetadataRefusedError:
            continue
