"""What Exif says of a photo, however carelessly it was written."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PIL import ExifTags, Image

from tagger.images.failures import FILE_ERRORS
from tagger.images.orientation import valid_orientation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO

_DATE = re.compile(r"\s*(\d{4})\D(\d{1,2})\D(\d{1,2})\D+(\d{1,2})\D(\d{1,2})\D(\d{1,2})")
_OLDEST_YEAR = 1900
_DATE_TAGS = (
    (ExifTags.Base.DateTimeOriginal, ExifTags.Base.SubsecTimeOriginal),
    (ExifTags.Base.DateTimeDigitized, ExifTags.Base.SubsecTimeDigitized),
    (ExifTags.Base.DateTime, ExifTags.Base.SubsecTime),
)


@dataclass(frozen=True, slots=True)
class CameraNotes:
    """The fields the program uses.

    Attributes:
        taken_at: original, else digitised, else last change; None where none is a date.
        camera: maker and model, the maker not said twice.
        orientation: 1..8.
    """

    taken_at: datetime | None = None
    camera: str | None = None
    orientation: int = 1


def read_notes(image: Image.Image) -> CameraNotes:
    """The notes in a picture that Pillow has opened; defaults where Exif is damaged."""
    try:
        return notes_of(image.getexif())
    except FILE_ERRORS:
        return CameraNotes()


def parse_notes(block: bytes | IO[bytes]) -> CameraNotes:
    """The notes in an Exif block or a TIFF file; defaults where it is damaged."""
    try:
        return notes_of(parse_exif(block))
    except FILE_ERRORS:
        return CameraNotes()


def parse_exif(block: bytes | IO[bytes]) -> Image.Exif:
    """An Exif block or the first directory of a TIFF file, which is read while it is used.

    Raises:
        OSError, SyntaxError, ValueError, …: see `failures.FILE_ERRORS`.
    """
    exif = Image.Exif()
    if isinstance(block, bytes):
        exif.load(block)
    else:
        exif.load_from_fp(block)
    return exif


def notes_of(exif: Image.Exif) -> CameraNotes:
    """The notes in a parsed block. Damage in the sub-directory leaves the main one usable."""
    tags: dict[int, object] = dict(exif)
    with suppress(*FILE_ERRORS):
        tags |= exif.get_ifd(ExifTags.IFD.Exif)
    return CameraNotes(
        taken_at=_find_date(tags),
        camera=_name_camera(
            _clean_text(tags.get(ExifTags.Base.Make)), _clean_text(tags.get(ExifTags.Base.Model))
        ),
        orientation=valid_orientation(tags.get(ExifTags.Base.Orientation)),
    )


def _find_date(tags: Mapping[int, object]) -> datetime | None:
    for date_tag, fraction_tag in _DATE_TAGS:
        date = _parse_date(_clean_text(tags.get(date_tag)), _clean_text(tags.get(fraction_tag)))
        if date is not None:
            return date
    return None


def _parse_date(text: str, fraction: str) -> datetime | None:
    """`2026:06:20 15:04:05`; some programs write other separators."""
    match = _DATE.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups())
    digits = fraction if fraction.isascii() and fraction.isdecimal() else ""
    micros = int(digits[:6].ljust(6, "0"))
    try:
        # Without time zone, as the camera's clock is.
        date = datetime(year, month, day, hour, minute, second, micros)  # noqa: DTZ001
    except ValueError:
        return None
    return date if date.year >= _OLDEST_YEAR else None


def _name_camera(maker: str, model: str) -> str | None:
    """`NIKON CORPORATION` and `NIKON D5000` are one `NIKON D5000`."""
    if maker and model.casefold().startswith(maker.split(maxsplit=1)[0].casefold()):
        return model
    return " ".join(filter(None, (maker, model))) or None


def _clean_text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    return " ".join(value.split("\0")[0].split())
