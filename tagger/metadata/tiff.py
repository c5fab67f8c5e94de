"""TIFF blocks: the first directory, read from whole files and from Exif (TIFF 6.0, BigTIFF).

Serves TIFF, DNG and the RAW formats built on TIFF as well as the Exif block of other formats.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.blocks import Blocks
from tagger.metadata.source import Source

XMP_TAG, IPTC_TAG, PHOTOSHOP_TAG = 700, 33723, 34377
RATING_TAG, PERCENT_TAG, XP_KEYWORDS_TAG = 0x4746, 0x4749, 0x9C9E
TIFF_MAGICS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"IIU\0", b"IIRO", b"IIRS", b"MMOR")
_MAGICS = {42, 43, 85, 0x4F52, 0x5352}
"""Classic, Big, Panasonic RW2 and two of Olympus ORF."""
_TYPE_BYTES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
_MAX_ENTRIES = 4096


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a directory.

    Attributes:
        offset: where the entry itself stands in the block.
        size: of the value, in bytes.
        value_offset: where the value stands: in the entry when it is short.
    """

    offset: int
    kind: int
    count: int
    size: int
    value_offset: int


@dataclass(frozen=True, slots=True)
class Directory:
    """The first directory of a block.

    Attributes:
        order: `<` or `>`, as `struct` wants it.
        is_big: BigTIFF, whose entries have 20 bytes.
        entries: by tag; of a doubled tag the first.
        next_offset: where the next directory of the chain stands, 0 behind the last or unread.
    """

    order: str
    is_big: bool
    entries: dict[int, Entry]
    next_offset: int = 0


def read_directory(source: Source) -> Directory:
    """The first directory; `MetadataRefusedError` when the block is no TIFF or damaged."""
    order = {b"II": "<", b"MM": ">"}.get(source.read(0, 2))
    if order is None:
        raise MetadataRefusedError("The Exif block of this file is damaged.")
    magic = _number(source, order, 2, 2)
    if magic not in _MAGICS:
        raise MetadataRefusedError("The Exif block of this file is damaged.")
    is_big = magic == 43
    start = _number(source, order, 8 if is_big else 4, 8 if is_big else 4)
    return Directory(order, is_big, _read_entries(source, order, start, is_big=is_big))


@lru_cache(maxsize=64)
def read_block_directory(block: bytes) -> Directory:
    """The first directory of an Exif block, which several checks ask for. Raises the same."""
    return read_directory(Source.of_bytes(block))


def read_directory_at(source: Source, order: str, start: int) -> Directory:
    """Any directory of a classic TIFF.

    Raises `MetadataRefusedError` when it is damaged or has a tag twice.
    """
    count = _number(source, order, start, 2)
    following = _number(source, order, start + 2 + 12 * count, 4)
    entries = _read_entries(source, order, start, is_big=False)
    if len(entries) != count:
        raise MetadataRefusedError("The directories of this TIFF file are damaged.")
    return Directory(order, is_big=False, entries=entries, next_offset=following)


def _read_entries(source: Source, order: str, start: int, *, is_big: bool) -> dict[int, Entry]:
    count_bytes, entry_bytes = (8, 20) if is_big else (2, 12)
    count = _number(source, order, start, count_bytes)
    if count > _MAX_ENTRIES:
        raise MetadataRefusedError("The Exif block of this file is damaged.")
    first = start + count_bytes
    table = source.read(first, count * entry_bytes)
    entries: dict[int, Entry] = {}
    for place in range(0, len(table), entry_bytes):
        tag, kind = struct.unpack_from(order + "HH", table, place)
        number = "Q" if is_big else "I"
        count, value = struct.unpack_from(order + 2 * number, table, place + 4)
        size = count * _TYPE_BYTES.get(kind, 1)
        inline = struct.calcsize(number)
        at = first + place + 4 + inline if size <= inline else value
        entries.setdefault(tag, Entry(first + place, kind, count, size, at))
    return entries


def _number(source: Source, order: str, offset: int, size: int) -> int:
    return int.from_bytes(source.read(offset, size), "little" if order == "<" else "big")


def read_value(source: Source, directory: Directory, tag: int) -> bytes | None:
    """The raw bytes of a tag, None where it is absent."""
    entry = directory.entries.get(tag)
    return None if entry is None else source.read_block(entry.value_offset, entry.size)


def read_short(block: bytes, tag: int) -> int | None:
    """A 16-bit number of the first directory of an Exif block; None when absent or damaged."""
    try:
        directory = read_block_directory(block)
        entry = directory.entries.get(tag)
        if entry is None or entry.kind != 3 or entry.count != 1:
            return None
        return _number(Source.of_bytes(block), directory.order, entry.value_offset, 2)
    except MetadataRefusedError:
        return None


def has_tag(block: bytes, tag: int) -> bool:
    """Whether the first directory of an Exif block has the tag; a damaged one has none."""
    try:
        return tag in read_block_directory(block).entries
    except MetadataRefusedError:
        return False


def read_tiff(source: Source) -> Blocks:
    """XMP, IPTC and Photoshop resources of a TIFF-like file, Windows' keywords and stars."""
    found: dict[int, bytes | None] = {}
    problems: tuple[str, ...] = ()
    directory = read_directory(source)
    for tag in (XMP_TAG, IPTC_TAG, PHOTOSHOP_TAG, XP_KEYWORDS_TAG, RATING_TAG, PERCENT_TAG):
        try:
            found[tag] = read_value(source, directory, tag)
        except MetadataRefusedError as error:
            problems = (*problems, str(error))
    packet = found.get(XMP_TAG)
    keywords, stars = found.get(XP_KEYWORDS_TAG), (found.get(RATING_TAG), found.get(PERCENT_TAG))
    return Blocks(
        packets=(packet,) if packet else (),
        exif=_small_exif(keywords, *(_as_short(one, directory.order) for one in stars)),
        resources=found.get(PHOTOSHOP_TAG),
        iptc=found.get(IPTC_TAG),
        problems=problems,
    )


def _as_short(value: bytes | None, order: str) -> bytes | None:
    """A single 16-bit number in Intel's order."""
    if value is None or len(value) != 2:
        return None
    return value if order == "<" else value[::-1]


def _small_exif(
    keywords: bytes | None, rating: bytes | None, percent: bytes | None
) -> bytes | None:
    """A block with these tags alone, so that large files need not be in memory to be read."""
    shorts = [(tag, one) for tag, one in ((RATING_TAG, rating), (PERCENT_TAG, percent)) if one]
    entries = [struct.pack("<HHI", tag, 3, 1) + one + bytes(2) for tag, one in shorts]
    if keywords is not None:
        size, place = len(keywords), 8 + 2 + 12 * (len(entries) + 1) + 4
        value = struct.pack("<I", place) if size > 4 else keywords.ljust(4, b"\0")
        entries.append(struct.pack("<HHI", XP_KEYWORDS_TAG, 1, size) + value)
    if not entries:
        return None
    table = struct.pack("<H", len(entries)) + b"".join(entries)
    tail = keywords if keywords is not None and len(keywords) > 4 else b""
    return b"II*\x00\x08\x00\x00\x00" + table + bytes(4) + tail
