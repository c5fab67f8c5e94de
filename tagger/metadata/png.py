"""PNG: XMP in an `iTXt` chunk, Exif in `eXIf` (PNG 3rd edition; XMP part 3, section 1.1.5)."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import xxhash

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.blocks import Blocks, NewBlocks, take_until_damage
from tagger.metadata.source import MAX_BLOCK_BYTES, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_XMP_KEYWORD = b"XML:com.adobe.xmp"
_LEGACY_KEYWORD = b"Raw profile type xmp"
_TEXT_TYPES = (b"iTXt", b"zTXt", b"tEXt")
_MAX_CHUNKS = 200_000
_BROKEN = "The chunks of this PNG are damaged, so nothing in the file is changed."


@dataclass(frozen=True, slots=True)
class _Chunk:
    offset: int
    kind: bytes
    length: int
    data: bytes

    @property
    def end(self) -> int:
        return self.offset + 12 + self.length


def read_png(source: Source) -> Blocks:
    """The blocks of a PNG; those before a damage when there is one."""
    return _collect(*take_until_damage(_iter_chunks(source)))


@dataclass(frozen=True)
class PngFile:
    """A whole PNG in memory, ready to be edited."""

    data: bytes
    chunks: tuple[_Chunk, ...]

    @classmethod
    def parse(cls, data: bytes) -> PngFile:
        """Raises `MetadataRefusedError` when the chunks are damaged."""
        return cls(data, tuple(_iter_chunks(Source.of_bytes(data))))

    @property
    def packet_end(self) -> str:
        """How a new packet ends: read-only, for a checksum guards it."""
        return "r"

    @property
    def can_gain_blocks(self) -> bool:
        """No program looks for IPTC or Windows keywords here."""
        return False

    @cached_property
    def blocks(self) -> Blocks:
        """What the chunks hold."""
        return _collect(self.chunks, ())

    def hash_image(self) -> str:
        """Of the file without XMP and Exif: every other chunk, its checksum and what follows."""
        image, data = xxhash.xxh3_128(), memoryview(self.data)
        for one in self.chunks:
            if not _is_ours(one):
                image.update(data[one.offset : one.end])
        image.update(data[self.chunks[-1].end :])
        return image.hexdigest()

    def rebuild(self, new: NewBlocks) -> bytes:
        """The file with new blocks in the places of the old ones; a first packet behind IHDR."""
        pieces = [SIGNATURE]
        is_first = new.packet is not None and not any(map(_is_packet, self.chunks))
        for chunk in self.chunks:
            pieces.append(self._replaced(chunk, new))
            if is_first and chunk.kind == b"IHDR":
                pieces.append(_xmp_chunk(new.packet or b""))
        return b"".join([*pieces, self.data[self.chunks[-1].end :]])

    def _replaced(self, chunk: _Chunk, new: NewBlocks) -> bytes:
        if new.packet is not None and _is_packet(chunk):
            return _xmp_chunk(new.packet)
        if new.exif is not None and chunk.kind == b"eXIf":
            return _make_chunk(b"eXIf", new.exif)
        return self.data[chunk.offset : chunk.end]


def _iter_chunks(source: Source) -> Iterator[_Chunk]:
    """All chunks up to and with IEND; the data only of those that may hold metadata."""
    if source.read(0, 8) != SIGNATURE:
        raise MetadataRefusedError("The file is named like a PNG but holds something else.")
    offset = 8
    for _ in range(_MAX_CHUNKS):
        length, kind = struct.unpack(">I4s", source.read(offset, 8))
        source.read(offset + 8 + length, 4)
        wanted = kind in _TEXT_TYPES or kind == b"eXIf"
        data = source.read_block(offset + 8, length) if wanted else b""
        chunk = _Chunk(offset, kind, length, data)
        yield chunk
        if kind == b"IEND":
            return
        offset = chunk.end
    raise MetadataRefusedError(_BROKEN)


def _collect(chunks: list[_Chunk] | tuple[_Chunk, ...], problems: tuple[str, ...]) -> Blocks:
    packets: list[bytes] = []
    for chunk in filter(_is_packet, chunks):
        try:
            packets.append(_packet_text(chunk))
        except (ValueError, zlib.error):
            problems = (*problems, "A block of metadata in this PNG can't be unpacked.")
            packets.append(b"")
    exif = [chunk.data for chunk in chunks if chunk.kind == b"eXIf"]
    return Blocks(tuple(packets), exif=exif[0] if exif else None, problems=problems)


def _is_packet(chunk: _Chunk) -> bool:
    keyword = chunk.data.partition(b"\x00")[0]
    return chunk.kind in _TEXT_TYPES and keyword in (_XMP_KEYWORD, _LEGACY_KEYWORD)


def _is_ours(chunk: _Chunk) -> bool:
    return chunk.kind == b"eXIf" or _is_packet(chunk)


def _packet_text(chunk: _Chunk) -> bytes:
    """The packet, unpacked. Raises `ValueError` or `zlib.error` when it can't be."""
    keyword, _, rest = chunk.data.partition(b"\x00")
    if chunk.kind == b"iTXt":
        is_packed = rest[:1] == b"\x01"
        text = rest[2:].split(b"\x00", 2)[2:]
        rest = text[0] if text else b""
    else:
        is_packed = chunk.kind == b"zTXt"
        rest = rest[1:] if is_packed else rest
    content = _inflate(rest) if is_packed else rest
    return _from_raw_profile(content) if keyword == _LEGACY_KEYWORD else content


def _inflate(packed: bytes) -> bytes:
    inflater = zlib.decompressobj()
    content = inflater.decompress(packed, MAX_BLOCK_BYTES)
    if inflater.unconsumed_tail:
        raise ValueError("The packed text is larger than any program writes.")
    return content


def _from_raw_profile(text: bytes) -> bytes:
    r"""ImageMagick's way: `\nxmp\n  <length>\n<hexadecimal digits>\n`."""
    digits = text.strip(b"\n").split(b"\n", 2)[2:]
    return bytes.fromhex(b"".join(digits).decode("ascii"))


def _xmp_chunk(packet: bytes) -> bytes:
    """Not compressed, without language and translated keyword, as XMP part 3 asks."""
    return _make_chunk(b"iTXt", _XMP_KEYWORD + b"\x00" * 5 + packet)


def _make_chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", checksum)
