"""A photo's pixels: upright, sRGB, as large as needed and no larger."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from PIL import Image

from tagger.core.errors import UnreadablePhotoError
from tagger.images.color import flatten, to_srgb
from tagger.images.failures import plain_errors
from tagger.images.kinds import Kind, kind_of
from tagger.images.opening import check_pixels, open_heif, open_picture
from tagger.images.orientation import orientation_of, turn_upright
from tagger.images.raw import read_raw_picture
from tagger.images.sizing import Wanted

if TYPE_CHECKING:
    from pathlib import Path


def decode_photo(
    path: Path, *, short_side_px: int | None = None, long_side_px: int | None = None
) -> Image.Image:
    """Decode a photo of any format the program reads, told by its content.

    The result is `RGB`, sRGB and upright; of animations the first frame, of RAW files the embedded
    preview where it is large enough. Never enlarged: a smaller original keeps its size. With both
    sides given the result is bounded by both. Without any, it has full size, for RAW at least half.

    Args:
        path: the file.
        short_side_px: the shorter side of the result.
        long_side_px: the longer side of the result.

    Raises:
        UnreadablePhotoError: the file is no picture, damaged or cut off.
        PhotoTooLargeError: it claims more pixels than fit into memory.
    """
    wanted = Wanted(short_side_px, long_side_px)
    with plain_errors():
        match kind_of(path):
            case Kind.HEIF:
                return _finish(open_heif(path).to_pillow(), wanted)
            case Kind.RAW:
                return _decode_raw(path, wanted)
            case Kind.PILLOW:
                return _decode_with_pillow(path, wanted)


def _decode_raw(path: Path, wanted: Wanted) -> Image.Image:
    try:
        return _finish(read_raw_picture(path, wanted), wanted)
    except UnreadablePhotoError as refusal:
        # Many RAW files are TIFF outside, with a small picture that Pillow can read.
        try:
            return _decode_with_pillow(path, wanted)
        except FILE_ERRORS:
            raise refusal from refusal.__cause__


def _decode_with_pillow(path: Path, wanted: Wanted) -> Image.Image:
    with open_picture(path) as image:
        image.draft(None, wanted.size_for(image.size))
        check_pixels(*image.size)
        image.load()
        upright = turn_upright(image, orientation_of(image))
        return _finish(upright, wanted)
