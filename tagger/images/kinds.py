"""What a file is by its first bytes, because suffixes lie."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING

from tagger.core.errors import UnreadablePhotoError
from tagger.core.formats import Format, format_of

if TYPE_CHECKING:
    from pathlib import Path

HEAD_SIZE = 64

_RAW_MAGICS = (
    b"FUJIFILMCCD-RAW",
    b"\x00MRM",  # Minolta
    b"FOVb",  # Sigma
    b"II\x1a\x00\x00\x00HEAPCCDR",  # Canon CRW
    b"IIU\x00",  # Panasonic
    b"IIRO",  # Olympus
    b"IIRS",
    b"MMOR",
)
_TIFF_MAGICS = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_PILLOW_MAGICS = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF....WEBP|GIF8[79]a|BM|8BPS", re.DOTALL
)


class Kind(Enum):
    """Which reader opens a file."""

    PILLOW = auto()
    HEIF = auto()
    RAW = auto()


def kind_of(path: Path) -> Kind:
    """The reader for a file, by content; the suffix only tells RAW from other TIFF files.

    Raises:
        OSError: the file can't be read.
        UnreadablePhotoError: it is empty or no picture.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_SIZE)
    if not head:
        raise UnreadablePhotoError("The file is empty.")
    has_raw_suffix = format_of(path) is Format.RAW
    if head[4:8] == b"ftyp":
        return _box_kind(head)
    if _PILLOW_MAGICS.match(head):
        return Kind.PILLOW
    if head.startswith(_RAW_MAGICS) or has_raw_suffix:
        return Kind.RAW
    if head.startswith(_TIFF_MAGICS):
        return Kind.PILLOW
    raise UnreadablePhotoError("The file is not a picture that can be opened.")


def _box_kind(head: bytes) -> Kind:
    """ISO base media: the brands in the first box name the codec (ISO/IEC 14496-12, 4.3)."""
    size = min(int.from_bytes(head[:4], "big"), HEAD_SIZE)
    brands = {head[8:12], *(head[start : start + 4] for start in range(16, size, 4))}
    if b"crx " in brands:
        return Kind.RAW
    return Kind.PILLOW if brands & {b"avif", b"avis"} else Kind.HEIF
