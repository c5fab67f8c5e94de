"""Reads and opens files by what is in them, never by their name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tagger.core.errors import MetadataRefusedError
from tagger.core.formats import Format, format_of
from tagger.metadata import photoshop
from tagger.metadata.blocks import Blocks, NewBlocks
from tagger.metadata.bmff import read_bmff
from tagger.metadata.gif import read_gif
from tagger.metadata.heif_file import HeifFile
from tagger.metadata.jpeg import JpegFile, read_jpeg
from tagger.metadata.png import SIGNATURE, PngFile, read_png
from tagger.metadata.spliced import NewFile, Spliced
from tagger.metadata.tiff import TIFF_MAGICS, read_tiff
from tagger.metadata.tiff_file import TiffFile
from tagger.metadata.webp import WebpFile, read_webp

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tagger.metadata.exiftool import Exiftool
    from tagger.metadata.source import Source


class PhotoFile(Protocol):
    """A whole photo in memory whose blocks of metadata can be replaced."""

    @property
    def packet_end(self) -> str:
        """`w` or `r`: whether the packet of this format may be edited where it stands."""

    @property
    def can_gain_blocks(self) -> bool:
        """Whether Exif and IPTC can be made where there are none."""

    @property
    def blocks(self) -> Blocks:
        """The blocks as they are."""

    def rebuild(self, new: NewBlocks) -> NewFile:
        """The file with new blocks; `MetadataRefusedError` when they don't fit."""

    def hash_image(self) -> str:
        """The hash of all bytes that no edit may change."""


_BY_EXIFTOOL = {Format.TIFF, Format.HEIF, Format.AVIF}


def is_for_exiftool(path: Path) -> bool:
    """Whether exiftool may write into such a file: never into a camera's own RAW."""
    return format_of(path) in _BY_EXIFTOOL or path.suffix.lower() == ".dng"


def open_for_exiftool(path: Path, data: bytes, exiftool: Exiftool) -> PhotoFile:
    """The photo, ready to be edited by exiftool; `MetadataRefusedError` where it is not."""
    is_heif = format_of(path) in {Format.HEIF, Format.AVIF}
    kind = HeifFile if is_heif else TiffFile
    return kind.parse(data, path.suffix.lower(), exiftool)


def open_photo(file: NewFile) -> PhotoFile:
    """The photo, ready to be edited; `MetadataRefusedError` for damaged or other formats.

    What exiftool alone edits can be compared.
    """
    if isinstance(file, Spliced) or file.startswith(b"\xff\xd8"):
        return JpegFile.parse(file)
    if file.startswith(SIGNATURE):
        return PngFile.parse(file)
    if _is_webp(file):
        return WebpFile.parse(file)
    if file[4:8] == b"ftyp":
        return HeifFile.parse(file)
    if file.startswith(TIFF_MAGICS):
        return TiffFile.parse(file)
    raise MetadataRefusedError("The file is not the kind of picture that its name says.")


def is_editable(data: bytes) -> bool:
    """Whether the bytes start like a format that holds keywords itself, damaged or not."""
    return data.startswith((b"\xff\xd8", SIGNATURE)) or _is_webp(data)


def _is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def read_blocks(source: Source) -> Blocks:
    """The blocks of any photo; an unknown format has none. Never raises for bad contents."""
    head = source.read(0, min(12, source.size))
    reader = _find_reader(head)
    try:
        return reader(source) if reader else Blocks()
    except MetadataRefusedError as error:
        return Blocks(problems=(str(error),))


def _find_reader(head: bytes) -> Callable[[Source], Blocks] | None:
    if _is_webp(head):
        return read_webp
    if head[4:8] == b"ftyp":
        return read_bmff
    return next((reader for magic, reader in _READERS.items() if head.startswith(magic)), None)


def _read_psd(source: Source) -> Blocks:
    """Image resources stand behind header and colour table."""
    start = 30 + int.from_bytes(source.read(26, 4), "big")
    size = int.from_bytes(source.read(start, 4), "big")
    block = source.read_block(start + 4, size)
    packet = photoshop.parse_resources(block).find(photoshop.XMP_ID)
    return Blocks(packets=(packet,) if packet else (), resources=block)


_READERS: dict[bytes, Callable[[Source], Blocks]] = {
    b"\xff\xd8": read_jpeg,
    SIGNATURE: read_png,
    **dict.fromkeys(TIFF_MAGICS, read_tiff),
    b"GIF8": read_gif,
    b"8BPS": _read_psd,
}
