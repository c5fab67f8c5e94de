r"""Keywords as paths, and how each carrier spells them.

A keyword is a path from general to special, `("Wedding", "Bouquet")`; a flat keyword is a path of
one name. `|` separates names in Lightroom's hierarchy and can be part of no name there, so a name
that holds it is written with `/` in every carrier. digiKam's lists separate by `/`; a name that
holds it gets `\` there, as digiKam itself does. Windows separates by `;`, which becomes `,`
there. Names that differ only in these signs, in case or in Unicode form are one keyword.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from tagger.core.keywords import clean_keyword, keyword_key
from tagger.core.rating import NO_RATING_CHANGE, RatingChange

if TYPE_CHECKING:
    from collections.abc import Iterable

KeywordPath = tuple[str, ...]
"""Names from general to special, `("Wedding", "Bouquet")`; one name is a flat keyword."""

IPTC_KEYWORD_BYTES = 64
"""Longest IPTC 2:25 value (IPTC-IIM 4.2, section 2:25)."""

_LOST_BYTES = 4
"""Of the 64 a cut value may lack: those of a character that is not all there, and a blank."""

_SAME_SIGNS = str.maketrans({"|": "/", "\\": "/", ";": ","})


@dataclass(frozen=True, slots=True)
class KeywordChange:
    """What shall be in a photo afterwards and what shall not; a path in both is added.

    Attributes:
        remove: a path of several names removes that path, and its last name from the flat
            lists unless another path still ends in it; a path of one name removes the name from
            the flat lists and every path that ends in it.
        rating: new stars, a new label, both or none.
    """

    add: tuple[KeywordPath, ...] = ()
    remove: tuple[KeywordPath, ...] = ()
    rating: RatingChange = NO_RATING_CHANGE


@lru_cache(maxsize=8192)
def name_key(name: str) -> str:
    """What all spellings of one name have in common, separators that had to give way included."""
    return keyword_key(name.translate(_SAME_SIGNS))


@lru_cache(maxsize=8192)
def path_key(path: KeywordPath) -> tuple[str, ...]:
    """What all spellings of one path have in common."""
    return tuple([name_key(name) for name in path])


@lru_cache(maxsize=8192)
def clean_path(path: KeywordPath) -> KeywordPath:
    """The path as it is written: clean names without `|`, empty names dropped."""
    names = [clean_keyword(name.replace("|", "/")) for name in path]
    return tuple([name for name in names if name])


def unique_names(names: Iterable[str]) -> tuple[str, ...]:
    """Cleaned names in their order; of several spellings the first; empty ones dropped."""
    seen: dict[str, str] = {}
    for name in names:
        cleaned = clean_keyword(name)
        if cleaned:
            seen.setdefault(name_key(cleaned), cleaned)
    return tuple(seen.values())


def unique_paths(paths: Iterable[KeywordPath]) -> tuple[KeywordPath, ...]:
    """Cleaned paths in their order; of several spellings the first; empty ones dropped."""
    seen: dict[tuple[str, ...], KeywordPath] = {}
    for path in paths:
        cleaned = clean_path(path)
        if cleaned:
            seen.setdefault(path_key(cleaned), cleaned)
    return tuple(seen.values())


@lru_cache(maxsize=8192)
def split_path(text: str, separator: str) -> KeywordPath:
    """The path that a hierarchical entry spells; `()` for an empty entry."""
    return clean_path(tuple(text.split(separator)))


def join_path(path: KeywordPath, separator: str) -> str:
    """The entry that spells a clean path with `|` or `/`."""
    return separator.join(name.replace(separator, "\\") for name in path)


def cut_for_iptc(name: str) -> str:
    """The first 64 bytes of the name in UTF-8, cut between characters."""
    return name.encode()[:IPTC_KEYWORD_BYTES].decode(errors="ignore").rstrip()


def is_beginning(text: str, name: str) -> bool:
    """Whether an IPTC value may be the first 64 bytes of this keyword, or of this key of one.

    One that fits is never cut, so another that goes on where it ends is another keyword.
    """
    is_cut = len(text.encode()) >= IPTC_KEYWORD_BYTES - _LOST_BYTES
    is_long = len(name.encode()) > IPTC_KEYWORD_BYTES
    return is_cut and is_long and name_key(name).startswith(name_key(text))
