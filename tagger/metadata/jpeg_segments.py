"""The segments before the first scan of a JPEG (ITU-T T.81, annex B)."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from tagger.core.errors import MetadataRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.metadata.source import Source

APP0, APP1, APP2, APP13 = 0xE0, 0xE1, 0xE2, 0xED
SOS = 0xDA
MAX_PAYLOAD_BYTES = 0xFFFF - 2
XMP_ID = b"http://ns.adobe.com/xap/1.0/\x00"
EXTENDED_ID = b"http://ns.adobe.com/xmp/extension/\x00"
EXIF_IDS = (b"Exif\x00\x00", b"Exif\x00\xff")
PHOTOSHOP_ID = b"Photoshop 3.0\x00"
MPF_ID = b"MPF\x00"

_BROKEN = "The segments of this JPEG are damaged, so nothing in the file is changed."


class Kind(Enum):
    """What a segment with metadata holds, told by its marker and the identifier in front."""

    XMP = (APP1, XMP_ID)
    EXTENDED = (APP1, EXTENDED_ID)
    EXIF = (APP1, *EXIF_IDS)
    PHOTOSHOP = (APP13, PHOTOSHOP_ID)
    MPF = (APP2, MPF_ID)

    @property
    def id_bytes(self) -> int:
        """Length of the identifier."""
        return len(self.value[1])


_KINDS = [(kind.value[0], kind.value[1:], kind) for kind in Kind]
_KNOWN_MARKERS = frozenset(marker for marker, _, _ in _KINDS)


class Segment(NamedTuple):
    """One marker segment.

    Attributes:
        offset: where it starts in the file, fill bytes included.
        fill: number of fill bytes (0xFF) before the marker.
        payload: what follows the length; empty for the SOS segment that ends the list.
        kind: None for what is no metadata that this program edits.
    """

    offset: int
    fill: int
    marker: int
    payload: bytes
    kind: Kind | None = None

    def with_payload(self, payload: bytes) -> bytes:
        """The segment with another payload of at most 65,533 bytes."""
        return b"\xff" * self.fill + make_segment(self.marker, payload)

    @property
    def payload_offset(self) -> int:
        """Where the payload starts in the file."""
        return self.offset + self.fill + 4

    @property
    def end(self) -> int:
        """Where the next one starts."""
        return self.payload_offset + len(self.payload)


def make_segment(marker: int, payload: bytes) -> bytes:
    """Marker, length and payload."""
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise MetadataRefusedError("The metadata no longer fits into a JPEG segment of 64 KB.")
    return b"\xff%c%s%s" % (marker, (len(payload) + 2).to_bytes(2, "big"), payload)


def iter_segments(source: Source) -> Iterator[Segment]:
    """All segments up to and with the first SOS, whose payload is left out.

    Raises `MetadataRefusedError` where a length is broken or no scan follows; what was yielded
    before is sound.
    """
    if source.read(0, 2) != b"\xff\xd8":
        raise MetadataRefusedError("The file is named like a JPEG but holds something else.")
    offset = 2
    while True:
        segment, offset = _read_segment(source, offset)
        yield segment
        if segment.marker == SOS:
            return


def _read_segment(source: Source, offset: int) -> tuple[Segment, int]:
    start = offset
    while (head := source.read(offset, 2)) == b"\xff\xff":
        offset += 1
    first, marker = head
    if first != 0xFF or not _has_length(marker):
        raise MetadataRefusedError(_BROKEN)
    if marker == SOS:
        return Segment(start, offset - start, marker, b""), offset
    length = int.from_bytes(source.read(offset + 2, 2), "big")
    if length < 2:
        raise MetadataRefusedError(_BROKEN)
    payload = source.read(offset + 4, length - 2)
    kind = _find_kind(marker, payload) if marker in _KNOWN_MARKERS else None
    return Segment(start, offset - start, marker, payload, kind), offset + 2 + length


def _find_kind(marker: int, payload: bytes) -> Kind | None:
    fitting = (kind for its, ids, kind in _KINDS if its == marker and payload.startswith(ids))
    return next(fitting, None)


def _has_length(marker: int) -> bool:
    """Whether a length follows: not for RST, SOI, EOI, TEM and reserved markers."""
    return marker >= 0xC0 and not 0xD0 <= marker <= 0xD9
