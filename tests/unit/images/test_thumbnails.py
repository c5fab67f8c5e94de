from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tagger.core.errors import UnreadablePhotoError
from tagger.images.thumbnails import (
    THUMBNAIL_PX,
    make_thumbnail,
    open_thumbnail,
    read_embedded_thumbnail,
)
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from pathlib import Path


def test_a_thumbnail_is_a_small_upright_jpeg(tmp_path: Path) -> None:
    path = save_jpeg(tmp_path / "a.jpg", width=900, height=600, orientation=6)

    content = make_thumbnail(path)

    with Image.open(io.BytesIO(content)) as image:
        assert image.format == "JPEG"
        assert image.size == (THUMBNAIL_PX * 600 // 900, THUMBNAIL_PX)
        assert not image.getexif()


def test_opening_scales_to_the_side_asked_for(tmp_path: Path) -> None:
    content = make_thumbnail(save_jpeg(tmp_path / "a.jpg", width=900, height=600))

    assert open_thumbnail(content, 240).size == (240, 160)
    with pytest.raises(UnreadablePhotoError):
        open_thumbnail(b"nothing", 240)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_cameras_own_picture_is_turned_and_cut_like_the_photo(
    tmp_path: Path, orientation: int
) -> None:
    path = _save_with_thumbnail(tmp_path / "a.jpg", (600, 400), (160, 120), orientation)

    small = read_embedded_thumbnail(path)

    assert small is not None
    assert max(small.size) == 160
    assert min(small.size) in {106, 107}
    assert (small.height > small.width) is (orientation >= 5)
    # The letterbox is gone, and the red corner is where the photo's is.
    with Image.open(path) as image:
        upright = _turn(image.convert("RGB"), orientation)
    assert _red_corner(small) == _red_corner(upright)


@pytest.mark.parametrize(
    ("full", "small"), [((600, 400), (120, 160)), ((400, 600), (160, 120)), ((600, 400), (40, 30))]
)
def test_a_picture_that_lies_otherwise_or_is_tiny_is_not_borrowed(
    tmp_path: Path, full: tuple[int, int], small: tuple[int, int]
) -> None:
    assert read_embedded_thumbnail(_save_with_thumbnail(tmp_path / "a.jpg", full, small, 1)) is None


def test_files_without_one_have_none(tmp_path: Path) -> None:
    assert read_embedded_thumbnail(save_jpeg(tmp_path / "a.jpg")) is None
    assert read_embedded_thumbnail(tmp_path / "gone.jpg") is None
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe1")
    assert read_embedded_thumbnail(tmp_path / "broken.jpg") is None


def _save_with_thumbnail(
    path: Path, full: tuple[int, int], small: tuple[int, int], orientation: int
) -> Path:
    """A JPEG whose Exif holds a letterboxed picture, as cameras write it."""
    content = io.BytesIO()
    boxed = Image.new("RGB", small, "black")
    inner = _marked((small[0], round(small[0] * full[1] / full[0])))
    boxed.paste(inner, (0, (small[1] - inner.height) // 2))
    boxed.save(content, "JPEG", quality=95)
    thumbnail = content.getvalue()
    _marked(full).save(path, quality=92, exif=_exif_block(thumbnail, orientation))
    return path


def _marked(size: tuple[int, int]) -> Image.Image:
    image = Image.new("RGB", size, (60, 90, 200))
    image.paste((230, 20, 20), (0, 0, size[0] // 3, size[1] // 3))
    return image


def _exif_block(thumbnail: bytes, orientation: int) -> bytes:
    """TIFF with IFD0 (orientation) and IFD1 (thumbnail), Exif 2.32, section 4.5."""

    def entry(tag: int, kind: int, value: int) -> bytes:
        packed = value.to_bytes(2, "little") + b"\0\0" if kind == 3 else value.to_bytes(4, "little")
        return (
            tag.to_bytes(2, "little")
            + kind.to_bytes(2, "little")
            + (1).to_bytes(4, "little")
            + packed
        )

    second = 8 + 2 + 12 + 4
    data = second + 2 + 24 + 4
    first_ifd = b"\1\0" + entry(0x0112, 3, orientation) + second.to_bytes(4, "little")
    second_ifd = b"\2\0" + entry(0x0201, 4, data) + entry(0x0202, 4, len(thumbnail)) + b"\0" * 4
    return b"Exif\0\0II*\0\x08\0\0\0" + first_ifd + second_ifd + thumbnail


def _turn(image: Image.Image, orientation: int) -> Image.Image:
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    return image.transpose(turns[orientation]) if orientation in turns else image


def _red_corner(image: Image.Image) -> tuple[bool, bool]:
    """Whether it is left, and whether it is at the top."""
    corners = {
        (is_left, is_top): image.getpixel(
            (3 if is_left else image.width - 4, 3 if is_top else image.height - 4)
        )
        for is_left in (True, False)
        for is_top in (True, False)
    }
    [corner] = [
        corner
        for corner, pixel in corners.items()
        if isinstance(pixel, tuple) and pixel[0] > 150 and pixel[2] < 100
    ]
    return corner
