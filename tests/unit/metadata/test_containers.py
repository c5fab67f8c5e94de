"""JPEG, PNG and WebP: blocks found and replaced, everything else byte for byte."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.blocks import NewBlocks
from tagger.metadata.carriers import open_photo, read_blocks
from tagger.metadata.jpeg import JpegFile
from tagger.metadata.mpf import Growth, correct_offsets
from tagger.metadata.png import PngFile
from tagger.metadata.source import Source
from tagger.metadata.spliced import join
from tagger.metadata.webp import WebpFile
from tests.packets import (
    exif_block,
    exif_segment,
    packet,
    photoshop_segment,
    resource,
    save_jpeg_with,
    segment,
    xmp_segment,
)
from tests.pictures import make_picture

if TYPE_CHECKING:
    from pathlib import Path

PACKET = packet()


def picture_bytes(kind: str, **options: bool) -> bytes:
    buffer = io.BytesIO()
    make_picture().save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_nothing_new_is_the_same_file(kind: str) -> None:
    data = picture_bytes(kind) + b"trailer"
    assert join(open_photo(data).rebuild(NewBlocks())) == data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_new_packet_is_found_again(kind: str) -> None:
    data = picture_bytes(kind)
    after = join(open_photo(data).rebuild(NewBlocks(packet=PACKET)))
    assert read_blocks(Source.of_bytes(after)).packets == (PACKET,)
    again = join(open_photo(after).rebuild(NewBlocks(packet=PACKET * 2)))
    assert open_photo(again).blocks.packets == (PACKET * 2,)
    assert open_photo(again).hash_image() == open_photo(data).hash_image()


def test_new_xmp_stands_behind_jfif_and_exif(tmp_path: Path) -> None:
    icc = segment(0xE2, b"ICC_PROFILE\x00\x01\x01" + b"p" * 50)
    path = save_jpeg_with(tmp_path / "a.jpg", exif_segment(exif_block("")), icc)
    after = JpegFile.parse(path.read_bytes()).rebuild(NewBlocks(packet=PACKET)).join()
    order = [(one.marker, one.payload[:4]) for one in JpegFile.parse(after).segments[:4]]
    assert order == [(0xE0, b"JFIF"), (0xE1, b"Exif"), (0xE1, b"http"), (0xE2, b"ICC_")]


def test_xmp_is_replaced_at_its_place_and_fill_bytes_stay(tmp_path: Path) -> None:
    path = save_jpeg_with(
        tmp_path / "a.jpg", segment(0xFE, b"one"), b"\xff\xff" + xmp_segment(PACKET), b"\xff"
    )
    after = JpegFile.parse(path.read_bytes()).rebuild(NewBlocks(packet=b"<new/>")).join()
    assert b"one\xff\xff" + xmp_segment(b"<new/>") + b"\xff\xff" in after


def test_photoshop_data_longer_than_a_segment_is_split(tmp_path: Path) -> None:
    parts = [resource(0x03ED, bytes([65 + number]) * 30_000) for number in range(4)]
    whole = b"".join(parts)
    path = save_jpeg_with(
        tmp_path / "a.jpg",
        photoshop_segment(whole[:65_000]),
        segment(0xFE, b"between"),
        photoshop_segment(whole[65_000:]),
    )
    jpeg = JpegFile.parse(path.read_bytes())
    assert jpeg.blocks.resources == whole
    longer = whole + resource(0x0404, b"x" * 40_000)
    after = JpegFile.parse(jpeg.rebuild(NewBlocks(resources=longer)))
    assert after.blocks.resources == longer
    assert after.hash_image() == jpeg.hash_image()


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8",
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xe0\x00\x01",
        b"\xff\xd8\xff\xe0\xff\xffshort",
        b"\xff\xd8\xff\xe0\x00\x04ab\x00\x00",
        b"\xff\xd8\xff\xd0\xff\xda",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR",
        b"RIFF\xff\xff\xff\xffWEBPVP8 ",
        b"RIFF\x04\x00\x00\x00WEBP",
        b"GIF89a",
    ],
)
def test_damaged_files_are_refused_and_read_as_far_as_they_go(data: bytes) -> None:
    assert read_blocks(Source.of_bytes(data)).packets == ()
    with pytest.raises(MetadataRefusedError):
        open_photo(data)


class TestMultiPicture:
    def block(self, order: str) -> bytes:
        entries = struct.pack(order + "IIIHH", 0x20030000, 5000, 0, 0, 0)
        entries += struct.pack(order + "IIIHH", 0, 700, 4000, 0, 0)
        ifd = struct.pack(order + "HHHII", 1, 0xB002, 7, len(entries), 26) + bytes(4)
        magic = b"II*\x00" if order == "<" else b"MM\x00*"
        return magic + struct.pack(order + "I", 8) + ifd + entries

    @pytest.mark.parametrize("order", ["<", ">"])
    def test_offsets_follow_growth_behind_and_the_size_all_growth(self, order: str) -> None:
        after = correct_offsets(self.block(order), Growth(whole=100, behind=60))
        assert struct.unpack_from(order + "II", after, 30) == (5100, 0)
        assert struct.unpack_from(order + "II", after, 46) == (700, 4060)

    def test_a_damaged_list_must_not_grow(self) -> None:
        for block in (b"", b"II*\x00", self.block("<")[:-1], b"XX" + self.block("<")[2:]):
            assert correct_offsets(block, Growth(0, 0)) == block
            with pytest.raises(MetadataRefusedError):
                correct_offsets(block, Growth(1, 1))

    def test_a_real_second_image_opens_after_growth(self, photos_dir: Path) -> None:
        data = (photos_dir / "valid" / "jpeg" / "tech_mpo_iphone.mpo").read_bytes()
        after = JpegFile.parse(data).rebuild(NewBlocks(packet=PACKET + b" " * 9000)).join()
        pictures = []
        for content in (data, after):
            with Image.open(io.BytesIO(content)) as image:
                image.seek(1)
                pictures.append(image.tobytes())
        assert pictures[0] == pictures[1]


class TestPng:
    def png_with(self, *chunks: tuple[bytes, bytes]) -> bytes:
        data = picture_bytes("PNG")
        made = b"".join(
            struct.pack(">I", len(content))
            + kind
            + content
            + struct.pack(">I", zlib.crc32(kind + content))
            for kind, content in chunks
        )
        return data[:33] + made + data[33:]

    @pytest.mark.parametrize(
        "chunk",
        [
            (b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + PACKET),
            (b"iTXt", b"XML:com.adobe.xmp\x00\x01\x00en\x00xmp\x00" + zlib.compress(PACKET)),
            (b"zTXt", b"XML:com.adobe.xmp\x00\x00" + zlib.compress(PACKET)),
            (b"tEXt", b"Raw profile type xmp\x00\nxmp\n   9\n" + PACKET.hex().encode() + b"\n"),
        ],
    )
    def test_every_way_to_store_xmp_becomes_the_right_one(self, chunk: tuple[bytes, bytes]) -> None:
        data = self.png_with(chunk)
        photo = PngFile.parse(data)
        assert photo.blocks.packets == (PACKET,)
        after = photo.rebuild(NewBlocks(packet=b"<new/>"))
        assert after.count(b"iTXtXML:com.adobe.xmp\x00\x00\x00\x00\x00<new/>") == 1
        assert PngFile.parse(after).hash_image() == photo.hash_image()
        Image.open(io.BytesIO(after)).load()

    def test_a_bomb_is_a_problem_and_not_inflated(self) -> None:
        bomb = zlib.compress(bytes(40 << 20))
        data = self.png_with((b"iTXt", b"XML:com.adobe.xmp\x00\x01\x00\x00\x00" + bomb))
        blocks = read_blocks(Source.of_bytes(data))
        assert blocks.problems == ("A block of metadata in this PNG can't be unpacked.",)

    def test_exif_is_replaced(self) -> None:
        data = self.png_with((b"eXIf", exif_block("Berlin")))
        after = PngFile.parse(data).rebuild(NewBlocks(exif=b"new"))
        assert PngFile.parse(after).blocks.exif == b"new"


class TestWebp:
    @pytest.mark.parametrize(("lossless", "size"), [(False, (96, 64)), (True, (97, 65))])
    def test_a_plain_file_gets_the_header_that_says_its_size(
        self, lossless: bool, size: tuple[int, int]
    ) -> None:
        buffer = io.BytesIO()
        make_picture(*size).save(buffer, "WEBP", lossless=lossless)
        data = buffer.getvalue()
        assert data[12:15] == b"VP8"
        assert data[15:16] != b"X"

        after = WebpFile.parse(data).rebuild(NewBlocks(packet=PACKET))

        assert after[12:16] == b"VP8X"
        assert Image.open(io.BytesIO(after)).size == size
        assert int.from_bytes(after[4:8], "little") == len(after) - 8
        assert WebpFile.parse(after).features() == WebpFile.parse(data).features()

    def test_exif_with_and_without_identifier(self) -> None:
        for prefix in (b"", b"Exif\x00\x00"):
            buffer = io.BytesIO()
            make_picture().save(buffer, "WEBP", exif=prefix + exif_block("Berlin"))
            photo = WebpFile.parse(buffer.getvalue())
            assert photo.blocks.exif == exif_block("Berlin")
            after = photo.rebuild(NewBlocks(exif=exif_block("Ana")))
            assert WebpFile.parse(after).blocks.exif == exif_block("Ana")
