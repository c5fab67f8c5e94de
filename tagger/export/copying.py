"""A JPEG's image data as it is, without anything that could tell where it was taken.

A place hides in many corners: Exif, XMP and its extension, IPTC, maker notes, the second picture
of a gain map, trailers. Taking known ones out would leave the unknown ones in. So the copy is put
together from the parts that make up the picture, and from a few fields known to be harmless.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, TypeGuard

from PIL import ExifTags, Image

from tagger.core.errors import MetadataRefusedError, PhotoTooLargeError, UnreadablePhotoError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_SOS, _COM, _APP0, _APP14 = 0xDA, 0xFE, 0xE0, 0xEE
_EXIF = b"Exif\x00\x00"
_MAX_TEXT_CHARS = 1000
_MAX_FILE_BYTES = 1 << 30
_EXIF_ERRORS = (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error)
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
"""A marker with its fill bytes; stuffed zeros and restarts are part of a scan (T.81, B.1.1)."""

_KEPT_APPS = {0xE0: b"JFIF\x00", 0xE2: b"ICC_PROFILE\x00", 0xEE: b"Adobe"}
"""Segments that decide how the pixels look."""

_JFIF_FIELDS = 4 + 12
"""Marker, length, name, version and density; a thumbnail follows (ISO/IEC 10918-5)."""

_ADOBE_FIELDS = 4 + 12
"""Marker, length, name, version, flags and colour transform."""

_MAIN_TAGS = (
    ExifTags.Base.Make,
    ExifTags.Base.Model,
    ExifTags.Base.Artist,
    ExifTags.Base.Copyright,
)
_DETAIL_TAGS = (
    ExifTags.Base.DateTimeOriginal,
    ExifTags.Base.OffsetTimeOriginal,
    ExifTags.Base.SubsecTimeOriginal,
)


def copy_photo(source: Path) -> bytes:
    """A JPEG with the same image data; of the metadata orientation, time, camera and author stay.

    The colour profile stays too. Keywords, places, maker notes, thumbnails and gain maps do not.

    Raises:
        MetadataRefusedError: the file is no JPEG, so it can't be copied without its metadata.
        UnreadablePhotoError: it is damaged, or gone.
        PhotoTooLargeError: it can't be held in memory.
    """
    data = _read_file(source)
    if not data.startswith(b"\xff\xd8\xff"):
        raise MetadataRefusedError(
            "Only JPEG files can be copied without the place where they were taken. "
            "Export this one with the preset full."
        )
    segments = list(_read_segments(data))
    picture = [_plain(segment) for segment in segments if _shapes_picture(segment)]
    if not any(segment[1] == _SOS for segment in picture):
        raise _damaged()
    has_jfif = picture[0][1] == _APP0
    return b"".join((_SOI, *picture[:has_jfif], _make_exif(segments), *picture[has_jfif:]))


def _read_file(source: Path) -> bytes:
    try:
        if source.stat().st_size > _MAX_FILE_BYTES:
            raise PhotoTooLargeError("The file is larger than 1 GB. Save the picture smaller.")
        return source.read_bytes()
    except OSError as error:
        raise UnreadablePhotoError(
            "The file can't be read. Check that its drive is connected."
        ) from error


def _read_segments(data: bytes) -> Iterator[bytes]:
    """Each segment from its marker on, a scan with its entropy-coded data, up to the end marker."""
    start = len(_SOI)
    while True:
        marker = _MARKER.match(data, start)
        if marker is None:
            raise _damaged()
        if marker[1] == _EOI[1:]:
            yield _EOI
            return
        body = marker.end()
        end = body + int.from_bytes(data[body : body + 2], "big")
        if end < body + 2 or end > len(data):
            raise _damaged()
        if marker[1][0] == _SOS:
            end = _find_scan_end(data, end)
        yield b"\xff" + marker[1] + data[body:end]
        start = end


def _find_scan_end(data: bytes, start: int) -> int:
    marker = _MARKER.search(data, start)
    if marker is None:
        raise _damaged()
    return marker.start()


def _shapes_picture(segment: bytes) -> bool:
    code = segment[1]
    if _APP0 <= code <= _APP0 + 15:
        return code in _KEPT_APPS and segment.startswith(_KEPT_APPS[code], 4)
    return code != _COM


def _plain(segment: bytes) -> bytes:
    """The segment without what is neither colour nor form: thumbnails, and what hides behind."""
    if segment[1] == _APP0 and len(segment) > _JFIF_FIELDS + 2:
        return _sized(segment[:_JFIF_FIELDS] + b"\x00\x00")
    if segment[1] == _APP14:
        return _sized(segment[:_ADOBE_FIELDS])
    return segment


def _sized(segment: bytes) -> bytes:
    return segment[:2] + (len(segment) - 2).to_bytes(2, "big") + segment[4:]


def _make_exif(segments: list[bytes]) -> bytes:
    """A small Exif segment made anew; empty when the original has none that can be read."""
    blocks = [segment[4:] for segment in segments if segment.startswith(_EXIF, 4)]
    exif = Image.Exif()
    try:
        original = Image.Exif()
        original.load(blocks[0] if blocks else b"")
        _take_over(original, exif)
    except _EXIF_ERRORS:
        return b""
    if not exif:
        return b""
    block = exif.tobytes()
    return b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block


def _take_over(original: Image.Exif, exif: Image.Exif) -> None:
    orientation = original.get(ExifTags.Base.Orientation)
    if orientation in range(2, 9):
        exif[ExifTags.Base.Orientation] = orientation
    for tag in _MAIN_TAGS:
        if _is_text(text := original.get(tag)):
            # As bytes: Pillow reads text as Latin-1, and would write it as ASCII.
            exif[tag] = text.encode("latin-1", "replace")
    original_detail = original.get_ifd(ExifTags.IFD.Exif)
    dates = {tag: original_detail[tag] for tag in _DETAIL_TAGS if tag in original_detail}
    detail = {tag: text for tag, text in dates.items() if _is_text(text) and text.isascii()}
    if detail:
        exif[ExifTags.IFD.Exif] = detail


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and 0 < len(value) <= _MAX_TEXT_CHARS


def _damaged() -> UnreadablePhotoError:
    return UnreadablePhotoError("The picture is damaged or cut off, so it can't be copied.")
