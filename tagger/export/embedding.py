"""The metadata that an exported picture carries: few fields, each chosen, all made anew.

A place hides in many corners: maker notes, comments, unknown directories. So nothing is taken over
but fields that are known, and the packet of XMP is written from nothing.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from PIL import ExifTags, Image

from tagger.export.preset import Kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tagger.export.preset import Preset

_ERRORS = (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error)
_MAX_CHARS = 2000
_MAX_BYTES = 50_000
_NO_TEXT = re.compile("[^\t\n -~\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_Base = ExifTags.Base

_CREDIT = (_Base.Artist, _Base.Copyright)
_SEEN = (_Base.ImageDescription, _Base.Make, _Base.Model, _Base.Software, _Base.DateTime)
_PRIVATE = (_Base.HostComputer, _Base.CameraOwnerName, _Base.BodySerialNumber)
_DETAIL = (
    _Base.ExposureTime,
    _Base.FNumber,
    _Base.ExposureProgram,
    _Base.ISOSpeedRatings,
    _Base.DateTimeOriginal,
    _Base.DateTimeDigitized,
    _Base.OffsetTime,
    _Base.OffsetTimeOriginal,
    _Base.SubsecTimeOriginal,
    _Base.ExposureBiasValue,
    _Base.MeteringMode,
    _Base.Flash,
    _Base.FocalLength,
    _Base.FocalLengthIn35mmFilm,
    _Base.WhiteBalance,
    _Base.LensMake,
    _Base.LensModel,
)
_PRIVATE_DETAIL = (
    _Base.MakerNote,
    _Base.UserComment,
    _Base.ImageUniqueID,
    _Base.CameraOwnerName,
    _Base.BodySerialNumber,
    _Base.LensSerialNumber,
)


@dataclass(frozen=True, slots=True)
class Notes:
    """What is known of a photo beside its Exif.

    Attributes:
        keywords: flat; paths with `|` go into Lightroom's hierarchy.
    """

    creator: str = ""
    copyright: str = ""
    credit: str = ""
    keywords: tuple[str, ...] = ()


def select_exif(block: bytes, preset: Preset, notes: Notes) -> bytes:
    """A new Exif block with the fields that the preset keeps; empty for none.

    Args:
        block: of the original, as it stands in its file.
        preset: says what is kept.
        notes: author and copyright of these win over the original's.
    """
    if preset.metadata is Kept.NONE:
        return b""
    original = _load(block)
    exif = Image.Exif()
    _take(original, exif, _CREDIT)
    for tag, text in ((_Base.Artist, notes.creator), (_Base.Copyright, notes.copyright)):
        if text:
            exif[tag] = text.encode()
    if preset.metadata is Kept.ALL:
        _take_all(original, exif, preset)
    try:
        return exif.tobytes() if exif else b""
    except _ERRORS:
        return b""


def make_xmp(preset: Preset, notes: Notes) -> bytes:
    """A new XMP packet (ISO 16684-1) with what the preset keeps; empty for nothing."""
    if preset.metadata is Kept.NONE:
        return b""
    keywords = notes.keywords if preset.metadata is Kept.ALL else ()
    parts = [
        _array("dc:creator", "Seq", [notes.creator] if notes.creator else []),
        _alternative("dc:rights", notes.copyright),
        f"<photoshop:Credit>{_clean(notes.credit)}</photoshop:Credit>" if notes.credit else "",
        _array("dc:subject", "Bag", dict.fromkeys(word.split("|")[-1] for word in keywords)),
        _array("lr:hierarchicalSubject", "Bag", [word for word in keywords if "|" in word]),
    ]
    body = "".join(parts)
    return _PACKET.format(body=body).encode() if body else b""


_PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
    ' xmlns:lr="http://ns.adobe.com/lightroom/1.0/">'
    "{body}</rdf:Description></rdf:RDF></x:xmpmeta>"
    '<?xpacket end="w"?>'
)


def _take_all(original: Image.Exif, exif: Image.Exif, preset: Preset) -> None:
    _take(original, exif, _SEEN)
    detail = dict(_pick(_directory(original, ExifTags.IFD.Exif), _DETAIL))
    if preset.keep_private:
        _take(original, exif, _PRIVATE)
        detail |= _pick(_directory(original, ExifTags.IFD.Exif), _PRIVATE_DETAIL)
    if detail:
        exif[ExifTags.IFD.Exif] = detail
    place = _directory(original, ExifTags.IFD.GPSInfo) if preset.keep_place else {}
    if place:
        exif[ExifTags.IFD.GPSInfo] = place


def _load(block: bytes) -> Image.Exif:
    exif = Image.Exif()
    try:
        exif.load(block)
    except _ERRORS:
        return Image.Exif()
    return exif


def _directory(exif: Image.Exif, number: int) -> dict[int, object]:
    try:
        return dict(exif.get_ifd(number))
    except _ERRORS:
        return {}


def _take(original: Image.Exif, exif: Image.Exif, tags: Iterable[int]) -> None:
    for tag, value in _pick(dict(original), tags).items():
        # As bytes: Pillow reads text as Latin-1, and would write it as ASCII.
        exif[tag] = value.encode("latin-1", "replace") if isinstance(value, str) else value


def _pick(values: Mapping[int, object], tags: Iterable[int]) -> dict[int, object]:
    return {tag: values[tag] for tag in tags if tag in values and not _is_odd(values[tag])}


def _is_odd(value: object) -> bool:
    """Text that says nothing or never ends, and maker's notes that fill a JPEG's segment alone."""
    if isinstance(value, bytes):
        return len(value) > _MAX_BYTES
    return isinstance(value, str) and (not value.strip("\0 ") or len(value) > _MAX_CHARS)


def _array(name: str, kind: str, texts: Iterable[str]) -> str:
    items = "".join(f"<rdf:li>{_clean(text)}</rdf:li>" for text in texts)
    return f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>" if items else ""


def _alternative(name: str, text: str) -> str:
    if not text:
        return ""
    item = f'<rdf:li xml:lang="x-default">{_clean(text)}</rdf:li>'
    return f"<{name}><rdf:Alt>{item}</rdf:Alt></{name}>"


def _clean(text: str) -> str:
    """Without the characters that XML has no place for (XML 1.0, 2.2) and other control characters.

    What joins letters or keeps words apart stays: many scripts are wrong without it.
    """
    return escape(_NO_TEXT.sub("", text[:_MAX_CHARS]))
