"""A photo's pixels: upright, sRGB, as large as needed and no larger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image

from tagger.images.color import flatten, to_srgb
from tagger.images.failures import FILE_ERRORS, plain_errors
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
                image = open_heif(path).to_pillow()
                return _finish(image, wanted.size_for(image.size), 1)
            case Kind.RAW:
                return _decode_raw(path, wanted)
            case Kind.PILLOW:
                return _decode_with_pillow(path, wanted)


def _decode_raw(path: Path, wanted: Wanted) -> Image.Image:
    try:
        image = read_raw_picture(path, wanted)
    except FILE_ERRORS as refusal:
        # Many RAW files are TIFF outside, with a small picture that Pillow can read.
        try:
            return _decode_with_pillow(path, wanted)
        except FILE_ERRORS:
            raise refusal from None
    return _finish(image, wanted.size_for(image.size), 1)


def _decode_with_pillow(path: Path, wanted: Wanted) -> Image.Image:
    with open_picture(path) as image:
        size = wanted.size_for(image.size)
        image.draft(None, size)
        check_pixels(*image.size)
        image.load()
        # After loading: Pillow turns TIFF itself and finds late Exif chunks of PNG only then.
        return _finish(image, size, orientation_of(image))


def _finish(image: Image.Image, size: tuple[int, int], orientation: int) -> Image.Image:
    """Scale first, so that turning and colour conversion have little to do."""
    picture = flatten(image)
    if picture.size != size:
        # The filter that networks are trained with; after `draft` it shrinks less than by half.
        picture = picture.resize(size, Image.Resampling.BILINEAR)
    result = to_srgb(turn_upright(picture, orientation))
    result.info = {}  # the profile and orientation in there are true no more
    return result
