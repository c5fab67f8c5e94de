"""Copies: the same picture, and no place to be found in it."""

from __future__ import annotations

import io
import json
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageChops

from tagger.core.errors import (
    MetadataRefusedError,
    PhotoError,
    PhotoTooLargeError,
    UnreadablePhotoError,
)
from tagger.export import copy_photo
from tests.pictures import make_picture, save_jpeg

if TYPE_CHECKING:
    from pathlib import Path

SECRET = b"Hidden Lane 7"


def _save_with_place(path: Path, *, progressive: bool = False) -> Path:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Canon"
    exif[ExifTags.Base.Artist] = "Zo\u00eb".encode()
    exif[ExifTags.Base.Copyright] = "All rights reserved"
    exif[ExifTags.Base.ImageDescription] = SECRET
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:06:20 15:04:05"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = SECRET
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (48.0, 8.0, 14.0)
    make_picture(200, 120).save(
        path, exif=exif, comment=SECRET, xmp=SECRET, progressive=progressive, quality=92
    )
    path.write_bytes(path.read_bytes() + b"trailer " + SECRET)
    return path


@pytest.mark.parametrize("progressive", [False, True])
def test_the_picture_stays_and_the_place_goes(tmp_path: Path, progressive: bool) -> None:
    source = _save_with_place(tmp_path / "a.jpg", progressive=progressive)
    before = source.read_bytes()
    copied = copy_photo(source)
    assert SECRET not in copied
    scan = before.index(b"\xff\xda")
    assert copied.endswith(before[scan : before.index(b"trailer")])
    with Image.open(io.BytesIO(copied)) as image, Image.open(source) as original:
        assert (np.asarray(image) == np.asarray(original)).all()
        exif = image.getexif()
    assert dict(exif).keys() == {
        ExifTags.Base.Orientation,
        ExifTags.Base.Make,
        ExifTags.Base.Artist,
        ExifTags.Base.Copyright,
        ExifTags.IFD.Exif,
    }
    assert exif[ExifTags.Base.Orientation] == 6
    assert exif[ExifTags.Base.Artist].encode("latin-1") == "Zo\u00eb".encode()
    detail = exif.get_ifd(ExifTags.IFD.Exif)
    assert detail == {ExifTags.Base.DateTimeOriginal: "2026:06:20 15:04:05"}
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    "hiding",
    [
        b"\xff\xe0\x00\x1dJFIF\x00\x01\x01\x00\x00\x01\x00\x01\x02\x02" + SECRET[:12] + b"\x00",
        b"\xff\xee\x00\x1bAdobe\x00\x64\x00\x00\x00\x00\x01" + SECRET,
    ],
    ids=["the thumbnail of JFIF", "behind Adobe's fields"],
)
def test_nothing_hides_in_the_segments_that_stay(tmp_path: Path, hiding: bytes) -> None:
    buffer = io.BytesIO()
    make_picture(64, 48).save(buffer, "JPEG")
    plain = buffer.getvalue()
    behind_jfif = 4 + int.from_bytes(plain[4:6], "big")
    start = 2 if hiding[1] == 0xE0 else behind_jfif
    source = tmp_path / "a.jpg"
    source.write_bytes(plain[:start] + hiding + plain[behind_jfif:])

    copy = copy_photo(source)

    assert SECRET[:12] in source.read_bytes()
    assert SECRET[:12] not in copy
    with Image.open(source) as before, Image.open(io.BytesIO(copy)) as after:
        assert ImageChops.difference(before, after).getbbox() is None


def test_copying_a_copy_changes_nothing(tmp_path: Path) -> None:
    once = copy_photo(_save_with_place(tmp_path / "a.jpg"))
    (tmp_path / "b.jpg").write_bytes(once)
    assert copy_photo(tmp_path / "b.jpg") == once


def test_the_profile_stays(tmp_path: Path) -> None:
    profile = bytes(range(256)) * 600  # split over several segments
    make_picture().save(tmp_path / "a.jpg", icc_profile=profile)
    with Image.open(io.BytesIO(copy_photo(tmp_path / "a.jpg"))) as image:
        assert image.info["icc_profile"] == profile


def test_exiftool_finds_no_place_in_copies_of_real_photos(
    exiftool: str, photos_dir: Path, tmp_path: Path
) -> None:
    copied = 0
    for source in sorted((photos_dir / "valid").rglob("*")):
        if source.suffix.lower() not in {".jpg", ".jpeg", ".mpo"}:
            continue
        try:
            content = copy_photo(source)
        except UnreadablePhotoError:
            continue
        (tmp_path / f"{copied}.jpg").write_bytes(content)
        copied += 1
        if source.name == "tech_jpeg_lossless.jpg":  # Pillow opens neither
            continue
        with Image.open(io.BytesIO(content)) as image, Image.open(source) as original:
            original.draft(None, (64, 64))
            image.draft(None, (64, 64))
            assert ImageChops.difference(image, original.convert(image.mode)).getbbox() is None
    assert copied > 60
    command = [exiftool, "-json", "-G0:1", "-a", "-u", "-r", str(tmp_path)]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert len(found) == copied
    allowed = {"File", "ExifTool", "System", "JFIF", "ICC_Profile", "APP14", "Composite", "EXIF"}
    for photo in found:
        keys = [key for key in photo if ":" in key]
        assert {key.split(":")[0] for key in keys} <= allowed
        assert not [key for key in keys if "GPS" in key]
        assert not [key for key in keys if key.endswith(("Warning", "Error"))]


def test_odd_exif_is_left_out(tmp_path: Path) -> None:
    path = save_jpeg(tmp_path / "a.jpg", taken_at="2026:06:20 15:04:05", orientation=6)
    data = path.read_bytes()
    start = data.index(b"Exif")
    for position in range(start, start + 80):
        path.write_bytes(data[:position] + b"\xff" + data[position + 1 :])
        with Image.open(io.BytesIO(copy_photo(path))) as image:
            image.load()


@pytest.mark.parametrize("suffix", ["png", "webp", "tif"])
def test_other_formats_are_refused_with_a_way_out(tmp_path: Path, suffix: str) -> None:
    make_picture().save(tmp_path / f"a.{suffix}")
    with pytest.raises(MetadataRefusedError, match="preset full"):
        copy_photo(tmp_path / f"a.{suffix}")


def test_damaged_and_missing_files(tmp_path: Path) -> None:
    path = save_jpeg(tmp_path / "a.jpg", width=400, height=300)
    data = path.read_bytes()
    for cut in (b"\xff\xd8\xff", b"\xff\xd8\xff\xd9", data[:30], data[:-2], data[: len(data) // 2]):
        path.write_bytes(cut)
        with pytest.raises(UnreadablePhotoError, match="damaged or cut off"):
            copy_photo(path)
    with pytest.raises(UnreadablePhotoError, match="can't be read"):
        copy_photo(tmp_path / "gone.jpg")
    with path.open("r+b") as file:
        file.truncate(5 << 30)  # sparse: takes no space
    with pytest.raises(PhotoTooLargeError):
        copy_photo(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(position=st.integers(2, 1200), value=st.integers(0, 255))
def test_any_damage_gives_a_copy_or_one_sentence(tmp_path: Path, position: int, value: int) -> None:
    data = bytearray(_save_with_place(tmp_path / "a.jpg").read_bytes())
    data[position] = value
    (tmp_path / "a.jpg").write_bytes(data)
    with suppress(PhotoError):
        assert copy_photo(tmp_path / "a.jpg").startswith(b"\xff\xd8\xff")
