"""Capture time and camera of RAW files, by the container each maker chose."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from tagger.images.exif import CameraNotes, parse_notes, read_notes
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
            return _parse_container(file, path)
    except FILE_ERRORS:
        return CameraNotes()


def _parse_container(file: IO[bytes], path: Path) -> CameraNotes:
    magic = file.read(4)
    file.seek(0)
    if magic in _TIFF_MAGICS:
        return parse_notes(file)
    head = file.read(_HEAD_BYTES)
    if magic in _TIFF_VARIANTS:
        return parse_notes(_TIFF_VARIANTS[magic] + head[4:])
    if head[4:12] == b"ftypcrx ":
        return _parse_cr3(head)
    if magic == b"\x00MRM":
        return parse_notes(_cut_block(head, b"\x00TTW"))
    if head.startswith(b"FUJIFILM"):
        # The header holds the place of a whole JPEG (LibRaw, parse_fuji).
        file.seek(int.from_bytes(head[84:88], "big"))
        return _parse_jpeg(file.read(_HEAD_BYTES))
    notes = _parse_jpeg(read_raw_preview(path))
    is_unix_time = head.startswith(b"FOVb") or head[6:14] == b"HEAPCCDR"
    return _undo_time_zone(notes) if is_unix_time else notes


def _undo_time_zone(notes: CameraNotes) -> CameraNotes:
    """CRW and X3F hold the camera's clock as Unix time; LibRaw shows it in this computer's zone."""
    if notes.taken_at is None:
        return notes
    return replace(notes, taken_at=notes.taken_at.astimezone(UTC).replace(tzinfo=None))


def _parse_cr3(head: bytes) -> CameraNotes:
    """Canon keeps each Exif directory in a box of its own: CMT1 the main one, CMT2 the Exif one."""
    main = parse_notes(_cut_box(head, b"CMT1"))
    detail = parse_notes(_cut_box(head, b"CMT2"))
    return replace(main, taken_at=detail.taken_at or main.taken_at)


def _cut_box(head: bytes, name: bytes) -> bytes:
    """Payload of an ISO base media box: size, then name."""
    start = head.index(name)
    size = int.from_bytes(head[start - 4 : start], "big")
    return head[start + 4 : start - 4 + size]


def _cut_block(head: bytes, name: bytes) -> bytes:
    """Payload of a Minolta block: name, then size."""
    start = head.index(name) + 8
    return head[start : start + int.from_bytes(head[start - 4 : start], "big")]


def _parse_jpeg(data: bytes) -> CameraNotes:
    with open_picture(io.BytesIO(data)) as image:
        return read_notes(image)
