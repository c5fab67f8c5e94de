"""Offsets of a Multi-Picture Format block (CIPA DC-007, section 5), kept true when a file grows.

Second images, gain maps among them, lie behind the first one; their offsets count from the header
of the block itself, so only growth between that header and the scan moves them. The size of
the first image grows with everything.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from tagger.core.errors import MetadataRefusedError

_ENTRIES_TAG = 0xB002
_ENTRY_BYTES = 16
_BROKEN = "The list of embedded images in this JPEG is damaged, so the file must not grow."


@dataclass(frozen=True, slots=True)
class Growth:
    """By how many bytes the file grew, all in all and behind the MPF header."""

    whole: int
    behind: int


def correct_offsets(block: bytes, growth: Growth) -> bytes:
    """The TIFF block after the identifier, with sizes and offsets that fit the grown file.

    Raises `MetadataRefusedError` when the block can't be understood.
    """
    if growth == Growth(0, 0):
        return block
    try:
        return _correct(block, growth)
    except (struct.error, IndexError) as error:
        raise MetadataRefusedError(_BROKEN) from error


def _correct(block: bytes, growth: Growth) -> bytes:
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(block[:4])
    if order is None:
        raise MetadataRefusedError(_BROKEN)
    start, size = _find_entries(block, order)
    if start + size > len(block) or size % _ENTRY_BYTES:
        raise MetadataRefusedError(_BROKEN)
    corrected = bytearray(block)
    for position in range(start, start + size, _ENTRY_BYTES):
        length, offset = struct.unpack_from(order + "II", block, position + 4)
        if offset:
            offset += growth.behind
        elif length and position == start:
            length += growth.whole
        struct.pack_into(order + "II", corrected, position + 4, length, offset)
    return bytes(corrected)


def _find_entries(block: bytes, order: str) -> tuple[int, int]:
    """Where the MP entries stand in the block and how many bytes they take."""
    (ifd,) = struct.unpack_from(order + "I", block, 4)
    (count,) = struct.unpack_from(order + "H", block, ifd)
    for index in range(count):
        tag, _, size, offset = struct.unpack_from(order + "HHII", block, ifd + 2 + 12 * index)
        if tag == _ENTRIES_TAG:
            return offset, size
    return 0, 0
