"""WebP: chunks `XMP ` and `EXIF` in a RIFF file (WebP container specification)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import xxhash

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.blocks import Blocks, NewBlocks, take_until_damage
from tagger.metadata.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_XMP, _EXIF = b"XMP ", b"EXIF"
_XMP_FLAG, _ALPHA_FLAG = 0x04, 0x10
_BROKEN = "The chunks of this WebP are damaged, so nothing in the file is changed."


@dataclass(frozen=True, slots=True)
class _Chunk:
    offset: int
    kind: bytes
    length: int
    data: bytes

    @property
    def end(self) -> int:
        return self.offset + 8 + self.length + self.length % 2


def read_webp(source: Source) -> Blocks:
    """The blocks of a WebP; those before a damage when there is one."""
    return _collect(*take_until_damage(_iter_chunks(source)))


@dataclass(frozen=True)
class WebpFile:
    """A whole WebP in memory, ready to be edited."""

    data: bytes
    chunks: tuple[_Chunk, ...]

    @classmethod
    def parse(cls, data: bytes) -> WebpFile:
        """Raises `MetadataRefusedError` when the chunks are damaged."""
        chunks = tuple(_iter_chunks(Source.of_bytes(data)))
        if not chunks or chunks[0].kind not in (b"VP8 ", b"VP8L", b"VP8X"):
            raise MetadataRefusedError(_BROKEN)
        return cls(data, chunks)

    @property
    def packet_end(self) -> str:
        """How a new packet ends: writable, with padding."""
        return "w"

    @property
    def can_gain_blocks(self) -> bool:
        """No program looks for IPTC or Windows keywords here."""
        return False

    @cached_property
    def blocks(self) -> Blocks:
        """What the chunks hold."""
        return _collect(self.chunks, ())

    def hash_image(self) -> str:
        """Of every chunk but VP8X, XMP and Exif, and of what follows behind the RIFF file."""
        image, data = xxhash.xxh3_128(), memoryview(self.data)
        for one in self.chunks:
            if one.kind not in {b"VP8X", _XMP, _EXIF}:
                image.update(data[one.offset : one.end])
        image.update(data[self.chunks[-1].end :])
        return image.hexdigest()

    def features(self) -> bytes:
        """The VP8X header, without the flag for XMP; what one would say where there is none."""
        header = bytearray(self._header())
        header[0] &= ~_XMP_FLAG
        return bytes(header)

    def rebuild(self, new: NewBlocks) -> bytes:
        """The file with new blocks; a plain file gets the VP8X header that XMP needs."""
        pieces: list[bytes] = []
        header = bytearray(self._header())
        if new.packet is not None:
            header[0] |= _XMP_FLAG
        plain = self.chunks[1:] if self.chunks[0].kind == b"VP8X" else self.chunks
        pieces.extend(self._replaced(chunk, new) for chunk in plain)
        if new.packet is not None and not self.blocks.packets:
            pieces.append(_make_chunk(_XMP, new.packet))
        body = b"".join([b"WEBP", _make_chunk(b"VP8X", bytes(header)), *pieces])
        tail = self.data[self.chunks[-1].end :]
        return b"RIFF" + struct.pack("<I", len(body)) + body + tail

    def _replaced(self, chunk: _Chunk, new: NewBlocks) -> bytes:
        if chunk.kind == _XMP and new.packet is not None:
            return _make_chunk(_XMP, new.packet)
        if chunk.kind == _EXIF and new.exif is not None:
            return _make_chunk(_EXIF, _exif_prefix(chunk.data) + new.exif)
        raw = self.data[chunk.offset : chunk.end]
        return raw if len(raw) == chunk.end - chunk.offset else raw + b"\x00"

    def _header(self) -> bytes:
        """The ten bytes of VP8X, made from the bitstream where the file has none."""
        first = self.chunks[0]
        bits = self.data[first.offset + 8 : first.offset + 18]
        is_odd = first.kind == b"VP8X" and first.length != 10
        if len(bits) < 10 or is_odd:
            raise MetadataRefusedError(_BROKEN)
        if first.kind == b"VP8X":
            return bits
        return _header_from_lossy(bits) if first.kind == b"VP8 " else _header_from_lossless(bits)


def _header_from_lossy(bits: bytes) -> bytes:
    """From the key frame header (RFC 6386, section 9.1)."""
    if bits[3:6] != b"\x9d\x01\x2a":
        raise MetadataRefusedError(_BROKEN)
    width, height = (value & 0x3FFF for value in struct.unpack("<HH", bits[6:10]))
    return _make_header(0, width, height)


def _header_from_lossless(bits: bytes) -> bytes:
    """From the lossless header: 14 bits each of width - 1 and height - 1, then alpha."""
    if bits[0] != 0x2F:
        raise MetadataRefusedError(_BROKEN)
    (packed,) = struct.unpack("<I", bits[1:5])
    flags = _ALPHA_FLAG if packed >> 28 & 1 else 0
    return _make_header(flags, (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1)


def _make_header(flags: int, width_px: int, height_px: int) -> bytes:
    if not width_px or not height_px:
        raise MetadataRefusedError(_BROKEN)
    size = (width_px - 1).to_bytes(3, "little") + (height_px - 1).to_bytes(3, "little")
    return bytes([flags, 0, 0, 0]) + size


def _iter_chunks(source: Source) -> Iterator[_Chunk]:
    riff, size, form = struct.unpack("<4sI4s", source.read(0, 12))
    if riff != b"RIFF" or form != b"WEBP":
        raise MetadataRefusedError("The file is named like a WebP but holds something else.")
    # Some writers forget the padding byte of the last chunk in the file, not in the size.
    end = min(size + 8, source.size + 1)
    if size + 8 > end:
        raise MetadataRefusedError(_BROKEN)
    offset = 12
    while offset + 8 <= end:
        kind, length = struct.unpack("<4sI", source.read(offset, 8))
        wanted = kind in (_XMP, _EXIF)
        data = source.read_block(offset + 8, length) if wanted else b""
        chunk = _Chunk(offset, kind, length, data)
        if chunk.end > end + 1:
            raise MetadataRefusedError(_BROKEN)
        yield chunk
        offset = chunk.end


def _collect(chunks: Sequence[_Chunk], problems: tuple[str, ...]) -> Blocks:
    exif = [chunk.data for chunk in chunks if chunk.kind == _EXIF]
    packets = tuple(chunk.data for chunk in chunks if chunk.kind == _XMP)
    block = exif[0][len(_exif_prefix(exif[0])) :] if exif else None
    return Blocks(packets, exif=block, problems=problems)


def _exif_prefix(data: bytes) -> bytes:
    """Some writers put the JPEG identifier before the TIFF block."""
    return data[:6] if data.startswith(b"Exif\x00\x00") else b""


def _make_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("<4sI", kind, len(data)) + data + b"\x00" * (len(data) % 2)
