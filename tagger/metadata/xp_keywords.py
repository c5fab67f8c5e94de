"""Windows keywords: Exif tag 0x9C9E, UTF-16 little endian, `;` between, NUL at the end.

Maker notes hold offsets that count from the start of the Exif block, so nothing in it may
move: a value that fits goes into the old place, a longer one behind the end of the block.
"""

from __future__ import annotations

import struct

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.source import Source
from tagger.metadata.tiff import XP_KEYWORDS_TAG, Directory, Entry, read_block_directory, read_value

_BYTE = 1
_EMPTY = b"II*\x00\x08\x00\x00\x00" + bytes(6)
"""A block whose only directory has no entry."""
_BROKEN = "The Windows keywords in this file are damaged."


def read_xp_keywords(block: bytes) -> tuple[str, ...] | None:
    """The keywords; None where the block has no such tag.

    Raises `MetadataRefusedError` when block or value are damaged.
    """
    directory = read_block_directory(block)
    if XP_KEYWORDS_TAG not in directory.entries:
        return None
    value = read_value(Source.of_bytes(block), directory, XP_KEYWORDS_TAG) or b""
    whole = value[: len(value) // 2 * 2]  # some writers end the text with half a sign
    text = whole.decode("utf-16-le", errors="replace").partition("\x00")[0]
    return tuple(part.strip() for part in text.split(";") if part.strip())


def write_xp_keywords(block: bytes, keywords: tuple[str, ...]) -> bytes:
    """The block with other keywords in its existing tag, every other byte at its place.

    An empty list leaves the tag with an empty text. Raises `MetadataRefusedError` when the block
    is damaged or the tag is not of type BYTE.
    """
    directory, entry = _find(block)
    value = _encode(keywords)
    changed = bytearray(block)
    if len(value) <= max(entry.size, 4):
        _put_in_place(changed, directory, entry, value)
    else:
        _put_behind(changed, directory, entry, value)
    return bytes(changed)


def add_xp_keywords(block: bytes | None, keywords: tuple[str, ...]) -> bytes:
    """The block with the tag it has not had so far, or a new block with this tag alone.

    The directory gets a longer copy behind the end; nothing else moves. Raises
    `MetadataRefusedError` when the block is damaged.
    """
    block = block or _EMPTY
    directory = read_block_directory(block)
    if directory.is_big or XP_KEYWORDS_TAG in directory.entries:
        raise MetadataRefusedError(_BROKEN)
    order = directory.order
    raw, next_place = _read_table(block, order)
    start = len(block) + len(block) % 2
    value = _encode(keywords)
    entry = struct.pack(order + "HHI", XP_KEYWORDS_TAG, _BYTE, len(value))
    if len(value) <= 4:  # it lies in the entry itself
        entry, value = entry + value.ljust(4, b"\x00"), b""
    else:
        entry += struct.pack(order + "I", start + 2 + 12 * (len(raw) + 1) + 4)
    at = sum(struct.unpack_from(order + "H", one)[0] < XP_KEYWORDS_TAG for one in raw)
    table = b"".join((*raw[:at], entry, *raw[at:]))
    head = block[:4] + struct.pack(order + "I", start) + block[8:].ljust(start - 8, b"\x00")
    return head + struct.pack(order + "H", len(raw) + 1) + table + next_place + value


def _encode(keywords: tuple[str, ...]) -> bytes:
    text = ";".join(keyword.replace(";", ",") for keyword in keywords)
    return (text + "\x00").encode("utf-16-le")


def _read_table(block: bytes, order: str) -> tuple[list[bytes], bytes]:
    """The raw entries of the first directory and the pointer behind them."""
    (start,) = struct.unpack_from(order + "I", block, 4)
    (count,) = struct.unpack_from(order + "H", block, start)
    end = start + 2 + 12 * count
    if len(block) < end + 4:
        raise MetadataRefusedError(_BROKEN)
    return [block[at : at + 12] for at in range(start + 2, end, 12)], block[end : end + 4]


def _put_behind(changed: bytearray, directory: Directory, entry: Entry, value: bytes) -> None:
    """Write a longer value at the end; nothing of the old one is left."""
    end = entry.value_offset + entry.size
    if end == len(changed):
        del changed[entry.value_offset :]
    else:
        changed[entry.value_offset : end] = b"\x00" * entry.size
    changed += b"\x00" * (len(changed) % 2)
    count_and_offset = struct.pack(directory.order + "II", len(value), len(changed))
    changed[entry.offset + 4 : entry.offset + 12] = count_and_offset
    changed += value


def _put_in_place(changed: bytearray, directory: Directory, entry: Entry, value: bytes) -> None:
    """Write over the old value, which lies in the entry itself when it has up to 4 bytes."""
    place, room = entry.value_offset, entry.size
    if len(value) <= 4:
        changed[place : place + room] = b"\x00" * room
        place, room = entry.offset + 8, 4
    changed[place : place + room] = value.ljust(room, b"\x00")
    struct.pack_into(directory.order + "I", changed, entry.offset + 4, len(value))


def is_same_but_keywords(before: bytes | None, after: bytes) -> bool:
    """Whether two blocks differ only in this tag, and nothing moved."""
    before = before or _EMPTY
    if XP_KEYWORDS_TAG not in read_block_directory(before).entries:
        return _is_same_but_added(before, after)
    _, entry = _find(before)
    blanked = [bytearray(before), bytearray(after[: len(before)])]
    for block in blanked:
        for start, size in ((entry.offset + 4, 8), (entry.value_offset, entry.size)):
            block[start : start + size] = b"\x00" * size
    return blanked[0] == blanked[1]


def _is_same_but_added(before: bytes, after: bytes) -> bool:
    if before[:4] != after[:4] or before[8:] != after[8 : len(before)]:
        return False
    order = read_block_directory(after).order
    (old, old_next), (new, new_next) = _read_table(before, order), _read_table(after, order)
    kept = [one for one in new if struct.unpack_from(order + "H", one)[0] != XP_KEYWORDS_TAG]
    return old == kept and old_next == new_next and len(new) == len(old) + 1


def _find(block: bytes) -> tuple[Directory, Entry]:
    directory = read_block_directory(block)
    entry = directory.entries.get(XP_KEYWORDS_TAG)
    if entry is None or entry.kind != _BYTE or directory.is_big:
        raise MetadataRefusedError(_BROKEN)
    if not _is_alone(directory, entry) or entry.value_offset + entry.size > len(block):
        raise MetadataRefusedError(_BROKEN)
    return directory, entry


def _is_alone(directory: Directory, entry: Entry) -> bool:
    """Whether the value shares no byte with the header, the directory or another value."""
    others = [one for one in directory.entries.values() if one != entry]
    places = [(0, 8), (min(one.offset for one in (entry, *others)) - 2, 6)]
    places += [(one.offset, 12) for one in others]
    places += [(one.value_offset, one.size) for one in others if one.size > 4]
    start, end = entry.value_offset, entry.value_offset + entry.size
    return not any(start < place + size and place < end for place, size in places)
