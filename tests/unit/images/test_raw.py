"""RAW files of many makers, some of them cut."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import ExifTags, Image

from tagger.core.errors import UnreadablePhotoError
from tagger.images import decode_photo, read_capture, read_exif_block

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "taken_at", "camera", "size"),
    [
        ("canon_300D_full.CRW", "2018-01-01T13:03:32", "Canon EOS D30", (2176, 1448)),
        ("canon_R6_pruned.CR3", "2021-05-12T12:21:21.920000", "Canon EOS R6", (3584, 2386)),
        ("exiftool_canon.cr3", "2018-02-21T12:08:56.210000", "Canon EOS M50", (6024, 4020)),
        ("exiftool_minolta.mrw", "2004-11-18T23:14:58", None, (3272, 2456)),
        ("exiftool_nikon.nef", "2004-06-09T16:02:35", "NIKON D70", (3039, 2014)),
        ("exiftool_panasonic.rw2", "2008-08-06T15:21:56", "Panasonic DMC-LX3", (3664, 2754)),
        ("jølstravatnet.pef", None, None, (6040, 4032)),
        ("sample.arw", None, None, (3880, 2608)),
        ("sample.cr2", "2011-08-24T14:41:04", "Canon PowerShot S90", None),
        ("sample.dng", None, None, (2616, 1960)),
        ("sample.nef", None, None, (2012, 1324)),
    ],
)
def test_capture(
    photos_dir: Path,
    name: str,
    taken_at: str | None,
    camera: str | None,
    size: tuple[int, int] | None,
) -> None:
    capture = read_capture(photos_dir / "valid/raw" / name)
    assert capture.taken_at is not None
    assert capture.camera is not None
    assert taken_at is None or capture.taken_at.isoformat() == taken_at
    assert camera is None or capture.camera == camera
    assert size is None or (capture.width, capture.height) == size


@pytest.mark.parametrize(
    ("name", "model", "taken"),
    [
        ("canon_R6_pruned.CR3", "Canon EOS R6", "2021:05:12 12:21:21"),
        ("exiftool_canon.cr3", "Canon EOS M50", "2018:02:21 12:08:56"),
        ("exiftool_minolta.mrw", "DiMAGE A2", "2004:11:18 23:14:58"),
        ("exiftool_nikon.nef", "NIKON D70", "2004:06:09 16:02:35"),
        ("exiftool_panasonic.rw2", "DMC-LX3", "2008:08:06 15:21:56"),
        ("jølstravatnet.pef", "PENTAX K-3 II", "2021:02:05 10:56:53"),
        ("sample.arw", "DSLR-A330", "2009:11:13 13:33:25"),
        ("sample.cr2", "Canon PowerShot S90", "2011:08:24 14:41:04"),
    ],
)
def test_the_exif_block_of_any_container(
    photos_dir: Path, name: str, model: str, taken: str
) -> None:
    exif = Image.Exif()
    exif.load(read_exif_block(photos_dir / "valid/raw" / name))
    assert str(exif[ExifTags.Base.Model]).strip("\0 ") == model
    detail = exif.get_ifd(ExifTags.IFD.Exif)
    assert detail[ExifTags.Base.DateTimeOriginal] == taken


def test_the_computer_s_time_zone_does_not_matter(
    photos_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(time, "tzset"):
        pytest.skip("this system takes no time zone from the environment")
    try:
        for zone in ("America/New_York", "Asia/Tokyo"):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            crw = read_capture(photos_dir / "valid/raw/canon_300D_full.CRW")
            assert str(crw.taken_at) == "2018-01-01 13:03:32"
            nef = read_capture(photos_dir / "valid/raw/exiftool_nikon.nef")
            assert str(nef.taken_at) == "2004-06-09 16:02:35"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_preview_that_is_large_enough_is_used(photos_dir: Path) -> None:
    path = photos_dir / "valid/raw/canon_300D_full.CRW"
    assert decode_photo(path, short_side_px=256).size == (384, 256)
    assert decode_photo(path).size == (1440, 960)


def test_half_size_where_the_preview_is_small(photos_dir: Path) -> None:
    path = photos_dir / "valid/pairs/DSC_1.dng"
    assert decode_photo(path, short_side_px=100).size == (149, 100)
    picture = decode_photo(path, short_side_px=400)
    assert picture.height == 400
    assert np.asarray(picture).std() > 20


@pytest.mark.parametrize("name", ["sample.nef", "sample.dng", "nikon_z9_he_cropped.dng"])
def test_a_small_preview_where_nothing_else_works(photos_dir: Path, name: str) -> None:
    picture = decode_photo(photos_dir / "valid/raw" / name, short_side_px=2000)
    assert min(picture.size) >= 96


def test_pillow_is_the_last_resort(photos_dir: Path) -> None:
    assert decode_photo(photos_dir / "valid/raw/sample.cr2").size == (1600, 1200)


@pytest.mark.parametrize("short_side_px", [100, 400])
@pytest.mark.parametrize(("orientation", "turns"), [(1, 0), (3, 2), (6, 3), (8, 1)])
def test_turned_previews_and_sensor_data(
    photos_dir: Path, tmp_path: Path, short_side_px: int, orientation: int, turns: int
) -> None:
    original = (photos_dir / "valid/pairs/DSC_1.dng").read_bytes()
    entry = b"\x12\x01\x03\x00\x01\x00\x00\x00"
    position = original.index(entry) + len(entry)
    turned = tmp_path / "a.dng"
    turned.write_bytes(original[:position] + bytes((orientation,)) + original[position + 1 :])
    upright = decode_photo(photos_dir / "valid/pairs/DSC_1.dng", short_side_px=short_side_px)
    expected = np.rot90(np.asarray(upright), turns).astype(int)
    found = np.asarray(decode_photo(turned, short_side_px=short_side_px)).astype(int)
    assert found.shape == expected.shape
    assert np.abs(found - expected).mean() < 6
    capture = read_capture(turned)
    assert (capture.width, capture.height) == ((1224, 816) if turns % 2 == 0 else (816, 1224))


def test_no_picture_inside(photos_dir: Path) -> None:
    with pytest.raises(UnreadablePhotoError, match="cut off"):
        decode_photo(photos_dir / "valid/raw/canon_R6_pruned.CR3")


def test_a_text_with_a_raw_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.nef").write_text("no photo " * 100)
    with pytest.raises(UnreadablePhotoError):
        decode_photo(tmp_path / "a.nef")
    with pytest.raises(UnreadablePhotoError):
        read_capture(tmp_path / "a.nef")
