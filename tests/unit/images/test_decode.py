"""Upright, sRGB, of the right size, from every format."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageFile

from tagger.core.errors import UnreadablePhotoError
from tagger.images import decode_photo
from tests.pictures import make_picture

if TYPE_CHECKING:
    from pathlib import Path

TURNS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a picture must lie in the file so that the orientation brings it upright."""


def _distance(first: Image.Image, second: Image.Image) -> float:
    assert first.size == second.size
    return float(np.abs(np.asarray(first).astype(int) - np.asarray(second).astype(int)).mean())


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "avif"])
@pytest.mark.parametrize("orientation", TURNS)
def test_orientation(tmp_path: Path, suffix: str, orientation: int) -> None:
    upright = make_picture(128, 64)
    turn = TURNS[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = upright if turn is None else upright.transpose(turn)
    stored.save(tmp_path / f"a.{suffix}", exif=exif, quality=95)
    assert _distance(decode_photo(tmp_path / f"a.{suffix}"), upright) < 3
    small = decode_photo(tmp_path / f"a.{suffix}", short_side_px=16)
    assert _distance(small, upright.resize((32, 16), Image.Resampling.BILINEAR)) < 4


@pytest.mark.parametrize("orientation", range(1, 9))
def test_real_photos_of_all_orientations_look_alike(photos_dir: Path, orientation: int) -> None:
    folder = photos_dir / "valid/orientation"
    first = decode_photo(folder / "landscape_1.jpg", short_side_px=64)
    other = decode_photo(folder / f"landscape_{orientation}.jpg", short_side_px=64)
    assert _distance(first, other) < 6  # the digit painted into each differs
    assert _distance(first, other.transpose(Image.Transpose.ROTATE_180)) > 30


def test_a_heif_file_is_turned_once(photos_dir: Path) -> None:
    path = photos_dir / "valid/orientation/sony_6_right_top.HIF"
    assert decode_photo(path, short_side_px=32).size == (32, 48)


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({}, (1200, 800)),
        ({"short_side_px": 256}, (384, 256)),
        ({"short_side_px": 800}, (1200, 800)),
        ({"short_side_px": 5000}, (1200, 800)),
        ({"long_side_px": 100}, (100, 66)),
        ({"short_side_px": 256, "long_side_px": 300}, (300, 200)),
    ],
)
@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_size(
    tmp_path: Path, suffix: str, bounds: dict[str, int], expected: tuple[int, int]
) -> None:
    make_picture(1200, 800).save(tmp_path / f"a.{suffix}")
    assert decode_photo(tmp_path / f"a.{suffix}", **bounds).size == expected


def test_scaling_while_decoding_looks_like_scaling_afterwards(wedding_dir: Path) -> None:
    path = next((wedding_dir / "images/bouquet").glob("*.jpg"))
    found = decode_photo(path, short_side_px=64)
    with Image.open(path) as image:
        expected = image.convert("RGB").resize(found.size, Image.Resampling.BILINEAR)
    assert _distance(found, expected) < 4


def test_the_result_is_plain(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 3
    make_picture().save(tmp_path / "a.jpg", exif=exif, comment=b"hello")
    picture = decode_photo(tmp_path / "a.jpg")
    assert picture.mode == "RGB"
    assert picture.info == {}
    assert not picture.getexif()
    assert type(picture) is Image.Image


def test_animations_show_their_first_frame(tmp_path: Path) -> None:
    frames = [make_picture(seed=seed) for seed in (1, 2)]
    for suffix in ("png", "webp", "gif"):
        frames[0].save(tmp_path / f"a.{suffix}", save_all=True, append_images=frames[1:])
        assert _distance(decode_photo(tmp_path / f"a.{suffix}"), frames[0]) < 8


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "gif", "bmp", "avif"])
def test_content_tells_the_format_not_the_suffix(tmp_path: Path, suffix: str) -> None:
    picture = make_picture()
    picture.save(tmp_path / f"a.{suffix}")
    for lie in ("a.heic", "a.nef", "a.png", "a.JPG"):
        (tmp_path / lie).write_bytes((tmp_path / f"a.{suffix}").read_bytes())
        if suffix != "tif" or lie != "a.nef":
            assert _distance(decode_photo(tmp_path / lie), picture) < 12


@pytest.mark.parametrize("short_side_px", [None, 32])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_cut_jpeg_is_refused(
    tmp_path: Path, short_side_px: int | None, progressive: bool
) -> None:
    path = tmp_path / "a.jpg"
    make_picture(800, 600).save(path, progressive=progressive)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnreadablePhotoError, match=r"^The picture is cut off: ") as caught:
        decode_photo(path, short_side_px=short_side_px)
    assert isinstance(caught.value.__cause__, OSError)
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


@pytest.mark.parametrize("suffix", ["png", "webp", "tif", "gif", "bmp", "avif"])
def test_other_cut_files_are_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.effect_noise((200, 200), 90).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnreadablePhotoError):
        decode_photo(path)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePhotoError, match="no longer there"):
        decode_photo(tmp_path / "gone.jpg")
    with pytest.raises(UnreadablePhotoError, match="could not read"):
        decode_photo(tmp_path)


def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / b"caf\xe9.jpg".decode("utf-8", "surrogateescape")
    make_picture().save(path)
    assert decode_photo(path).size == (96, 64)


def test_odd_exif_warns_nobody(photos_dir: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
        for path in sorted((photos_dir / "bad/exif_broken").iterdir()):
            try:
                decode_photo(path, short_side_px=32)
            except UnreadablePhotoError:
                continue
