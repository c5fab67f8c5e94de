"""What the camera wrote, however it wrote it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tagger.core.errors import UnreadablePhotoError
from tagger.core.photo import Capture
from tagger.images import read_capture
from tests.pictures import make_picture, save_jpeg

if TYPE_CHECKING:
    from pathlib import Path

MAKE, MODEL, ORIENTATION, DATE, EXIF_IFD = 0x010F, 0x0110, 0x0112, 0x0132, 0x8769
ORIGINAL, DIGITISED, SUBSEC_ORIGINAL = 0x9003, 0x9004, 0x9291


def _save(path: Path, tags: dict[int, object], details: dict[int, object] | None = None) -> Path:
    exif = Image.Exif()
    exif.update(tags)
    exif.get_ifd(EXIF_IFD).update(details or {})
    make_picture().save(path, exif=exif)
    return path


def test_all_fields(tmp_path: Path) -> None:
    path = _save(
        tmp_path / "a.jpg",
        {MAKE: "Canon\0", MODEL: " Canon EOS R6 ", ORIENTATION: 6, DATE: "2026:01:01 00:00:00"},
        {ORIGINAL: "2026:06:20 15:04:05", SUBSEC_ORIGINAL: "92 "},
    )
    taken_at = datetime(2026, 6, 20, 15, 4, 5, 920_000)  # noqa: DTZ001
    assert read_capture(path) == Capture(taken_at, "Canon EOS R6", 64, 96, 6)


@pytest.mark.parametrize(
    ("tags", "details", "expected"),
    [
        ({DATE: "2026:01:02 03:04:05"}, {}, "2026-01-02T03:04:05"),
        ({DATE: "2026:01:02 03:04:05"}, {DIGITISED: "2025:01:02 03:04:05"}, "2025-01-02T03:04:05"),
        (
            {},
            {ORIGINAL: "0000:00:00 00:00:00", DIGITISED: "2025:01:02 03:04:05"},
            "2025-01-02T03:04:05",
        ),
        ({}, {ORIGINAL: "2026-01-02 03:04:05"}, "2026-01-02T03:04:05"),
        ({}, {ORIGINAL: "2026:01:02 03:04:05", SUBSEC_ORIGINAL: "x"}, "2026-01-02T03:04:05"),
        ({}, {ORIGINAL: "2026:13:02 03:04:05"}, None),
        ({}, {ORIGINAL: "2026:02:30 03:04:05"}, None),
        ({}, {ORIGINAL: "0001:01:01 00:00:00"}, None),
        ({}, {ORIGINAL: "    :  :     :  :  "}, None),
        ({}, {ORIGINAL: ""}, None),
        ({}, {ORIGINAL: 7}, None),
    ],
)
def test_dates(
    tmp_path: Path, tags: dict[int, object], details: dict[int, object], expected: str | None
) -> None:
    taken_at = read_capture(_save(tmp_path / "a.jpg", tags, details)).taken_at
    assert (taken_at and taken_at.isoformat()) == expected


@pytest.mark.parametrize(
    ("maker", "model", "expected"),
    [
        ("NIKON CORPORATION", "NIKON D5000", "NIKON D5000"),
        ("SONY", "ILCE-7M3", "SONY ILCE-7M3"),
        ("Canon", "canon eos", "canon eos"),
        ("", "iPhone 4", "iPhone 4"),
        ("Leica", "", "Leica"),
        (" ", "\0\0", None),
    ],
)
def test_cameras(tmp_path: Path, maker: str, model: str, expected: str | None) -> None:
    assert read_capture(_save(tmp_path / "a.jpg", {MAKE: maker, MODEL: model})).camera == expected


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_sizes_are_as_displayed(tmp_path: Path, suffix: str, orientation: int) -> None:
    path = _save(tmp_path / f"a.{suffix}", {ORIENTATION: orientation})
    capture = read_capture(path)
    assert (capture.width, capture.height) == ((96, 64) if orientation < 5 else (64, 96))
    assert capture.orientation == orientation


def test_a_late_exif_chunk_of_a_png_counts(tmp_path: Path) -> None:
    path = _save(tmp_path / "a.png", {ORIENTATION: 6})
    data = path.read_bytes()
    start = data.index(b"eXIf") - 4
    end = start + 12 + int.from_bytes(data[start : start + 4], "big")
    path.write_bytes(data[:start] + data[end:-12] + data[start:end] + data[-12:])
    assert read_capture(path).orientation == 6


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_orientations_that_are_none(tmp_path: Path, orientation: int) -> None:
    assert read_capture(_save(tmp_path / "a.jpg", {ORIENTATION: orientation})).orientation == 1


def test_damaged_exif_is_no_error(tmp_path: Path) -> None:
    path = save_jpeg(tmp_path / "a.jpg", taken_at="2026:06:20 15:04:05")
    data = path.read_bytes()
    for position in range(data.index(b"Exif"), data.index(b"Exif") + 60):
        path.write_bytes(data[:position] + b"\xff" + data[position + 1 :])
        assert read_capture(path).width == 96


def test_no_exif_at_all(tmp_path: Path) -> None:
    make_picture().save(tmp_path / "a.gif")
    assert read_capture(tmp_path / "a.gif") == Capture(None, None, 96, 64, 1)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"version https://git-lfs", "The file is not a picture that can be opened."),
        (b"\xff\xd8\xff\xd9", "The file is not a picture that can be opened."),
    ],
)
def test_what_no_reader_opens(tmp_path: Path, data: bytes, sentence: str) -> None:
    (tmp_path / "a.jpg").write_bytes(data)
    with pytest.raises(UnreadablePhotoError) as caught:
        read_capture(tmp_path / "a.jpg")
    assert str(caught.value) == sentence
