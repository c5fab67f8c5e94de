"""XMP and Exif in HEIC and AVIF, XMP in Canon CR3: boxes of ISO 14496-12, items of ISO 23008-12."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.blocks import Blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tagger.metadata.source import Source

XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_MAX_BOXES = 10_000


@dataclass(frozen=True, slots=True)
class Box:
    """One box; `start` and `end` are those of its contents."""

    kind: bytes
    start: int
    end: int


def read_bmff(source: Source) -> Blocks:
    """The XMP packets and the Exif block; `MetadataRefusedError` when boxes are damaged."""
    packets: list[bytes] = []
    exif, problems = None, list[str]()
    for box in iter_boxes(source, 0, source.size):
        if box.kind == b"uuid" and source.read(box.start, 16) == XMP_UUID:
            packets.append(source.read_block(box.start + 16, box.end - box.start - 16))
        elif box.kind == b"meta":
            tables = {one.kind: one for one in iter_boxes(source, box.start + 4, box.end)}
            if {b"iinf", b"iloc"} <= tables.keys():
                packets.extend(_read_packets(source, tables))
                exif = exif or _read_exif(source, tables, problems)
    block = None if exif is None else exif.block
    return Blocks(packets=tuple(packets), exif=block, problems=tuple(problems))


def iter_boxes(source: Source, start: int, end: int) -> Iterator[Box]:
    """The boxes of a part of the file, up to the first that is damaged."""
    for _ in range(_MAX_BOXES):
        if start + 8 > end:
            return
        header = source.read(start, 8)
        size, body = int.from_bytes(header[:4], "big"), start + 8
        if size == 1:
            size, body = int.from_bytes(source.read(body, 8), "big"), body + 8
        stop = end if size == 0 else start + size
        if stop < body or stop > end:
            return
        yield Box(header[4:], body, stop)
        start = stop


def _read_packets(source: Source, tables: Mapping[bytes, Box]) -> list[bytes]:
    wanted = find_xmp_items(source, tables[b"iinf"])
    return [content for _, content in _read_items(source, tables, wanted)]


def _read_exif(source: Source, tables: Mapping[bytes, Box], problems: list[str]) -> ExifItem | None:
    """A damaged one hides no XMP."""
    try:
        return find_exif_item(source, tables)
    except MetadataRefusedError as error:
        problems.append(str(error))
        return None


def _read_items(
    source: Source, tables: Mapping[bytes, Box], wanted: set[int]
) -> Iterator[tuple[int, bytes]]:
    """Number and contents of these items."""
    if not wanted:
        return
    table = Reader(source.read_block(tables[b"iloc"].start, _length(tables[b"iloc"])))
    for item, method, extents in iter_locations(table):
        if item in wanted and method == 0:  # 1 and 2 lead into other boxes, where nobody puts XMP
            yield item, b"".join(source.read_block(offset, size) for offset, size in extents)


@dataclass(frozen=True, slots=True)
class ExifItem:
    """The Exif data of a picture (ISO 23008-12, A.2.1).

    Attributes:
        head: what stands before the block: its place, and mostly `Exif`.
        block: from `II` or `MM` on.
    """

    number: int
    head: bytes
    block: bytes


def find_exif_item(source: Source, tables: Mapping[bytes, Box]) -> ExifItem | None:
    """The one Exif item; None without it, or where several may disagree.

    `tables`: the boxes in `meta` by their kind. `MetadataRefusedError` when they are damaged.
    """
    wanted = _find_items(source, tables[b"iinf"], lambda said: said[2:6] == b"Exif")
    items = list(_read_items(source, tables, wanted))
    if len(items) != 1:
        return None
    number, content = items[0]
    start = 4 + int.from_bytes(content[:4], "big")
    return ExifItem(number, content[:start], content[start:]) if start < len(content) else None


def find_xmp_items(source: Source, iinf: Box) -> set[int]:
    """Numbers of the items of type `mime` that say `application/rdf+xml`."""
    return _find_items(
        source, iinf, lambda said: b"mime" in said[2:6] and b"application/rdf+xml" in said
    )


def _find_items(source: Source, iinf: Box, is_wanted: Callable[[bytes], bool]) -> set[int]:
    """Numbers of the items of which this is so, by what is said of them behind the number."""
    version = source.read(iinf.start, 1)[0]
    first = iinf.start + (6 if version == 0 else 8)
    found: set[int] = set()
    for box in iter_boxes(source, first, iinf.end):
        entry = Reader(source.read_block(box.start, _length(box)))
        wide = entry.take(1)
        entry.skip(3)
        number = entry.take(4 if wide == 3 else 2)
        if is_wanted(entry.rest):
            found.add(number)
    return found


def _length(box: Box) -> int:
    return box.end - box.start


class Reader:
    """Big-endian numbers, one after the other; past the end they are 0."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._offset = 0

    def take(self, size: int) -> int:
        """The next number of so many bytes."""
        value = int.from_bytes(self._data[self._offset : self._offset + size], "big")
        self._offset += size
        return value

    def skip(self, size: int) -> None:
        """Pass over so many bytes."""
        self._offset += size

    @property
    def rest(self) -> bytes:
        """All bytes that were not taken."""
        return self._data[self._offset :]


def iter_locations(table: Reader) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """Item number, how its data is reached, and (offset, size) extents, from an `iloc` box."""
    version = table.take(1)
    table.skip(3)
    sizes, more = table.take(1), table.take(1)
    offset_size, length_size = sizes >> 4, sizes & 15
    base_size, index_size = more >> 4, more & 15 if version else 0
    wide = 4 if version == 2 else 2
    for _ in range(min(table.take(wide), _MAX_BOXES)):
        number = table.take(wide)
        method = table.take(2) & 15 if version else 0
        table.skip(2)
        base = table.take(base_size)
        extents = []
        for _ in range(min(table.take(2), 64)):
            table.skip(index_size)
            extents.append((base + table.take(offset_size), table.take(length_size)))
        yield number, method, extents
