"""The answer to a search as the window shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.query import Sort

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.core.ids import PhotoId
    from tagger.core.query import Query


@dataclass(frozen=True)
class Section:
    """Photos of one shoot that stand together.

    Attributes:
        start: place of the first one in the listing.
        count: how many there are.
        title: name of the shoot.
    """

    start: int
    count: int
    title: str


@dataclass(frozen=True)
class Listing:
    """The answer to a search, ready to be shown.

    Attributes:
        text: the search as it was asked.
        query: the same, understood; None for everything.
        ids: photos in the order they are shown.
        sections: by shoot when photos are in the order they were taken; empty in other orders.
    """

    text: str = ""
    query: Query | None = None
    sort: Sort = Sort.TAKEN
    ids: Sequence[PhotoId] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class ClassCounts:
    """For each class how many photos it would leave, given the rest of the search."""

    counts: dict[str, int]
