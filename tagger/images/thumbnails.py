"""Small pictures for the grid: made once from the photo, or borrowed from its Exif block at first.

Cameras put a picture of 160 x 120 into Exif (Exif 2.32, section 4.5.6). It is read sixty times
faster than the photo is decoded, so that something stands in the grid at once.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import ExifTags, Image

from tagger.core.errors import PhotoError
from tagger.images.color import to_srgb
from tagger.images.decode import decode_photo
from tagger.images.failures import FILE_ERRORS, plain_errors
from tagger.images.kinds import Kind, kind_of
from tagger.images.opening import open_picture
from tagger.images.orientation import orientation_of, turn_upright

if TYPE_CHECKING:
    from pathlib import Path

THUMBNAIL_PX = 400
"""The longer side: sharp at the largest zoom on a usual screen, about 25 KB."""

_QUALITY = 82
_EXIF_HEADER = b"Exif\0\0"
_SMALLEST_PX = 80


def make_thumbnail(path: Path) -> bytes:
    """A photo as a small JPEG: upright, sRGB, the longer side at most `THUMBNAIL_PX`.

    Raises:
        PhotoError: the photo can't be read.
    """
    content = io.BytesIO()
    picture = decode_photo(path, long_side_px=THUMBNAIL_PX)
    picture.save(content, "JPEG", quality=_QUALITY)
    return content.getvalue()


def open_thumbnail(content: bytes, side_px: int) -> Image.Image:
    """Decode what `make_thumbnail` made, the longer side at most `side_px`; RGB.

    Raises:
        UnreadablePhotoError: the bytes are damaged.
    """
    with plain_errors(), open_picture(io.BytesIO(content)) as image:
        image.load()
        picture = image.convert("RGB")
        picture.thumbnail((side_px, side_px), Image.Resampling.BILINEAR)
        return picture


def read_embedded_thumbnail(path: Path) -> Image.Image | None:
    """The picture in a JPEG's Exif block, upright and without black bars.

    None where there is none, where it is damaged, or where it lies otherwise than the photo, so
    that it can't be turned upright.
    """
    try:
        if kind_of(path) is not Kind.PILLOW:
            return None
        with plain_errors(), open_picture(path) as image:
            small = _extract(image)
            if small is None or _is_upright(small.size) != _is_upright(image.size):
                return None
            fitted = _cut_bars(small, image.size)
            return turn_upright(to_srgb(fitted), orientation_of(image))
    except (*FILE_ERRORS, PhotoError):
        return None


def _extract(image: Image.Image) -> Image.Image | None:
    block = image.info.get("exif")
    if not isinstance(block, bytes):
        return None
    tags = image.getexif().get_ifd(ExifTags.IFD.IFD1)
    offset = tags.get(ExifTags.Base.JpegIFOffset)
    length = tags.get(ExifTags.Base.JpegIFByteCount)
    if not isinstance(offset, int) or not isinstance(length, int):
        return None
    start = len(_EXIF_HEADER) + offset
    with open_picture(io.BytesIO(block[start : start + length])) as small:
        small.load()
        return small.convert("RGB") if min(small.size) >= _SMALLEST_PX else None


def _is_upright(size: tuple[int, int]) -> bool:
    return size[1] > size[0]


def _cut_bars(small: Image.Image, full_size: tuple[int, int]) -> Image.Image:
    """The middle with the photo's proportions: cameras fill up 3:2 to 4:3 with black."""
    width, height = small.size
    wanted = full_size[0] / full_size[1]
    if width / height > wanted:
        bar = round((width - height * wanted) / 2)
        return small.crop((bar, 0, width - bar, height))
    bar = round((height - width / wanted) / 2)
    return small.crop((0, bar, width, height - bar))
