"""The file formats the program knows, told apart by suffix as every photo program does."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import PurePath


class Format(StrEnum):
    """A family of files that are read and written in the same way."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    TIFF = "tiff"
    GIF = "gif"
    BMP = "bmp"
    PSD = "psd"
    HEIF = "heif"
    AVIF = "avif"
    RAW = "raw"

    @property
    def holds_keywords(self) -> bool:
        """Whether keywords go into the file itself; all other formats get an XMP sidecar."""
        return self in {Format.JPEG, Format.PNG, Format.WEBP}


_SUFFIXES = {
    Format.JPEG: "jpg jpeg jpe jfif mpo",
    Format.PNG: "png apng",
    Format.WEBP: "webp",
    Format.TIFF: "tif tiff",
    Format.GIF: "gif",
    Format.BMP: "bmp dib",
    Format.PSD: "psd",
    Format.HEIF: "heic heif hif",
    Format.AVIF: "avif",
    Format.RAW: (
        "3fr arw cr2 cr3 crw dcr dng erf fff iiq k25 kdc mef mos mrw nef nrw orf pef raf raw rw2 "
        "rwl sr2 srf srw x3f"
    ),
}
_BY_SUFFIX = {f".{suffix}": fmt for fmt, names in _SUFFIXES.items() for suffix in names.split()}


def format_of(path: PurePath) -> Format | None:
    """The format by suffix in any case, or None for what is no photo."""
    return _BY_SUFFIX.get(path.suffix.lower())
