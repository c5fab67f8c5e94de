"""Turning a picture the way it was held (Exif 2.32, tag 0x0112)."""

from __future__ import annotations

from PIL import ExifTags, Image

from tagger.images.failures import FILE_ERRORS

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def orientation_of(image: Image.Image) -> int:
    """Exif value 1..8 of a picture whose pixels are not turned yet; 1 where none can be read."""
    try:
        return valid_orientation(image.getexif().get(ExifTags.Base.Orientation))
    except FILE_ERRORS:
        return 1


def valid_orientation(value: object) -> int:
    """The value itself when it is one of 1..8, else 1."""
    return value if isinstance(value, int) and value in _TURNS else 1


def swaps_sides(orientation: int) -> bool:
    """Whether width and height change places."""
    return orientation >= 5


def turn_upright(image: Image.Image, orientation: int) -> Image.Image:
    """The picture as it was held."""
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)
