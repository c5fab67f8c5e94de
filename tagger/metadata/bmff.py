"""XMP in HEIC, AVIF and Canon CR3: boxes of ISO 14496-12, items of ISO 23008-12."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.metadata.blocks import Blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    """The XMP packets; `MetadataRefusedError` when boxes are damaged."""
    packets: list[bytes] = []
    for box in iter_boxes(source, 0, source.size):
        if box.kind == b"uuid" and source.read(box.start, 16) == XMP_UUID:
            packets.append(source.read_block(box.start + 16, box.end - box.start - 16))
        elif box.kind == b"meta":
            packets.extend(_read_items(source, box))
    return Blocks(packets=tuple(packets))


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


def _read_items(source: Source, meta: Box) -> list[bytes]:
    boxes = {box.kind: box for box in iter_boxes(source, meta.start + 4, meta.end)}
    if b"iinf" not in boxes or b"iloc" not in boxes:
        return []
    wanted = find_xmp_items(source, boxes[b"iinf"])
    if not wanted:
        return []
    table = Reader(source.read_block(boxes[b"iloc"].start, _length(boxes[b"iloc"])))
    return [
        b"".join(source.read_block(offset, size) for offset, size in extents)
        for item, method, extents in iter_locations(table)
        if item in wanted and method == 0  # 1 and 2 lead into other boxes, where nobody puts XMP
    ]


def find_xmp_items(source: Source, iinf: Box) -> set[int]:
    """Numbers of the items of type `mime` that say `application/rdf+xml`."""
    version = source.read(iinf.start, 1)[0]
    first = iinf.start + (6 if version == 0 else 8)
    found: set[int] = set()
    for box in iter_boxes(source, first, iinf.end):
        entry = Reader(source.read_block(box.start, _length(box)))
        wide = entry.take(1)
        entry.skip(3)
        number = entry.take(4 if wide == 3 else 2)
        if b"mime" in entry.rest[2:6] and b"application/rdf+xml" in entry.rest:
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
