"""What a camera wrote into a photo, from headers alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.photo import Capture
from tagger.images.exif import CameraNotes, parse_notes, read_notes
from tagger.images.failures import FILE_ERRORS, plain_errors
from tagger.images.kinds import Kind, kind_of
from tagger.images.opening import open_heif, open_picture
from tagger.images.orientation import swaps_sides
from tagger.images.png import read_png_exif
from tagger.images.raw import read_raw_header
from tagger.images.raw_notes import read_raw_notes

if TYPE_CHECKING:
    from pathlib import Path


def read_capture(path: Path) -> Capture:
    """Read time, camera, size and orientation without decoding the picture.

    Damaged Exif is no error: what can't be read is None. Width and height are as displayed. A HEIC
    file's orientation is 1 always, for its readers turn it (ISO/IEC 23008-12, 6.5.10).

    Raises:
        UnreadablePhotoError: no reader opens the file.
        PhotoTooLargeError: it claims more pixels than any photo.
    """
    with plain_errors():
        match kind_of(path):
            case Kind.HEIF:
                return _read_heif(path)
            case Kind.RAW:
                return _read_raw(path)
            case Kind.PILLOW:
                return _read_with_pillow(path)


def _read_heif(path: Path) -> Capture:
    image = open_heif(path)
    exif = image.info.get("exif")
    notes = parse_notes(exif) if isinstance(exif, bytes) else CameraNotes()
    width, height = image.size
    return Capture(notes.taken_at, notes.camera, width, height)


def _read_raw(path: Path) -> Capture:
    try:
        header = read_raw_header(path)
    except FILE_ERRORS:
        return _read_with_pillow(path)
    notes = read_raw_notes(path)
    return _displayed(notes, (header.width, header.height), header.orientation)


def _read_with_pillow(path: Path) -> Capture:
    with open_picture(path) as image:
        if image.format == "PNG":
            # Pillow's own way to a PNG's Exif decodes the picture first.
            notes = parse_notes(image.info.get("exif") or read_png_exif(path))
        else:
            notes = read_notes(image)
        if image.format == "TIFF":  # Pillow gives its size as displayed
            return Capture(notes.taken_at, notes.camera, *image.size, notes.orientation)
        return _displayed(notes, image.size, notes.orientation)


def _displayed(notes: CameraNotes, size: tuple[int, int], orientation: int) -> Capture:
    width, height = reversed(size) if swaps_sides(orientation) else size
    return Capture(notes.taken_at, notes.camera, width, height, orientation)
