"""Files that would fill the memory are refused by their headers."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tagger.core.errors import PhotoTooLargeError, UnreadablePhotoError
from tagger.images import decode_photo, read_capture, read_exif_block
from tagger.images.thumbnails import read_embedded_thumbnail
from tests.pictures import make_picture

if TYPE_CHECKING:
    from pathlib import Path


def _png(width: int, height: int) -> bytes:
    def chunk(name: bytes, payload: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + payload))
        return struct.pack(">I", len(payload)) + name + payload + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


def _jpeg(path: Path, width: int, height: int, *, progressive: bool = False) -> bytes:
    make_picture(64, 64).save(path, "JPEG", progressive=progressive)
    data = bytearray(path.read_bytes())
    frame = data.index(b"\xff\xc2" if progressive else b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def _tiff(width: int, height: int, tile: int | None = None) -> bytes:
    tags = [(256, width), (257, height), (258, 8), (259, 1), (262, 1), (277, 1)]
    tags += [(273, 8), (278, height), (279, 100)] if tile is None else []
    tags += [(322, tile), (323, tile), (324, 8), (325, 100)] if tile is not None else []
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + b"\0" * 104


def _webp(width: int, height: int) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + size
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _gif(width: int, height: int) -> bytes:
    frame = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\0;"
    return b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0" * 6 + frame


@pytest.mark.parametrize("reader", [read_capture, decode_photo])
@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        ("png", _png(60_000, 60_000)),
        ("png", _png(20_000, 20_000)),
        ("tif", _tiff(60_000, 60_000)),
        ("tif", _tiff(20_000, 20_000)),
        ("tif", _tiff(16, 16, tile=60_000)),
        ("gif", _gif(60_000, 60_000)),
        (
            "bmp",
            b"BM" + struct.pack("<IIIIiiHHI", 0, 0, 54, 40, 60_000, 60_000, 1, 24, 0) + b"\0" * 40,
        ),
        (
            "psd",
            b"8BPS\0\1" + b"\0" * 6 + struct.pack(">HIIHH", 3, 30_000, 30_000, 8, 3) + b"\0" * 40,
        ),
    ],
)
def test_by_format(tmp_path: Path, reader: object, suffix: str, data: bytes) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(data)
    with pytest.raises(PhotoTooLargeError, match="more pixels than can be opened safely"):
        reader(path)  # type: ignore[operator]


@pytest.mark.parametrize("head", [b"\xff\xd8\xff", _webp(9, 9), b"\0\0\0\x10ftypheic", b"II*\0"])
@pytest.mark.parametrize("suffix", ["jpg", "nef"])
def test_a_huge_file_is_not_read(tmp_path: Path, head: bytes, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(head)
    with path.open("r+b") as file:
        file.truncate(5 << 30)  # sparse: takes no space
    for reader in (read_capture, decode_photo):
        with pytest.raises(PhotoTooLargeError, match="larger than 1 GB"):
            reader(path)


def test_a_webp_of_a_huge_canvas(tmp_path: Path) -> None:
    (tmp_path / "a.webp").write_bytes(_webp(16_000, 16_000))
    with pytest.raises((PhotoTooLargeError, UnreadablePhotoError)):
        decode_photo(tmp_path / "a.webp")


def test_a_jpeg_may_be_larger_but_not_without_bound(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(_jpeg(path, 20_000, 20_000))
    assert read_capture(path).width == 20_000
    assert decode_photo(path, short_side_px=256).size == (256, 256)
    with pytest.raises(PhotoTooLargeError):
        decode_photo(path)
    path.write_bytes(_jpeg(path, 30_000, 30_000))
    with pytest.raises(PhotoTooLargeError):
        decode_photo(path, short_side_px=256)
    path.write_bytes(_jpeg(path, 20_000, 20_000, progressive=True))
    with pytest.raises(PhotoTooLargeError):
        decode_photo(path, short_side_px=256)


def test_a_large_panorama_is_no_bomb(tmp_path: Path) -> None:
    Image.new("L", (20_000, 6_000), 90).save(tmp_path / "a.jpg")
    assert decode_photo(tmp_path / "a.jpg", short_side_px=100).size == (333, 100)


_MEASURE = """
import resource, sys
from pathlib import Path
from tagger.core.errors import PhotoError
from tagger.images import decode_photo, read_capture, read_content_id
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for name in sys.argv[1:]:
    for reader in (read_capture, read_content_id, decode_photo):
        try:
            reader(Path(name))
        except PhotoError as error:
            print(error)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
sys.exit(after - before > 200_000)
"""


def test_known_bombs_take_little_memory(photos_dir: Path, tmp_path: Path) -> None:
    bombs = sorted((photos_dir / "bad/bomb").iterdir())
    bombs += [photos_dir / "bad/gif_fuzz/decompression_bomb.gif"]
    bombs += [photos_dir / "bad/jpeg_crashtest/max_size.jpg"]
    made = {"a.webp": _webp(16_000, 16_000), "b.tif": _tiff(16, 16, tile=60_000)}
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
        bombs.append(tmp_path / name)
    command = [sys.executable, "-c", _MEASURE, *map(str, bombs)]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "more pixels than can be opened safely" in finished.stdout


@pytest.mark.parametrize("name", ["gif_fuzz/decompression_bomb.gif", "jpeg_crashtest/max_size.jpg"])
def test_nothing_is_borrowed_from_a_bomb(photos_dir: Path, name: str) -> None:
    assert read_exif_block(photos_dir / "bad" / name) == b""
    assert read_embedded_thumbnail(photos_dir / "bad" / name) is None
