"""A photo at the size at which it is looked at: one careful step of scaling."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING

from PIL import Image

from tagger.core.errors import PhotoError
from tagger.images.color import flatten, to_srgb
from tagger.images.decode import decode_photo
from tagger.images.failures import plain_errors
from tagger.images.kinds import Kind, kind_of
from tagger.images.opening import check_pixels, open_heif, open_picture
from tagger.images.orientation import orientation_of, swaps_sides, turn_upright
from tagger.images.raw_notes import read_raw_exif

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Size = tuple[int, int]

_HEADROOM = 1.3
"""A JPEG is decoded at so many times its final size at least; what is left is scaled by Lanczos.

Against scaling all pixels by Lanczos that is 53 dB, which nobody sees, at two thirds of the time
of twice the size (56 dB).
"""

_PILLOW_REDUCES_ABOVE = 3.0
"""Beyond, averaging whole blocks first can't be told from the filter alone, and is faster."""


def decode_to_size(path: Path, choose_size: Callable[[Size], Size]) -> Image.Image:
    """Decode a photo at a size that depends on its own: `RGB`, sRGB, upright.

    Lanczos, and enlarged where a larger size is asked for. Colours are converted after scaling,
    so that large pictures cost no more than small ones.

    Args:
        path: the file.
        choose_size: gets the full upright size, gives the size of the result.

    Raises:
        UnreadablePhotoError: the file is no picture, damaged or cut off.
        PhotoTooLargeError: it claims more pixels than fit into memory.
    """
    with plain_errors():
        if kind_of(path) is Kind.PILLOW:
            return _decode_with_pillow(path, choose_size)
    image = decode_photo(path)
    return _scale(image, choose_size(image.size))


def open_small(content: bytes | Path, side_px: int) -> Image.Image:
    """A finished picture, from its bytes or its file, upright and at most so large: `RGB`.

    Raises:
        UnreadablePhotoError: it is damaged.
    """
    with plain_errors(), open_picture(_as_source(content)) as image:
        image.draft(None, (side_px, side_px))
        image.load()
        picture = turn_upright(to_srgb(flatten(image)), orientation_of(image))
        picture.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
        return picture


def read_exif_block(path: Path) -> bytes:
    """The Exif of a photo as it stands in the file; empty where there is none that can be read."""
    try:
        with plain_errors():
            block = _read_block(path)
    except PhotoError:
        return b""
    return block if isinstance(block, bytes) else b""


def _read_block(path: Path) -> object:
    match kind_of(path):
        case Kind.HEIF:
            return open_heif(path).info.get("exif")
        case Kind.RAW:
            return read_raw_exif(path)
        case Kind.PILLOW:
            with open_picture(path) as image:
                return image.info.get("exif") or image.getexif().tobytes()


def _decode_with_pillow(path: Path, choose_size: Callable[[Size], Size]) -> Image.Image:
    with open_picture(path) as image:
        full = image.size
        wanted = _turned(choose_size(_turned(full, image)), image)
        image.draft(None, (round(wanted[0] * _HEADROOM), round(wanted[1] * _HEADROOM)))
        is_drafted = image.size != full
        check_pixels(*image.size)
        image.load()
        # After loading: Pillow turns TIFF itself and finds late Exif chunks of PNG only then.
        upright = _turned(full if is_drafted else image.size, image)
        size = _turned(choose_size(upright), image)
        picture = _scale(flatten(image), size)
        result = to_srgb(turn_upright(picture, orientation_of(image)))
        result.info = {}  # the profile and orientation in there are true no more
        return result


def _as_source(content: bytes | Path) -> Path | IO[bytes]:
    return io.BytesIO(content) if isinstance(content, bytes) else content


def _turned(size: Size, image: Image.Image) -> Size:
    return (size[1], size[0]) if swaps_sides(orientation_of(image)) else size


def _scale(image: Image.Image, size: Size) -> Image.Image:
    if image.size == size:
        return image
    scaled = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=_PILLOW_REDUCES_ABOVE)
    scaled.info = image.info
    return scaled
