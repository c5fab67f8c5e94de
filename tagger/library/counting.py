"""The library in numbers, and what could not be read or written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagger.core.ids import TagId
from tagger.core.query import Flag, Is
from tagger.library.found_ids import Search
from tagger.library.path_text import decode_path
from tagger.library.records import LibrarySummary
from tagger.library.rows import join_path
from tagger.library.searching import find_mask
from tagger.library.tag_clauses import find_tagged

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from tagger.core.query import Query
    from tagger.library.found_ids import Scope

_FAILED = """
    FROM photos p JOIN folders f ON f.id = p.folder_id
    WHERE (p.error IS NOT NULL OR p.write_state IS NOT NULL)
    AND (p.error IS NOT NULL OR p.write_state <> 'offline')
    AND p.missing_since IS NULL AND f.removed_at IS NULL
"""


def count_by_class(db: sqlite3.Connection, query: Query | None, scope: Scope) -> dict[str, int]:
    """For each class the number of photos that have it, of those that fit the search."""
    search = Search(db, scope)
    fitting = find_mask(db, query, scope)
    counts = {}
    for tag_id, name in db.execute("SELECT id, name FROM tags ORDER BY id").fetchall():
        ids = find_tagged(search, TagId(tag_id))
        counts[name] = int(np.count_nonzero(fitting[ids]))
    return counts


def summarize(db: sqlite3.Connection, scope: Scope) -> LibrarySummary:
    """The library in numbers."""
    shown = find_mask(db, None, scope)
    tagged = Search(db, scope).read(
        "id", "FROM photos WHERE tagged_by = (SELECT id FROM models WHERE in_use = 1)"
    )
    pending = db.execute(
        "SELECT count(*) FROM photos p JOIN folders f ON f.id = p.folder_id "
        "WHERE p.tag_rev > p.written_rev AND p.missing_since IS NULL AND f.removed_at IS NULL"
    ).fetchone()[0]
    return LibrarySummary(
        photos=int(np.count_nonzero(shown)),
        tagged=int(np.count_nonzero(shown[tagged])),
        failed=int(db.execute(f"SELECT count(*) {_FAILED}").fetchone()[0]),
        pending_writes=int(pending),
        offline=int(np.count_nonzero(find_mask(db, Is(Flag.OFFLINE), scope))),
    )


def list_failures(db: sqlite3.Connection) -> list[tuple[Path, str]]:
    """Each file that could not be read or written, with one sentence, by path."""
    rows = db.execute(
        f"SELECT f.path, p.rel_path, coalesce(p.error, p.write_error) {_FAILED} "
        "ORDER BY f.path, p.rel_path"
    )
    return [
        (join_path(folder, rel_path), decode_path(sentence)) for folder, rel_path, sentence in rows
    ]
