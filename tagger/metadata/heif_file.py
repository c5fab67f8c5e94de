"""HEIC and AVIF as they are edited by the user's exiftool, and the hash that watches over them.

XMP and Exif are items beside those of the picture (ISO 23008-12). exiftool moves all items; the
hash covers their contents, what the file says of each, and every other box. The Exif block is left
to whoever compares blocks: of it nothing may change but stars and Windows' keywords.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import xxhash

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.bmff import (
    XMP_UUID,
    Box,
    ExifItem,
    Reader,
    find_exif_item,
    find_xmp_items,
    iter_boxes,
    iter_locations,
    read_bmff,
)
from tagger.metadata.foreign_file import ForeignFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.metadata.blocks import Blocks, NewBlocks
    from tagger.metadata.exiftool import Exiftool

_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"avif", b"avis"}
_CANON_RAW = b"crx "
_UNREAD = {b"mdat", b"free", b"skip", b"meta"}
_TABLES = {b"iinf", b"iloc", b"iref", b"idat", b"free"}
"""What a new item changes; what they say of all others is hashed item by item."""
_BROKEN = "The boxes of this file are damaged or of a rare kind."


@dataclass(frozen=True)
class HeifFile(ForeignFile):
    """A whole HEIC or AVIF in memory."""

    @classmethod
    def parse(cls, data: bytes, suffix: str = "", exiftool: Exiftool | None = None) -> HeifFile:
        """Raises `MetadataRefusedError` for damaged files, sequences and Canon's RAW."""
        file = cls(data, suffix, exiftool)
        if not file._brands & _BRANDS or _CANON_RAW in file._brands:
            raise MetadataRefusedError("This is a camera's RAW file, which is never written.")
        if any(box.kind in {b"moov", b"moof"} for box in file._boxes):
            raise MetadataRefusedError("This file holds a sequence of pictures or a film.")
        if any(file._is_xmp_box(box) for box in file._boxes):
            raise MetadataRefusedError("The XMP metadata of this file stands at a rare place.")
        return file

    @property
    def can_gain_blocks(self) -> bool:
        """Only XMP is ever made; Exif is kept up where it is."""
        return False

    @cached_property
    def blocks(self) -> Blocks:
        """The XMP packet and the Exif block."""
        return read_bmff(self.source)

    def hash_image(self) -> str:
        """Of all items but XMP and Exif block, of what is said of them, and of all other boxes."""
        image = xxhash.xxh3_128()
        for piece in (*self._other_boxes(), *self._items(), *self._references()):
            image.update(len(piece).to_bytes(8, "big"))
            image.update(piece)
        return image.hexdigest()

    def rebuild(self, new: NewBlocks) -> bytes:
        """The file with new blocks. Raises `MetadataRefusedError` when exiftool can't do it."""
        values = {"XMP": new.packet, "EXIF": new.exif}
        return self.put_blocks({name: one for name, one in values.items() if one is not None})

    @cached_property
    def _boxes(self) -> tuple[Box, ...]:
        boxes = tuple(iter_boxes(self.source, 0, len(self.data)))
        if not boxes or boxes[-1].end != len(self.data):
            raise MetadataRefusedError(_BROKEN)
        return boxes

    @property
    def _brands(self) -> set[bytes]:
        body = self._body(self._boxes[0]) if self._boxes[0].kind == b"ftyp" else b""
        return {body[start : start + 4] for start in range(0, len(body), 4)}

    @cached_property
    def _meta(self) -> dict[bytes, Box]:
        """The boxes in the one that holds the metadata, by their kind."""
        metas = [box for box in self._boxes if box.kind == b"meta"]
        if len(metas) != 1:
            raise MetadataRefusedError(_BROKEN)
        boxes = list(iter_boxes(self.source, metas[0].start + 4, metas[0].end))
        by_kind = {box.kind: box for box in boxes}
        if not boxes or boxes[-1].end != metas[0].end or not {b"iinf", b"iloc"} <= by_kind.keys():
            raise MetadataRefusedError(_BROKEN)
        return by_kind

    @cached_property
    def _xmp_items(self) -> set[int]:
        return find_xmp_items(self.source, self._meta[b"iinf"])

    @cached_property
    def _exif_item(self) -> ExifItem | None:
        return find_exif_item(self.source, self._meta)

    def _is_xmp_box(self, box: Box) -> bool:
        return box.kind == b"uuid" and self._body(box).startswith(XMP_UUID)

    def _body(self, box: Box) -> bytes:
        return self.data[box.start : box.end]

    def _other_boxes(self) -> Iterator[bytes]:
        for box in self._boxes:
            if box.kind not in _UNREAD:
                yield box.kind + self._body(box)
        for kind, box in sorted(self._meta.items()):
            if kind not in _TABLES:
                yield kind + self._body(box)

    def _items(self) -> Iterator[bytes]:
        """Number, description and contents of each item, by number."""
        exif = self._exif_item
        said = self._said_of_items()
        table = Reader(self._body(self._meta[b"iloc"]))
        found = sorted(iter_locations(table))
        if table.rest or {number for number, _, _ in found} - said.keys():
            raise MetadataRefusedError(_BROKEN)
        for number, method, extents in found:
            if number in self._xmp_items:
                continue
            yield number.to_bytes(4, "big") + said[number]
            if exif is not None and number == exif.number:
                yield exif.head
            else:
                yield from (self._extent(method, *extent) for extent in extents)

    def _said_of_items(self) -> dict[int, bytes]:
        box = self._meta[b"iinf"]
        first = box.start + (6 if self.data[box.start] == 0 else 8)
        said = {}
        for entry in iter_boxes(self.source, first, box.end):
            body = self._body(entry)
            said[int.from_bytes(body[4 : 8 if body[:1] == b"\x03" else 6], "big")] = body
        return said

    def _extent(self, method: int, offset: int, size: int) -> bytes:
        if method > 1 or not size or (method == 1 and b"idat" not in self._meta):
            raise MetadataRefusedError(_BROKEN)
        place = self._meta[b"idat"] if method else Box(b"", 0, len(self.data))
        if place.start + offset + size > place.end:
            raise MetadataRefusedError(_BROKEN)
        return self.data[place.start + offset : place.start + offset + size]

    def _references(self) -> Iterator[bytes]:
        """What items say of each other; what the XMP says of the picture is no harm."""
        box = self._meta.get(b"iref")
        if box is None:
            return
        width = 4 if self.data[box.start] else 2
        for one in iter_boxes(self.source, box.start + 4, box.end):
            body = self._body(one)
            if int.from_bytes(body[:width], "big") not in self._xmp_items:
                yield one.kind + body
