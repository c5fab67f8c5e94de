"""The one door to Pillow and pi-heif: only formats that photos have, never more than fits."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import IO

import pi_heif
from PIL import (  # each format opens once its module is imported
    AvifImagePlugin,  # noqa: F401
    BmpImagePlugin,  # noqa: F401
    GifImagePlugin,  # noqa: F401
    Image,
    ImageFile,
    JpegImagePlugin,  # noqa: F401
    PngImagePlugin,  # noqa: F401
    PsdImagePlugin,  # noqa: F401
    TiffImagePlugin,  # noqa: F401
    WebPImagePlugin,  # noqa: F401
)

from tagger.core.errors import PhotoTooLargeError
from tagger.images.failures import too_large

MAX_JPEG_PX = 500_000_000
"""A baseline JPEG is decoded row by row and scaled on the way, so it may be larger than others."""

MAX_PX = 250_000_000
"""What may stand in memory decoded: 750 MB as RGB."""

MAX_FILE_BYTES = 1 << 30
"""Most readers take the whole file into memory."""

_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP", "DIB", "PSD", "AVIF")
"""Left out on purpose: formats that no camera writes, some of which start other programs (EPS)."""

# Pillow counts pixels at 90 million and warns, which a panorama exceeds. Its own guard stays on
# above ours; between the two the check in this module speaks.
Image.MAX_IMAGE_PIXELS = MAX_JPEG_PX
# Pillow warns over each odd byte in Exif, which nobody can act on. `catch_warnings` is not safe in
# threads, so the filter is set once for the process.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
# Its log says of damaged files what our sentence on the photo says better.
logging.getLogger("PIL").setLevel(logging.CRITICAL)


def open_picture(source: Path | IO[bytes]) -> ImageFile.ImageFile:
    """Read a picture's header with Pillow; pixels are not decoded yet.

    Raises:
        PhotoTooLargeError: it has more pixels than any photo.
        OSError, SyntaxError, ValueError, …: see `failures.FILE_ERRORS`.
    """
    if isinstance(source, Path):
        check_file_size(source)
    image = Image.open(source, formats=_FORMATS)
    try:
        _check_size(image)
    except BaseException:
        image.close()
        raise
    return image


def open_heif(path: Path) -> pi_heif.HeifImage:
    """Read the header of a HEIC or HEIF file's main image.

    Raises:
        PhotoTooLargeError: it has more pixels than any photo.
        OSError, SyntaxError, ValueError, …: see `failures.FILE_ERRORS`.
    """
    check_file_size(path)
    container = pi_heif.open_heif(path)
    image = container[container.primary_index]
    check_pixels(*image.size)
    return image


def check_pixels(width: int, height: int, limit_px: int = MAX_PX) -> None:
    """Raise `PhotoTooLargeError` above the limit, before anything is allocated."""
    if width * height > limit_px:
        raise too_large()


def check_file_size(path: Path) -> None:
    """Raise `PhotoTooLargeError` for a file that can't be read into memory as a whole."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise PhotoTooLargeError("The file is larger than 1 GB. Save the picture smaller.")


def _check_size(image: ImageFile.ImageFile) -> None:
    is_streamed_jpeg = image.format in {"JPEG", "MPO"} and not image.info.get("progressive")
    check_pixels(*image.size, MAX_JPEG_PX if is_streamed_jpeg else MAX_PX)
    if image.format == "TIFF":
        _check_tiles(image)


def _check_tiles(image: ImageFile.ImageFile) -> None:
    """A TIFF tile is decoded whole however small the picture is (TIFF 6.0, section 15)."""
    tags = getattr(image, "tag_v2", {})
    tile_width, tile_height = tags.get(322, 0), tags.get(323, 0)
    if isinstance(tile_width, int) and isinstance(tile_height, int):
        check_pixels(tile_width, tile_height)
