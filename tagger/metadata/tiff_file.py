"""TIFF and DNG as they are edited by the user's exiftool, and the hash that watches over it.

exiftool writes such a file anew, so offsets change. What they lead to must not: the hash covers
every value of every directory and all image data (TIFF 6.0, Adobe DNG 1.7).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import xxhash

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.foreign_file import ForeignFile
from tagger.metadata.photoshop import DIGEST_ID, parse_resources
from tagger.metadata.tiff import (
    IPTC_TAG,
    PERCENT_TAG,
    PHOTOSHOP_TAG,
    RATING_TAG,
    XMP_TAG,
    XP_KEYWORDS_TAG,
    Directory,
    Entry,
    read_directory,
    read_directory_at,
    read_short,
    read_tiff,
)
from tagger.metadata.xp_keywords import read_xp_keywords

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.metadata.blocks import Blocks, NewBlocks
    from tagger.metadata.exiftool import Exiftool

_EDITED = {XMP_TAG, IPTC_TAG, PHOTOSHOP_TAG, RATING_TAG, PERCENT_TAG, XP_KEYWORDS_TAG}
"""In the first directory these are compared one by one, as blocks."""
_DATA = {273: 279, 324: 325, 513: 514}
"""Strips, tiles, an embedded JPEG: places and their lengths."""
_LENGTHS = set(_DATA.values())
_FREE = {288, 289}
_DIRECTORIES = {330, 400, 34665, 34853, 40965}
_REFUSED = {519, 520, 521, 50933}
"""Tables of the first JPEG in TIFF, camera profiles: they lead to data of a length of their own."""
_DNG_VERSION, _PHOTOMETRIC, _CFA, _LINEAR_RAW = 50706, 262, 32803, 34892
_MAX_DIRECTORIES = 200
_BROKEN = "The directories of this TIFF file are damaged or of a rare kind."
_NUMBERS = {1: "B", 3: "H", 4: "I", 13: "I"}


@dataclass(frozen=True)
class TiffFile(ForeignFile):
    """A whole TIFF or DNG in memory."""

    @classmethod
    def parse(cls, data: bytes, suffix: str = "", exiftool: Exiftool | None = None) -> TiffFile:
        """Raises `MetadataRefusedError` for damaged files, BigTIFF and a camera's own RAW."""
        file = cls(data, suffix, exiftool)
        if data[:4] not in {b"II*\0", b"MM\0*"} or data[8:10] == b"CR":
            raise MetadataRefusedError("This kind of TIFF file can't be written.")
        file._refuse_raw()
        return file

    @property
    def can_gain_blocks(self) -> bool:
        """Windows' keywords and IPTC are kept up, never made."""
        return False

    @cached_property
    def blocks(self) -> Blocks:
        """What the first directory holds."""
        return read_tiff(self.source)

    def hash_image(self) -> str:
        """Of all that no edit may change, wherever in the file it stands."""
        image = xxhash.xxh3_128()
        for place, directory in self._directories:
            for tag, entry in sorted(directory.entries.items()):
                if tag in _FREE or (place == (0,) and tag in _EDITED):
                    continue
                for piece in self._pieces(directory, tag, entry):
                    image.update(repr((place, tag, len(piece))).encode())
                    image.update(piece)
        return image.hexdigest()

    def rebuild(self, new: NewBlocks) -> bytes:
        """The file with new blocks. Raises `MetadataRefusedError` when exiftool can't do it."""
        return self.put_blocks(_name_values(new))

    @cached_property
    def _directories(self) -> list[tuple[tuple[int, ...], Directory]]:
        """Every directory with where it hangs: numbers in a chain, tags that lead below."""
        source = self.source
        found: list[tuple[tuple[int, ...], Directory]] = []
        order = read_directory(source).order
        start = int.from_bytes(self.data[4:8], "little" if order == "<" else "big")
        todo: list[tuple[tuple[int, ...], Directory]]
        todo = [((0,), read_directory_at(source, order, start))]
        while todo:
            place, directory = todo.pop()
            found.append((place, directory))
            if len(found) > _MAX_DIRECTORIES or _REFUSED & directory.entries.keys():
                raise MetadataRefusedError(_BROKEN)
            todo += [
                (below, read_directory_at(source, directory.order, offset))
                for below, offset in self._leads(place, directory)
            ]
        return found

    def _leads(
        self, place: tuple[int, ...], directory: Directory
    ) -> Iterator[tuple[tuple[int, ...], int]]:
        if directory.next_offset:
            yield (*place[:-1], place[-1] + 1), directory.next_offset
        for tag in sorted(_DIRECTORIES & directory.entries.keys()):
            for number, offset in enumerate(self._numbers(directory, directory.entries[tag])):
                yield (*place, tag, number), offset

    def _pieces(self, directory: Directory, tag: int, entry: Entry) -> Iterator[bytes | memoryview]:
        """The bytes that count of a value: those at the places that it names, or its own."""
        if tag in _DIRECTORIES:
            return
        if tag not in _DATA:
            is_odd = tag in _LENGTHS  # as 16 or 32 bits they are the same lengths
            value = self.source.read(entry.value_offset, entry.size)
            yield repr(self._numbers(directory, entry)).encode() if is_odd else value
            return
        lengths = directory.entries.get(_DATA[tag])
        if lengths is None or lengths.count != entry.count:
            raise MetadataRefusedError(_BROKEN)
        data = memoryview(self.data)
        sizes = self._numbers(directory, lengths)
        for start, size in zip(self._numbers(directory, entry), sizes, strict=True):
            if start + size > len(data):
                raise MetadataRefusedError(_BROKEN)
            yield data[start : start + size]

    def _numbers(self, directory: Directory, entry: Entry) -> tuple[int, ...]:
        form = _NUMBERS.get(entry.kind)
        if form is None:
            raise MetadataRefusedError(_BROKEN)
        value = self.source.read(entry.value_offset, entry.size)
        return struct.unpack(f"{directory.order}{entry.count}{form}", value)

    def _refuse_raw(self) -> None:
        """A camera's own RAW is never written, whatever its name says."""
        first = self._directories[0][1]
        kinds = {
            number
            for _, directory in self._directories
            if (entry := directory.entries.get(_PHOTOMETRIC)) is not None
            for number in self._numbers(directory, entry)
        }
        if _DNG_VERSION not in first.entries and kinds & {_CFA, _LINEAR_RAW}:
            raise MetadataRefusedError("This is a camera's RAW file, which is never written.")


def _name_values(new: NewBlocks) -> dict[str, bytes]:
    """The values under exiftool's names."""
    values = {"XMP": new.packet, "IPTC": new.iptc}
    if new.exif is not None:
        values |= {
            "IFD0:XPKeywords": _keyword_text(new.exif),
            "IFD0:Rating": _number_text(new.exif, RATING_TAG),
            "IFD0:RatingPercent": _number_text(new.exif, PERCENT_TAG),
        }
    if new.resources is not None:
        digest = parse_resources(new.resources).find(DIGEST_ID)
        values["Photoshop:IPTCDigest"] = None if digest is None else digest.hex().encode()
    return {name: value for name, value in values.items() if value is not None}


def _keyword_text(exif: bytes) -> bytes | None:
    keywords = read_xp_keywords(exif)
    return None if keywords is None else ";".join(keywords).encode()


def _number_text(exif: bytes, tag: int) -> bytes | None:
    number = read_short(exif, tag)
    return None if number is None else str(number).encode()
