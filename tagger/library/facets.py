"""Counts beside everything that a search can be narrowed by: days, cameras, and single clauses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from tagger.library.found_ids import Search
from tagger.library.path_text import decode_path
from tagger.library.revisions import Subject
from tagger.library.rows import pack
from tagger.library.searching import find_mask

if TYPE_CHECKING:
    import sqlite3

    from tagger.core.query import Query
    from tagger.library.found_ids import Mask, Scope


_DAYS = """
    FROM (
        WITH RECURSIVE step (day) AS (
            SELECT substr(min(taken_at), 1, 10) FROM photos
            UNION ALL
            SELECT (SELECT substr(min(taken_at), 1, 10) FROM photos WHERE taken_at > day || '~')
            FROM step WHERE day IS NOT NULL
        )
        SELECT day, (
            SELECT count(*) FROM photos WHERE taken_at >= day AND taken_at < day || '~'
        ) AS photos
        FROM step WHERE day IS NOT NULL
    )
"""
"""Every day with its number of photos, from one to the next in the index: a thousand days take two
thousand steps, where cutting the day out of each time takes one for each photo. `~` sorts behind
all that can follow the day."""


@dataclass(frozen=True, slots=True)
class FacetQuestion:
    """What is to be counted.

    Attributes:
        days, cameras: the search that these counts follow; None for the whole library.
        choices: for each choice the search that its count follows, and the choice itself.
    """

    days: Query | None = None
    cameras: Query | None = None
    choices: tuple[tuple[Query | None, Query], ...] = ()


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """How many photos a choice would leave.

    Attributes:
        days: photos a day, by rising day; days without a photo are left out.
        cameras: photos a camera, by name; every camera of the library is there.
        choices: in the order of the question.
    """

    days: dict[date, int] = field(default_factory=dict)
    cameras: dict[str, int] = field(default_factory=dict)
    choices: tuple[int, ...] = ()


def count_facets(db: sqlite3.Connection, question: FacetQuestion, scope: Scope) -> FacetCounts:
    """Count everything at one moment of the library; equal searches are looked for once."""
    search = Search(db, scope)
    masks: dict[Query | None, Mask] = {}

    def find(query: Query | None) -> Mask:
        if query not in masks:
            masks[query] = find_mask(db, query, scope)
        return masks[query]

    return FacetCounts(
        days=_count_days(search, find(question.days)),
        cameras=_count_cameras(search, find(question.cameras)),
        choices=tuple(
            int(np.count_nonzero(find(base) & find(choice))) for base, choice in question.choices
        ),
    )


def _count_days(search: Search, fitting: Mask) -> dict[date, int]:
    """The day as one number, 20260620. The index has the photos of a day beside each other."""
    source = "FROM photos INDEXED BY photos_by_taken WHERE taken_at IS NOT NULL"
    ids = search.read_kept(Subject.FILES, "id", source)
    days = search.read_kept(Subject.FILES, "CAST(replace(day, '-', '') AS INTEGER)", _DAYS)
    sizes = search.read_kept(Subject.FILES, "photos", _DAYS)
    counts = np.add.reduceat(fitting[ids], np.cumsum(sizes) - sizes, dtype=np.int64)
    return {
        date(number // 10_000, number // 100 % 100, number % 100): count
        for number, count in zip(days.tolist(), counts.tolist(), strict=True)
        if count
    }


def _count_cameras(search: Search, fitting: Mask) -> dict[str, int]:
    source = "FROM photos WHERE camera IN (SELECT value FROM json_each(?))"
    counts = {}
    for camera in search.distinct("photos", "camera"):
        ids = search.read_kept(Subject.FILES, "id", source, pack([camera]))
        counts[decode_path(camera)] = int(np.count_nonzero(fitting[ids]))
    return counts
