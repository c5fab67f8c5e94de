"""Random access to a file or to bytes, for parsers that must never read past the end."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from tagger.core.errors import MetadataRefusedError

if TYPE_CHECKING:
    from typing import BinaryIO

_HEAD_BYTES = 1 << 16
MAX_BLOCK_BYTES = 16 << 20
"""The largest block of metadata that is read; real ones stay under a tenth of it."""


class Source:
    """A seekable stream whose first 64 KB, where most metadata lies, are read once.

    Attributes:
        size: length in bytes.
    """

    def __init__(self, stream: BinaryIO, head: bytes | None = None) -> None:
        self._stream = stream
        self.size = stream.seek(0, 2)
        stream.seek(0)
        self._head = stream.read(_HEAD_BYTES) if head is None else head

    @classmethod
    def of_bytes(cls, data: bytes) -> Source:
        """The same access to bytes in memory."""
        return cls(BytesIO(data), data)

    def read(self, offset: int, size: int) -> bytes:
        """Exactly `size` bytes; `MetadataRefusedError` where the file does not have them."""
        if offset < 0 or size < 0 or offset + size > self.size:
            raise MetadataRefusedError("A block of metadata reaches past the end of the file.")
        if offset + size <= len(self._head):
            return self._head[offset : offset + size]
        self._stream.seek(offset)
        return self._stream.read(size)

    def read_block(self, offset: int, size: int) -> bytes:
        """Like `read`, refusing sizes that no real metadata has."""
        if size > MAX_BLOCK_BYTES:
            raise MetadataRefusedError("A block of metadata is larger than any program writes.")
        return self.read(offset, size)
