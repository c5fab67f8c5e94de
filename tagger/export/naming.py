"""File names that every file system takes, made from a template."""

from __future__ import annotations

import re
import string
import unicodedata
from dataclasses import dataclass
from datetime import datetime

_MAX_STEM_BYTES = 120
"""eCryptfs takes 143 bytes, the least of all; the rest is left for number and `.jpg`."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')
# Windows, "Naming Files, Paths, and Namespaces": reserved with any extension.
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE
)

_SEPARATORS = " _-"


@dataclass(frozen=True, slots=True)
class NameFields:
    """What a template may speak of.

    Attributes:
        name: of the original without its ending.
        tag: the class that counts for this picture, empty where there is none.
        number, count: this is number 1, 2, … of so many pictures.
    """

    name: str
    tag: str = ""
    shoot: str = ""
    taken_at: datetime | None = None
    camera: str = ""
    stars: int = 0
    preset: str = ""
    number: int = 1
    count: int = 1


EXAMPLE = NameFields(
    name="IMG_0412",
    tag="bouquet",
    shoot="2026-06-20 Ana & Luis",
    taken_at=datetime(2026, 6, 20, 15, 4, 5),  # noqa: DTZ001  the camera's clock
    camera="Canon EOS R6",
    stars=5,
    preset="instagram-4x5",
    number=3,
    count=12,
)
"""What a template is shown with before there are photos."""

FIELDS = ("name", "class", "shoot", "date", "time", "camera", "stars", "preset", "n")


def check_template(template: str) -> None:
    """Accept a template that names known fields only.

    Raises:
        ValueError: with a sentence that says what is wrong.
    """
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError:
        raise ValueError("a brace { has no partner }") from None
    for _, field, form, conversion in parts:
        if field is None:
            continue
        if field not in FIELDS or form or conversion:
            known = " ".join(f"{{{name}}}" for name in FIELDS)
            raise ValueError(f"there is no {{{field}}}; there are: {known}")
    if not template.strip():
        raise ValueError("a name needs at least one letter or field")


def export_name(template: str, fields: NameFields) -> str:
    """The name of an exported file without its ending, made fit for any file system.

    Forbidden characters become `_`, accents one code point (NFC), leading and trailing dots and
    spaces go, names that Windows reserves get `_` in front, long ones are cut. What separates a
    field that has no text, such as the date of a photo without one, goes with it.
    """
    text = _fill(template, _texts(fields))
    text = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", text))
    stem = _trim(_trim(text).encode()[:_MAX_STEM_BYTES].decode(errors="ignore")) or "photo"
    return f"_{stem}" if _RESERVED.fullmatch(stem) else stem


def _fill(template: str, texts: dict[str, str]) -> str:
    pieces: list[str] = []
    is_blank = False
    for literal, field, _, _ in string.Formatter().parse(template):
        pieces.append(literal.lstrip(_SEPARATORS) if is_blank else literal)
        if field is not None:
            pieces.append(texts[field])
            is_blank = not texts[field]
    text = "".join(pieces)
    return text.rstrip(_SEPARATORS) if is_blank else text


def _texts(fields: NameFields) -> dict[str, str]:
    taken = fields.taken_at
    return {
        "name": fields.name,
        "class": fields.tag or "photo",
        "shoot": fields.shoot,
        "date": "" if taken is None else f"{taken:%Y-%m-%d}",
        "time": "" if taken is None else f"{taken:%H-%M-%S}",
        "camera": fields.camera,
        "stars": str(fields.stars),
        "preset": fields.preset,
        # As many digits for all, so that names sort in this order.
        "n": f"{fields.number:0{max(2, len(str(fields.count)))}}",
    }


def _trim(text: str) -> str:
    return text.strip(". \t")
