"""A hash of the image data alone, so that writing keywords never looks like a new photo."""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING

import xxhash

from tagger.core.ids import ContentId
from tagger.images.failures import plain_errors

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_BLOCK_BYTES = 1 << 20
_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_PNG_IMAGE_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"fdAT"}
_WEBP_IMAGE_CHUNKS = {b"VP8 ", b"VP8L", b"ALPH", b"ANMF"}


class _BrokenStructureError(Exception):
    """The container does not hold together; its bytes are hashed as they are."""


def read_content_id(path: Path) -> ContentId:
    """Hash the image data of a JPEG, PNG or WebP, and every other file as a whole (xxh3, 128 bit).

    JPEG: from the first start-of-scan marker to the end of the file, for what follows the picture
    (gain maps, further MPF images) is image data too. PNG: the payload of `IHDR`, `PLTE`, `IDAT`
    and `fdAT`. WebP: the payload of `VP8 `, `VP8L`, `ALPH` and `ANMF`. A file of broken structure
    is hashed as a whole. One sequential read, in blocks of 1 MB.

    Raises:
        UnreadablePhotoError: the file can't be read from its drive.
    """
    with plain_errors(), path.open("rb") as file:
        hash_image_data = _hasher_for(file.read(12))
        if hash_image_data is not None:
            try:
                return hash_image_data(file)
            except _BrokenStructureError:
                pass
        file.seek(0)
        return _hash_rest(file)


def _hasher_for(head: bytes) -> Callable[[IO[bytes]], ContentId] | None:
    if head.startswith(b"\xff\xd8\xff"):
        return _hash_jpeg
    if head.startswith(_PNG_MAGIC):
        return _hash_png
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _hash_webp
    return None


def _hash_rest(file: IO[bytes], start: bytes = b"") -> ContentId:
    digest = xxhash.xxh3_128(start)
    while block := file.read(_BLOCK_BYTES):
        digest.update(block)
    return ContentId(digest.hexdigest())


def _hash_jpeg(file: IO[bytes]) -> ContentId:
    """Skip segment by segment to the first scan (ITU T.81, B.1.1)."""
    file.seek(2)
    while (marker := _next_marker(file)) != 0xDA:
        if marker in {0x00, 0xD8, 0xD9}:
            raise _BrokenStructureError
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:  # markers without a segment
            continue
        length = int.from_bytes(_read_exactly(file, 2), "big")
        if length < 2:
            raise _BrokenStructureError
        file.seek(length - 2, os.SEEK_CUR)
    return _hash_rest(file, b"\xff\xda")


def _next_marker(file: IO[bytes]) -> int:
    if _read_exactly(file, 1) != b"\xff":
        raise _BrokenStructureError
    marker = b"\xff"
    while marker == b"\xff":  # fill bytes
        marker = _read_exactly(file, 1)
    return marker[0]


def _hash_png(file: IO[bytes]) -> ContentId:
    file.seek(len(_PNG_MAGIC))
    digest = xxhash.xxh3_128()
    names = set()
    while b"IEND" not in names:
        head = _read_exactly(file, 8)
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        _take_chunk(file, length, digest if name in _PNG_IMAGE_CHUNKS else None)
        _read_exactly(file, 4)  # checksum
        names.add(name)
    if b"IDAT" not in names:
        raise _BrokenStructureError
    return ContentId(digest.hexdigest())


def _hash_webp(file: IO[bytes]) -> ContentId:
    """RIFF chunks, padded to even length (RFC 9649, 2.3)."""
    file.seek(4)
    end = int.from_bytes(_read_exactly(file, 4), "little") + 8
    file.seek(12)
    digest = xxhash.xxh3_128()
    names = set()
    while file.tell() + 8 <= end:
        head = _read_exactly(file, 8)
        length = int.from_bytes(head[4:], "little")
        _take_chunk(file, length, digest if head[:4] in _WEBP_IMAGE_CHUNKS else None)
        file.seek(length % 2, os.SEEK_CUR)
        names.add(head[:4])
    if not names & _WEBP_IMAGE_CHUNKS:
        raise _BrokenStructureError
    return ContentId(digest.hexdigest())


def _take_chunk(file: IO[bytes], length: int, digest: xxhash.xxh3_128 | None) -> None:
    if digest is None:
        file.seek(length, os.SEEK_CUR)
        return
    while length:
        block = _read_exactly(file, min(length, _BLOCK_BYTES))
        digest.update(block)
        length -= len(block)


def _read_exactly(file: IO[bytes], size: int) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise _BrokenStructureError
    return data
