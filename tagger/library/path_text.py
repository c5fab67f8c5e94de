"""Any file name as text that SQLite stores, and back without loss.

A name that is not UTF-8 reaches Python with lone surrogates (PEP 383; on Windows any UTF-16 half),
which UTF-8 and so SQLite can't hold. They are kept as private-use characters at the end of plane
16. A name that really has such a character gets a mark before it.
"""

from __future__ import annotations

import re

_FIRST_SURROGATE = 0xD800
_FIRST_PRIVATE = 0x10F000
_MARK = chr(_FIRST_PRIVATE + 0x800)
_PRIVATE = f"{chr(_FIRST_PRIVATE)}-{_MARK}"
_TO_ENCODE = re.compile(f"[\ud800-\udfff{_PRIVATE}]")
_TO_DECODE = re.compile(f"{_MARK}(.)|[{_PRIVATE}]", re.DOTALL)


def encode_path(path: str) -> str:
    """The path as valid Unicode. Text without surrogates and without plane 16 stays as it is."""
    return path if path.isascii() else _TO_ENCODE.sub(_encode_char, path)


def decode_path(text: str) -> str:
    """What `encode_path` was given."""
    return text if text.isascii() else _TO_DECODE.sub(_decode_char, text)


def _encode_char(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code >= _FIRST_PRIVATE:
        return _MARK + match[0]
    return chr(code - _FIRST_SURROGATE + _FIRST_PRIVATE)


def _decode_char(match: re.Match[str]) -> str:
    literal = match[1]
    if literal is not None:
        return str(literal)
    return chr(ord(match[0]) - _FIRST_PRIVATE + _FIRST_SURROGATE)
