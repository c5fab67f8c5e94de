"""Previews that some cameras put behind the picture, found by an offset in the maker notes.

Such an offset counts from the Exif header and nobody but the maker knows where it is kept, so a
file that has one must not grow between the two.
"""

from __future__ import annotations

import re

_MAKER_NOTE = 0x927C
_EOI = b"\xff\xd9"
_START_OF_IMAGE = b"\xff\xd8\xff"
_IMAGES = re.compile(rb"\xd8(?=\xff)(?<=\xff\xd8)")
"""Where an image starts, in the middle of its mark: picture data is full of 0xFF."""


def has_pointed_preview(data: bytes, scan_offset: int, tiff_offset: int, exif: bytes) -> bool:
    """Whether the Exif block holds the offset of an image that starts right behind the picture.

    `tiff_offset` is where the Exif block starts in the file.
    """
    if not any(_MAKER_NOTE.to_bytes(2, order) in exif for order in ("little", "big")):
        return False
    if _IMAGES.search(data, scan_offset) is None:
        return False
    end = data.find(_EOI, scan_offset)
    start = data.find(_START_OF_IMAGE, end, end + 4096) if end > 0 else -1
    if start < 0:
        return False
    offset = start - tiff_offset
    return any(offset.to_bytes(4, order) in exif for order in ("little", "big"))
