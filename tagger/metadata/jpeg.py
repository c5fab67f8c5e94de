"""JPEG: reads metadata segments and puts new ones in their place, all else byte for byte."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING

import xxhash

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.blocks import Blocks, NewBlocks, take_until_damage
from tagger.metadata.jpeg_segments import (
    APP0,
    APP1,
    APP13,
    EXIF_IDS,
    MAX_PAYLOAD_BYTES,
    MPF_ID,
    PHOTOSHOP_ID,
    XMP_ID,
    Kind,
    Segment,
    iter_segments,
    make_segment,
)
from tagger.metadata.jpeg_trailer import has_pointed_preview
from tagger.metadata.mpf import Growth, correct_offsets
from tagger.metadata.source import Source
from tagger.metadata.spliced import NewFile, Spliced

if TYPE_CHECKING:
    from collections.abc import Sequence

_HAS_EXTENDED = re.compile(rb"HasExtendedXMP\s*(?:=\s*[\"']|>)\s*([0-9A-Fa-f]{32})")
_STRAY = "The XMP metadata of this JPEG stands where no program looks for it."
_SCAN_BYTES = 1 << 10
"""Of the tail, in which the marker of the scan stands: a file may have fill bytes before it."""
_CHUNK_BYTES = MAX_PAYLOAD_BYTES - len(PHOTOSHOP_ID)
_EDITED = frozenset({Kind.XMP, Kind.EXIF, Kind.PHOTOSHOP, Kind.MPF})
"""What an edit may change; of MPF only the offsets."""
_Piece = tuple[Segment | None, bytes]
"""Bytes of the new file, and the segment whose place they take."""


def read_jpeg(source: Source) -> Blocks:
    """The blocks of a JPEG; those before a damage when there is one."""
    return _collect(*take_until_damage(iter_segments(source)))


@dataclass(frozen=True)
class JpegFile:
    """A whole JPEG in memory, ready to be edited.

    Attributes:
        data: the file, or what stands before its first scan.
        segments: everything before the first scan.
        scan_offset: where the first SOS stands; from there on nothing ever changes.
        tail: from there on.
    """

    data: bytes
    segments: tuple[Segment, ...]
    scan_offset: int
    tail: memoryview

    @classmethod
    def parse(cls, file: NewFile) -> JpegFile:
        """Raises `MetadataRefusedError` when the segments are damaged."""
        if not isinstance(file, Spliced):
            *segments, scan = iter_segments(Source.of_bytes(file))
            return cls(file, tuple(segments), scan.offset, memoryview(file)[scan.offset :])
        head, tail = file.head, file.tail
        *segments, scan = iter_segments(Source.of_bytes(head + tail[:_SCAN_BYTES]))
        if scan.offset != len(head):
            raise MetadataRefusedError("The new metadata hides the beginning of the picture.")
        return cls(head, tuple(segments), scan.offset, tail)

    @property
    def packet_end(self) -> str:
        """How a new packet ends: writable, with padding."""
        return "w"

    @property
    def can_gain_blocks(self) -> bool:
        """Exif and IPTC can be made where there are none."""
        return True

    @cached_property
    def blocks(self) -> Blocks:
        """What the segments hold."""
        return _collect(self.segments, ())

    def hash_image(self) -> str:
        """Of every segment that no edit may change, and of all from the first scan on."""
        image = xxhash.xxh3_128()
        for segment in self._kept_segments():
            image.update(segment)
        image.update(self.tail)
        return image.hexdigest()

    def has_image_of(self, other: JpegFile) -> bool:
        """Whether all that no edit may change is equal; quicker than two hashes."""
        if self._kept_segments() != other._kept_segments():
            return False
        is_same = self.tail.obj is other.tail.obj  # both go to the end of the same bytes
        return len(self.tail) == len(other.tail) and (
            is_same or self.data.startswith(other.tail, self.scan_offset)
        )

    def _kept_segments(self) -> list[bytes]:
        kept = (one for one in self.segments if one.kind not in _EDITED)
        return [self.data[one.offset : one.end] for one in kept]

    def rebuild(self, new: NewBlocks) -> Spliced:
        """The file with new blocks in the places of the old ones.

        A first XMP packet gets a segment behind JFIF and Exif (XMP part 3, section 1.1.3), a first
        Exif block one behind JFIF, first Photoshop resources one behind these.
        Raises `MetadataRefusedError` when a block does not fit into a segment.
        """
        if new.exif is not None and len(self._segments_of(Kind.EXIF)) > 1:
            raise MetadataRefusedError("The photo has several Exif blocks that may disagree.")
        pieces: list[_Piece] = [(one, self._replaced(one, new)) for one in self.segments]
        for place, raw in reversed(self._first_ones(new)):
            pieces.insert(place, (None, raw))
        return self._join(pieces)

    def _first_ones(self, new: NewBlocks) -> list[tuple[int, bytes]]:
        """Blocks that the file has none of yet: index of the segment to stand before, and bytes."""
        place = self._place_for_xmp()
        found = []
        if new.exif is not None and not self._segments_of(Kind.EXIF):
            behind_jfif = sum(1 for _ in takewhile(lambda one: one.marker == APP0, self.segments))
            found.append((behind_jfif, make_segment(APP1, EXIF_IDS[0] + new.exif)))
        if new.packet is not None and not self._segments_of(Kind.XMP):
            found.append((place, make_segment(APP1, XMP_ID + new.packet)))
        if new.resources is not None and not self._segments_of(Kind.PHOTOSHOP):
            found.append((place, _photoshop_bytes(new.resources)))
        return found

    def _replaced(self, segment: Segment, new: NewBlocks) -> bytes:
        if segment.kind is Kind.XMP and new.packet is not None:
            return segment.with_payload(XMP_ID + new.packet)
        if segment.kind is Kind.EXIF and new.exif is not None:
            return segment.with_payload(segment.payload[:6] + new.exif)
        if segment.kind is Kind.PHOTOSHOP and new.resources is not None:
            is_first = segment is self._segments_of(Kind.PHOTOSHOP)[0]
            return _photoshop_bytes(new.resources) if is_first else b""
        return self.data[segment.offset : segment.end]

    def _segments_of(self, kind: Kind) -> list[Segment]:
        return [segment for segment in self.segments if segment.kind is kind]

    def _refuse_lost_preview(self) -> None:
        for segment in self._segments_of(Kind.EXIF):
            start, exif = segment.payload_offset + 6, segment.payload[6:]
            if has_pointed_preview(self.data, self.scan_offset, start, exif):
                raise MetadataRefusedError("The camera's preview behind the picture would be lost.")

    def _place_for_xmp(self) -> int:
        """Index behind the JFIF, JFXX and Exif segments that open the file."""
        place = 0
        for segment in self.segments:
            if not (segment.marker == APP0 or segment.kind is Kind.EXIF):
                break
            place += 1
        return place

    def _join(self, pieces: Sequence[_Piece]) -> Spliced:
        """The new file, the offsets of embedded images corrected."""
        whole = 2 + sum(len(raw) for _, raw in pieces) - self.scan_offset
        if whole and not self._segments_of(Kind.MPF):
            self._refuse_lost_preview()
        joined, start = [self.data[:2]], 2
        for segment, raw in pieces:
            joined.append(raw)
            if segment is not None and segment.kind is Kind.MPF:
                growth = Growth(whole, whole - (start - segment.offset))
                block = correct_offsets(segment.payload[len(MPF_ID) :], growth)
                joined[-1] = segment.with_payload(MPF_ID + block)
            start += len(raw)
        return Spliced(b"".join(joined), self.tail)


def _photoshop_bytes(resources: bytes) -> bytes:
    """One segment, or several where the resources are longer than a segment."""
    starts = range(0, max(len(resources), 1), _CHUNK_BYTES)
    chunks = [resources[start : start + _CHUNK_BYTES] for start in starts]
    return b"".join(make_segment(APP13, PHOTOSHOP_ID + chunk) for chunk in chunks)


def _collect(segments: Sequence[Segment], problems: tuple[str, ...]) -> Blocks:
    packets = _payloads(segments, Kind.XMP)
    exif = _payloads(segments, Kind.EXIF)
    resources = _payloads(segments, Kind.PHOTOSHOP)
    strays = [_stray_packet(segment) for segment in segments if _is_stray(segment)]
    return Blocks(
        packets=(*packets, *strays),
        extended=_extended(segments, packets),
        exif=exif[0] if exif else None,
        resources=b"".join(resources) if resources else None,
        problems=(*problems, _STRAY) if strays else problems,
    )


def _is_stray(segment: Segment) -> bool:
    """Whether it holds a packet under a wrong identifier, which strict programs don't read."""
    return segment.marker == APP1 and segment.kind is None and b"<x:xmpmeta" in segment.payload


def _stray_packet(segment: Segment) -> bytes:
    return segment.payload[segment.payload.index(b"<x:xmpmeta") :]


def _payloads(segments: Sequence[Segment], kind: Kind) -> list[bytes]:
    return [one.payload[kind.id_bytes :] for one in segments if one.kind is kind]


def _extended(segments: Sequence[Segment], packets: Sequence[bytes]) -> bytes | None:
    """The second part of the packet, put together from its pieces (XMP part 3, 1.1.3.1)."""
    match = _HAS_EXTENDED.search(packets[0]) if packets else None
    if match is None:
        return None
    pieces: dict[int, bytes] = {}
    for payload in _payloads(segments, Kind.EXTENDED):
        if payload[:32].upper() == match[1].upper():
            pieces[int.from_bytes(payload[36:40], "big")] = payload[40:]
    return b"".join(pieces[offset] for offset in sorted(pieces))
