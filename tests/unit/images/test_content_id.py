"""Metadata may change, image data may not."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

import pytest
import xxhash
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from tagger.core.errors import UnreadablePhotoError
from tagger.images import read_content_id
from tests.pictures import make_picture, save_jpeg

if TYPE_CHECKING:
    from pathlib import Path


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload


def _riff_chunk(name: bytes, payload: bytes) -> bytes:
    return name + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2)


def test_jpeg_ignores_all_before_the_first_scan(tmp_path: Path) -> None:
    plain = save_jpeg(tmp_path / "a.jpg")
    data = plain.read_bytes()
    tagged = tmp_path / "b.jpg"
    packets = _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + b"x" * 60_000)
    tagged.write_bytes(data[:2] + packets + b"\xff" + _segment(0xED, b"Photoshop 3.0\0") + data[2:])
    assert read_content_id(tagged) == read_content_id(plain)
    assert read_content_id(plain) == xxhash.xxh3_128_hexdigest(data[data.index(b"\xff\xda") :])


def test_jpeg_takes_what_follows_the_picture_for_image_data(tmp_path: Path) -> None:
    plain = save_jpeg(tmp_path / "a.jpg")
    trailed = tmp_path / "b.jpg"
    trailed.write_bytes(plain.read_bytes() + b"gain map")
    assert read_content_id(trailed) != read_content_id(plain)


def test_jpegs_with_other_pixels_differ(tmp_path: Path) -> None:
    first, second = save_jpeg(tmp_path / "a.jpg", seed=1), save_jpeg(tmp_path / "b.jpg", seed=2)
    assert read_content_id(first) != read_content_id(second)


def test_png_ignores_text_and_exif(tmp_path: Path) -> None:
    picture = make_picture()
    picture.save(tmp_path / "a.png")
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", "<x/>" * 1000)
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(tmp_path / "b.png", pnginfo=text, exif=exif)
    assert read_content_id(tmp_path / "a.png") == read_content_id(tmp_path / "b.png")
    make_picture(seed=9).save(tmp_path / "c.png")
    assert read_content_id(tmp_path / "a.png") != read_content_id(tmp_path / "c.png")


def test_png_palettes_and_frames_count(tmp_path: Path) -> None:
    palette = make_picture().quantize(8)
    palette.save(tmp_path / "a.png")
    colours = list(palette.getpalette() or ())
    colours[0] ^= 1
    palette.putpalette(colours)
    palette.save(tmp_path / "b.png")
    assert read_content_id(tmp_path / "a.png") != read_content_id(tmp_path / "b.png")
    frames = [make_picture(seed=seed) for seed in (1, 2, 3)]
    frames[0].save(tmp_path / "c.png", save_all=True, append_images=frames[1:2])
    frames[0].save(tmp_path / "d.png", save_all=True, append_images=frames[2:])
    assert read_content_id(tmp_path / "c.png") != read_content_id(tmp_path / "d.png")


@pytest.mark.parametrize("lossless", [False, True])
def test_webp_ignores_metadata_and_header(tmp_path: Path, lossless: bool) -> None:
    picture = make_picture()
    picture.save(tmp_path / "a.webp", lossless=lossless)
    picture.save(tmp_path / "b.webp", lossless=lossless, xmp=b"<x/>" * 999, exif=b"Exif\0\0MM\0*")
    assert read_content_id(tmp_path / "a.webp") == read_content_id(tmp_path / "b.webp")
    make_picture(seed=9).save(tmp_path / "c.webp", lossless=lossless)
    assert read_content_id(tmp_path / "a.webp") != read_content_id(tmp_path / "c.webp")


def test_content_tells_the_format_not_the_suffix(tmp_path: Path) -> None:
    make_picture().save(tmp_path / "a.png")
    (tmp_path / "b.jpg").write_bytes((tmp_path / "a.png").read_bytes())
    assert read_content_id(tmp_path / "b.jpg") == read_content_id(tmp_path / "a.png")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8\xff\xe1\x00\x01rest",
        b"\xff\xd8\xff\xe1\x00\x10no marker after this\x00\x00\x00",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\x00IEND\xaeB`\x82",
        b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIDATabc",
        b"RIFF\x04\x00\x00\x00WEBP",
        b"RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xffabc",
        b"a text",
    ],
)
def test_broken_structure_is_hashed_as_a_whole(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a").write_bytes(data)
    assert read_content_id(tmp_path / "a") == xxhash.xxh3_128_hexdigest(data)


def test_a_cut_jpeg_differs_from_the_whole_one(tmp_path: Path) -> None:
    whole = save_jpeg(tmp_path / "a.jpg", width=400, height=300)
    cut = tmp_path / "b.jpg"
    cut.write_bytes(whole.read_bytes()[:-500])
    assert read_content_id(cut) != read_content_id(whole)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    head=st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBP"]),
    rest=st.binary(max_size=80),
)
def test_no_bytes_are_too_odd(tmp_path: Path, head: bytes, rest: bytes) -> None:
    (tmp_path / "a").write_bytes(head + rest)
    assert len(read_content_id(tmp_path / "a")) == 32


@given(payload=st.binary(min_size=1, max_size=200), other=st.binary(max_size=50))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_webp_metadata_chunks_never_count(tmp_path: Path, payload: bytes, other: bytes) -> None:
    image = _riff_chunk(b"VP8L", payload)
    for name, chunks in (("a", image), ("b", image + _riff_chunk(b"XMP ", other))):
        body = b"WEBP" + chunks
        (tmp_path / name).write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    assert read_content_id(tmp_path / "a") == read_content_id(tmp_path / "b")


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePhotoError, match=r"^The file is no longer there\.$"):
        read_content_id(tmp_path / "gone.jpg")


def test_large_files_are_read_in_blocks(tmp_path: Path) -> None:
    data = bytes(range(256)) * 4 * 3000
    (tmp_path / "a.raw").write_bytes(data)
    assert read_content_id(tmp_path / "a.raw") == xxhash.xxh3_128_hexdigest(data)
    buffer = io.BytesIO()
    make_picture(16, 16).save(buffer, "JPEG")
    (tmp_path / "b.jpg").write_bytes(buffer.getvalue() + data)
    scan = buffer.getvalue()[buffer.getvalue().index(b"\xff\xda") :]
    assert read_content_id(tmp_path / "b.jpg") == xxhash.xxh3_128_hexdigest(scan + data)
