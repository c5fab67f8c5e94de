"""Walking over the chunks of a PNG without reading what is in them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_MAGIC_SIZE = 8
_MAX_EXIF_BYTES = 1 << 20


def read_png_exif(path: Path) -> bytes:
    """The payload of the first `eXIf` chunk, before or after the picture; empty if there is none.

    Raises:
        OSError: the file can't be read.
    """
    with path.open("rb") as file:
        file.seek(_MAGIC_SIZE)
        while len(head := file.read(8)) == 8:
            length = int.from_bytes(head[:4], "big")
            if head[4:] == b"eXIf" and length <= _MAX_EXIF_BYTES:
                return file.read(length)
            file.seek(length + 4, os.SEEK_CUR)  # payload and checksum
    return b""
