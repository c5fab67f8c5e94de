"""What files have in common that the user's own exiftool writes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tagger.core.errors import MetadataRefusedError
from tagger.metadata.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagger.metadata.exiftool import Exiftool


@dataclass(frozen=True)
class ForeignFile:
    """A whole file of a format that exiftool alone writes. Without it, it can be compared only."""

    data: bytes
    suffix: str = ""
    exiftool: Exiftool | None = None

    @property
    def packet_end(self) -> str:
        """How a new packet ends: writable, with padding."""
        return "w"

    @cached_property
    def source(self) -> Source:
        """The bytes, to read from."""
        return Source.of_bytes(self.data)

    def put_blocks(self, values: Mapping[str, bytes]) -> bytes:
        """The file with new blocks, by exiftool's names for them.

        Raises:
            MetadataRefusedError: there is no exiftool, or it can't do it.
        """
        if self.exiftool is None:
            raise MetadataRefusedError("This kind of file is written by exiftool alone.")
        return self.exiftool.put_blocks(self.data, self.suffix, values)
