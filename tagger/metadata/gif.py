"""XMP in GIF: application extension `XMP DataXMP` (XMP part 3, section 1.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.metadata.blocks import Blocks

if TYPE_CHECKING:
    from tagger.metadata.source import Source

_EXTENSION, _APPLICATION, _IMAGE = 0x21, 0xFF, 0x2C
_XMP_ID = b"XMP DataXMP"
_TRAILER_BYTES = 257
"""The "magic trailer" that leads readers of sub-blocks out of the packet, terminator excluded."""
_MAX_STEPS = 300_000


class _Walker:
    """Walks over sub-blocks with one limit for the whole file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.steps = 0

    def byte(self, offset: int) -> int:
        self.steps += 1
        if self.steps > _MAX_STEPS or offset >= self.source.size:
            return 0
        return self.source.read(offset, 1)[0]

    def skip_sub_blocks(self, offset: int) -> int:
        """The offset behind the terminator of the sub-blocks that start here."""
        while size := self.byte(offset):
            offset += size + 1
        return offset + 1


def read_gif(source: Source) -> Blocks:
    """The XMP packet of a GIF; `MetadataRefusedError` when blocks reach past the end."""
    walker = _Walker(source)
    offset = 13 + _table_bytes(source.read(10, 1)[0])
    while kind := walker.byte(offset):
        if kind == _EXTENSION:
            packet, offset = _read_extension(walker, offset)
            if packet is not None:
                return Blocks(packets=(packet,))
        elif kind == _IMAGE:
            palette = _table_bytes(source.read(offset + 9, 1)[0])
            offset = walker.skip_sub_blocks(offset + 11 + palette)
        else:
            break
    return Blocks()


def _table_bytes(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _read_extension(walker: _Walker, offset: int) -> tuple[bytes | None, int]:
    label = walker.byte(offset + 1)
    if label != _APPLICATION:
        return None, walker.skip_sub_blocks(offset + 2)
    start = offset + 3 + walker.byte(offset + 2)
    is_xmp = start <= walker.source.size and (
        walker.source.read(offset + 3, start - offset - 3) == _XMP_ID
    )
    end = walker.skip_sub_blocks(start)
    if not is_xmp:
        return None, end
    return walker.source.read_block(start, max(end - 1 - _TRAILER_BYTES - start, 0)), end
