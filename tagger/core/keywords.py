"""Keywords as text: one spelling for comparison, nobody's spelling changed.

Rules from interop.md, section 3: NFC, trimmed, case-preserving, duplicates dropped without regard
to case.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@lru_cache(maxsize=1 << 14)
def clean_keyword(text: str) -> str:
    """The keyword in NFC, without control characters, runs of white space as one space."""
    if not text.isprintable():
        text = "".join(
            " " if char.isspace() else char
            for char in unicodedata.normalize("NFC", text)
            if char.isspace() or unicodedata.category(char) not in {"Cc", "Cs", "Cn"}
        )
    # Composed after the removal: what stood around a removed character may now belong together.
    return " ".join(unicodedata.normalize("NFC", text).split())


@lru_cache(maxsize=1 << 14)
def keyword_key(text: str) -> str:
    """What two spellings of one keyword have in common."""
    return unicodedata.normalize("NFC", clean_keyword(text).casefold())


def class_key(name: str) -> str:
    """What two spellings of one class have in common: `Reception Room` is `reception_room`."""
    return keyword_key(name.replace("_", " ").replace("-", " "))


def list_theirs(held: Iterable[str], ours: Iterable[str]) -> set[str]:
    """Of the keys that a file holds those that it does not hold because of ours.

    A path stands there with its last name beside it. All are keys, of paths with `|`.
    """
    our_forms = {form for key in ours for form in (key, last_key(key))}
    theirs = {key for key in held if key not in our_forms}
    return theirs | {last_key(key) for key in theirs}


def last_key(keyword: str) -> str:
    """The key of the last name of a path with `|`; of a flat keyword its own."""
    return keyword_key(keyword.rsplit("|", maxsplit=1)[-1])


def unique_keywords(keywords: Iterable[str]) -> tuple[str, ...]:
    """Cleaned keywords in their order; of several spellings the first; empty ones dropped."""
    seen: dict[str, str] = {}
    for keyword in keywords:
        cleaned = clean_keyword(keyword)
        if cleaned:
            seen.setdefault(keyword_key(cleaned), cleaned)
    return tuple(seen.values())
