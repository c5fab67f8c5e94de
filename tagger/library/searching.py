"""From a search to ids: each clause one index, combined as masks, then in the order asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.query import (
    And,
    FileMatches,
    Flag,
    Is,
    Not,
    Or,
    Sort,
    Word,
    positive_classes,
    walk_query,
)
from tagger.library.file_clauses import FILE_FINDERS
from tagger.library.found_ids import Scope, Search
from tagger.library.posts import POST_FINDERS
from tagger.library.revisions import Subject
from tagger.library.rows import pack
from tagger.library.similar import SIMILAR_FINDERS
from tagger.library.tag_clauses import TAG_FINDERS
from tagger.library.tags import find_tag

if TYPE_CHECKING:
    import sqlite3

    from tagger.core.query import Query
    from tagger.core.tag import Tag
    from tagger.library.found_ids import Ids, Mask

_FINDERS = {**TAG_FINDERS, **FILE_FINDERS, **SIMILAR_FINDERS, **POST_FINDERS}
_OF_EACH_FILE = (Word, FileMatches, Is)
"""What holds for a RAW companion holds for the photo; of all else the photo's own file speaks."""


_MILLIONTHS = "CAST(score * 1000000 AS INTEGER) + 1"
"""Whole numbers: SQLite writes and numpy reads them ten times as fast as fractions."""
_MOST_MILLIONTHS = 10_000_000
_PAIR = f"photo_id * {_MOST_MILLIONTHS} + {_MILLIONTHS}"
"""A photo and its score as one number, so that they are read at once."""
_SCORES = "FROM predictions INDEXED BY predictions_by_score"


@dataclass(frozen=True, slots=True)
class Order:
    """How the result is sorted and cut."""

    sort: Sort
    limit: int | None


def find_photos(db: sqlite3.Connection, query: Query | None, order: Order, scope: Scope) -> Ids:
    """Ids of the photos that fit, in order, `[N] int64`."""
    search = Search(db, scope)
    shown = _list_shown(search, query, order.sort)
    if query is not None:
        shown = shown[_evaluate(query, search)[shown]]
    if order.sort is Sort.SCORE:
        shown = _sort_by_score(search, query, shown)
    return shown[: order.limit]


def find_mask(db: sqlite3.Connection, query: Query | None, scope: Scope) -> Mask:
    """The photos that fit, as a mask over ids: for counting."""
    search = Search(db, scope)
    mask = search.mask(_list_shown(search, query, Sort.TAKEN))
    return mask if query is None else mask & _evaluate(query, search)


def _evaluate(query: Query, search: Search) -> Mask:
    """`[highest id + 1] bool`. Recursive; the grammar keeps searches shallow."""
    if isinstance(query, And):
        return reduce(np.logical_and, (_evaluate(part, search) for part in query.parts))
    if isinstance(query, Or):
        return _evaluate_any(query, search)
    if isinstance(query, Not):
        return ~_evaluate(query.part, search)
    mask = search.mask(_FINDERS[type(query)](query, search))
    return search.add_leaders(mask) if isinstance(query, _OF_EACH_FILE) else mask


def _evaluate_any(query: Or, search: Search) -> Mask:
    """Part by part, until every photo is found: then the others can add nothing."""
    first, *others = query.parts
    mask = _evaluate(first, search)
    for part in others:
        if mask[1:].all():  # ids begin at 1, and rows are never deleted
            break
        mask = mask | _evaluate(part, search)
    return mask


def _list_shown(search: Search, query: Query | None, sort: Sort) -> Ids:
    """Ids of all photos that a search may show, in order."""
    wants_missing = query is not None and any(
        node == Is(Flag.MISSING) for node, _ in walk_query(query)
    )
    condition = "leader_id IS NULL" + ("" if wants_missing else " AND missing_since IS NULL")
    if sort is Sort.NAME:
        shown = _scan(search, f"photos_by_name WHERE {condition} ORDER BY name_key, taken_at")
    else:
        by_time = "ORDER BY taken_at, name_key"
        timed = _scan(
            search, f"photos_by_taken WHERE taken_at IS NOT NULL AND {condition} {by_time}"
        )
        untimed = _scan(search, f"photos_by_taken WHERE taken_at IS NULL AND {condition} {by_time}")
        shown = np.concatenate([timed, untimed])
    if sort is Sort.ADDED:
        shown = np.sort(shown)[::-1]
    return _keep_folders(search, shown)


def _scan(search: Search, index: str) -> Ids:
    """All ids in the order of an index that holds every column asked for."""
    return search.read_kept(Subject.FILES, "id", f"FROM (SELECT id FROM photos INDEXED BY {index})")


def _keep_folders(search: Search, shown: Ids) -> Ids:
    """Those of watched folders, and of the scope's folders where it names some."""
    rows = search.db.execute("SELECT id FROM folders WHERE removed_at IS NOT NULL").fetchall()
    hidden = {row[0] for row in rows}
    folder_ids = search.scope.folder_ids
    if folder_ids is not None:
        wanted = set(folder_ids) - hidden
        return shown[search.mask(_read_folders(search, pack(wanted)))[shown]]
    if hidden:
        return shown[~search.mask(_read_folders(search, pack(hidden)))[shown]]
    return shown


def _read_folders(search: Search, folder_ids: str) -> Ids:
    source = "FROM photos WHERE folder_id IN (SELECT value FROM json_each(?))"
    return search.read_kept(Subject.FILES, "id", source, folder_ids)


def _sort_by_score(search: Search, query: Query | None, shown: Ids) -> Ids:
    """Highest score among the classes that the search asks for first; all classes if none."""
    tags = [find_tag(search.db, name) for name in positive_classes(query)]
    if tags:
        best = reduce(np.maximum, (_scores_of(search, tag) for tag in tags))
    else:
        kept = search.keep((Subject.SCORES, "best", ()), lambda: _best_scores(search))
        best = search.zeros()  # photos that came since have no score yet
        best[: len(kept)] = kept
    return shown[np.argsort(-best[shown], kind="stable")]


def _scores_of(search: Search, tag: Tag) -> Ids:
    """`[highest id + 1]`: the score of a class, in whole millionths and one more; 0 for none."""
    pairs = search.read_kept(Subject.SCORES, _PAIR, f"{_SCORES} WHERE tag_id = ?", tag.id)
    return _unpack_best(search, pairs)


def _best_scores(search: Search) -> Ids:
    """As `_scores_of`, the highest of all classes.

    Most photos have a class that is likely, so all the others need not be read for them.
    """
    likely = (
        "FROM tags CROSS JOIN predictions INDEXED BY predictions_by_score ON tag_id = tags.id "
        "WHERE score >= 0.5"
    )
    best = _unpack_best(search, search.read(_PAIR, likely))
    rest = np.flatnonzero(best == 0)
    highest = f"SELECT max({_MILLIONTHS}) FROM predictions WHERE photo_id = value"
    best[rest] = search.read(f"coalesce(({highest}), 0)", "FROM json_each(?)", pack(rest.tolist()))
    return best


def _unpack_best(search: Search, pairs: Ids) -> Ids:
    ids, scores = np.divmod(pairs, _MOST_MILLIONTHS)
    best = search.zeros()
    order = np.argsort(scores, kind="stable")
    best[ids[order]] = scores[order]  # of one photo the last assignment stays
    return best
