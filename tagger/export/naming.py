"""File names that every file system takes."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import PurePath

    from tagger.export.preset import Preset

_MAX_STEM_BYTES = 120
"""eCryptfs takes 143 bytes, the least of all; the rest is left for suffix, number and `.jpg`."""

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')
# Windows, "Naming Files, Paths, and Namespaces": reserved with any extension.
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE
)


def export_name(source: PurePath, preset: Preset) -> str:
    """The name of an exported file: that of its source, made fit for any file system, and `.jpg`.

    Forbidden characters become `_`, accents one code point (NFC), leading and trailing dots and
    spaces go, names that Windows reserves get `_` in front, long ones are cut.
    """
    text = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", source.stem))
    stem = _trim(_trim(text).encode()[:_MAX_STEM_BYTES].decode(errors="ignore")) or "photo"
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    return f"{stem}{preset.suffix}.jpg"


def _trim(text: str) -> str:
    return text.strip(". \t")
