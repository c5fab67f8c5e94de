"""RAW files through LibRaw: the embedded preview where it is large enough, else half size."""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import rawpy
from PIL import Image

from tagger.images.failures import FILE_ERRORS
from tagger.images.opening import check_file_size, check_pixels, open_picture
from tagger.images.orientation import swaps_sides, turn_upright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.images.sizing import Wanted

_HEAD_BYTES = 8 << 20
"""Enough for the directories of RAW files that begin with them."""


@dataclass(frozen=True, slots=True)
class RawHeader:
    """Size in pixels as stored by the sensor, and the Exif orientation 1..8 it is shown with."""

    width: int
    height: int
    orientation: int


def read_raw_header(path: Path) -> RawHeader:
    """Read size and orientation without reading the whole file where that does.

    Raises:
        rawpy.LibRawError: no RAW file that LibRaw knows.
        PhotoTooLargeError: more pixels than any photo.
    """
    try:
        with _open_raw(path, _HEAD_BYTES) as raw:
            return _header_of(raw)
    except rawpy.LibRawError:
        if path.stat().st_size <= _HEAD_BYTES:
            raise
        with _open_raw(path) as raw:
            return _header_of(raw)


def read_raw_picture(path: Path, wanted: Wanted) -> Image.Image:
    """An upright picture that is as large as wanted, or the largest the file yields.

    Raises:
        rawpy.LibRawError: neither preview nor sensor data can be read.
        PhotoTooLargeError: more pixels than any photo.
    """
    with _open_raw(path) as raw:
        header = _header_of(raw)
        half = (header.width // 2, header.height // 2)
        preview = _read_preview(raw, header, wanted)
        if preview is not None and wanted.is_met_by(preview.size, half):
            return preview
        try:
            return Image.fromarray(raw.postprocess(half_size=True, use_camera_wb=True))
        except FILE_ERRORS:
            if preview is None:
                raise
            return preview


def read_raw_preview(path: Path) -> bytes:
    """The embedded JPEG with Exif that LibRaw adds where the camera wrote none; empty if none."""
    with _open_raw(path) as raw:
        thumb = raw.extract_thumb()
        return thumb.data if isinstance(thumb.data, bytes) else b""


@contextmanager
def _open_raw(path: Path, size: int = -1) -> Iterator[rawpy.RawPy]:
    """Open a file or its first `size` bytes.

    Through a buffer, for rawpy holds the interpreter lock while it opens a path, and then a file
    that makes LibRaw hang would freeze the program.
    """
    check_file_size(path)
    with path.open("rb") as file:
        data = file.read(size)
    with rawpy.RawPy() as raw:
        raw.open_buffer(io.BytesIO(data))
        yield raw


def _header_of(raw: rawpy.RawPy) -> RawHeader:
    sizes = raw.sizes
    check_pixels(sizes.raw_width, sizes.raw_height)
    # LibRaw's flip as Exif orientation, from dcraw's tiff_head.
    orientation = int("12435867"[sizes.flip & 7])
    return RawHeader(sizes.width, sizes.height, orientation)


def _read_preview(raw: rawpy.RawPy, header: RawHeader, wanted: Wanted) -> Image.Image | None:
    try:
        thumb = raw.extract_thumb()
        if isinstance(thumb.data, bytes):
            preview = _decode_preview(thumb.data, wanted)
        else:
            preview = Image.fromarray(np.array(thumb.data))
    except FILE_ERRORS:
        return None
    return preview if _is_upright(preview, header) else turn_upright(preview, header.orientation)


def _decode_preview(data: bytes, wanted: Wanted) -> Image.Image:
    with open_picture(io.BytesIO(data)) as preview:
        preview.draft(None, wanted.size_for(preview.size))
        preview.load()
        return preview


def _is_upright(preview: Image.Image, header: RawHeader) -> bool:
    """Some cameras turn the preview itself; its proportions show it where sides change places.

    The preview's own Exif is no witness: LibRaw makes it up where the camera wrote none.
    """
    if not swaps_sides(header.orientation):
        return False
    return (preview.width > preview.height) != (header.width > header.height)
