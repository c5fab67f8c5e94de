"""Three sides of one photo's keywords: what it held, what it holds, and what it shall hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.keywords import keyword_key, last_key, list_theirs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from tagger.core.writes import PendingWrite

_Path = tuple[str, ...]


@dataclass(frozen=True)
class Merge:
    """What to do to a photo's keywords so that nobody's change is lost.

    Attributes:
        add: wanted paths that are not to be left out.
        remove: what we put there and is no longer wanted.
        refused: wanted, and taken out by another program since the last look; they stay out.
        ours: keywords that are ours once this is written.
    """

    add: tuple[_Path, ...]
    remove: tuple[_Path, ...]
    refused: tuple[str, ...]
    ours: tuple[str, ...]


def merge_keywords(pending: PendingWrite, held: Collection[str]) -> Merge:
    """Merge what is wanted with what the files hold now (`held`).

    The base is what they held when last seen. A keyword that is ours or wanted, was there and is
    gone was taken out by somebody, so it stays out; one that somebody else put there is never ours.
    Where somebody moved ours to another place in the hierarchy, it stays where it is now.
    """
    base, now = _keys(pending.base), _keys(held)
    ends = {last_key(keyword) for keyword in held if "|" in keyword}
    gone = {
        keyword_key(keyword)
        for keyword in (*pending.ours, *("|".join(path) for path in pending.wanted))
        if base & _forms(keyword) and not now & _forms(keyword)
    }
    ours = {keyword_key(keyword): keyword for keyword in pending.ours}
    theirs = list_theirs(now, ours)
    wanted = {keyword_key("|".join(path)): path for path in pending.wanted}
    moved = {key for key in wanted.keys() & ours.keys() - now if last_key(ours[key]) in ends}
    kept = {key: keyword for key, keyword in ours.items() if key in pending.left_alone}
    new = {
        key: "|".join(path)
        for key, path in wanted.items()
        if key not in gone and (key in ours or not theirs & _forms("|".join(path)))
    }
    return Merge(
        add=tuple(path for key, path in wanted.items() if key not in {*gone, *moved}),
        remove=tuple(
            tuple(keyword.split("|"))
            for key, keyword in ours.items()
            if key not in {*wanted, *kept, *gone}
        ),
        refused=tuple("|".join(wanted[key]) for key in wanted if key in gone),
        ours=tuple({**kept, **new}.values()),
    )


def _keys(keywords: Iterable[str]) -> set[str]:
    return {keyword_key(keyword) for keyword in keywords}


def _forms(keyword: str) -> set[str]:
    """A keyword in a file is found by its path or by its last name."""
    return {keyword_key(keyword), last_key(keyword)}
