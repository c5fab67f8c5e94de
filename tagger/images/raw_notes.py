"""Capture time, camera and Exif of RAW files, by the container each maker chose."""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from PIL import ExifTags

from tagger.images.exif import CameraNotes, parse_exif, parse_notes
from tagger.images.failures import FILE_ERRORS
from tagger.images.opening import open_picture
from tagger.images.raw import read_raw_preview

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO

_HEAD_BYTES = 1 << 20
_TIFF_MAGICS = (b"II*\x00", b"MM\x00*")
_TIFF_VARIANTS = {b"IIU\x00": b"II*\x00", b"IIRO": b"II*\x00", b"IIRS": b"II*\x00"}
"""Panasonic and Olympus write TIFF under another magic number."""


def read_raw_notes(path: Path) -> CameraNotes:
    """The notes in a RAW file; defaults where they are damaged or of a kind nobody reads."""
    try:
        with path.open("rb") as file:
            notes = parse_notes(_find_block(file, path))
            return _undo_time_zone(notes) if _holds_unix_time(file) else notes
    except FILE_ERRORS:
        return CameraNotes()


def read_raw_exif(path: Path) -> bytes:
    """The Exif of a RAW file as one block; empty where there is none that can be read.

    CRW and X3F have none: what LibRaw makes up for them is true in one time zone only.
    """
    try:
        with path.open("rb") as file:
            if _holds_unix_time(file):
                return b""
            with suppress(*FILE_ERRORS):
                return parse_exif(_find_block(file, path)).tobytes()
        # Panasonic's directory has tags that can't be written again; its preview is a whole JPEG.
        return _cut_exif(read_raw_preview(path))
    except FILE_ERRORS:
        return b""


def _find_block(file: IO[bytes], path: Path) -> bytes | IO[bytes]:
    """Where a RAW file keeps its Exif: a block, or the file itself where that is TIFF."""
    file.seek(0)
    magic = file.read(4)
    file.seek(0)
    if magic in _TIFF_MAGICS:
        return file
    head = file.read(_HEAD_BYTES)
    if magic in _TIFF_VARIANTS:
        return _TIFF_VARIANTS[magic] + head[4:]
    if head[4:12] == b"ftypcrx ":
        return _join_cr3(head)
    if magic == b"\x00MRM":
        return _cut_block(head, b"\x00TTW")
    if head.startswith(b"FUJIFILM"):
        # The header holds the place of a whole JPEG (LibRaw, parse_fuji).
        file.seek(int.from_bytes(head[84:88], "big"))
        return _cut_exif(file.read(_HEAD_BYTES))
    return _cut_exif(read_raw_preview(path))


def _holds_unix_time(file: IO[bytes]) -> bool:
    file.seek(0)
    head = file.read(14)
    return head.startswith(b"FOVb") or head[6:14] == b"HEAPCCDR"


def _undo_time_zone(notes: CameraNotes) -> CameraNotes:
    """CRW and X3F hold the camera's clock as Unix time; LibRaw shows it in this computer's zone."""
    if notes.taken_at is None:
        return notes
    return replace(notes, taken_at=notes.taken_at.astimezone(UTC).replace(tzinfo=None))


def _join_cr3(head: bytes) -> bytes:
    """Canon keeps each directory in a box: CMT1 the main one, CMT2 Exif, CMT4 the place."""
    main = parse_exif(_cut_box(head, b"CMT1"))
    for name, number in ((b"CMT2", ExifTags.IFD.Exif), (b"CMT4", ExifTags.IFD.GPSInfo)):
        with suppress(*FILE_ERRORS):
            directory = dict(parse_exif(_cut_box(head, name)))
            if directory:
                main[number] = directory
    return main.tobytes()


def _cut_box(head: bytes, name: bytes) -> bytes:
    """Payload of an ISO base media box: size, then name."""
    start = head.index(name)
    size = int.from_bytes(head[start - 4 : start], "big")
    return head[start + 4 : start - 4 + size]


def _cut_block(head: bytes, name: bytes) -> bytes:
    """Payload of a Minolta block: name, then size."""
    start = head.index(name) + 8
    return head[start : start + int.from_bytes(head[start - 4 : start], "big")]


def _cut_exif(data: bytes) -> bytes:
    """The Exif block of a JPEG; empty where there is none."""
    with open_picture(io.BytesIO(data)) as image:
        block = image.info.get("exif")
    return block if isinstance(block, bytes) else b""
