"""Keywords that we put into a file, and so may take out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.keywords import keyword_key, last_key, list_theirs
from tagger.library.path_text import decode_path, encode_path
from tagger.library.rows import pack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from tagger.core.ids import PhotoId

_INSERT = (
    "INSERT OR IGNORE INTO written_keywords (photo_id, key, leaf_key, keyword) VALUES (?, ?, ?, ?)"
)
_Row = tuple[int, str, str, str]


def read_ours(db: sqlite3.Connection, photo_id: PhotoId) -> tuple[str, ...]:
    """All of them in one photo's files, by key."""
    rows = db.execute(
        "SELECT keyword FROM written_keywords WHERE photo_id = ? ORDER BY key", (photo_id,)
    )
    return tuple(decode_path(row[0]) for row in rows)


def claim_ours(db: sqlite3.Connection, photo_id: PhotoId, keywords: Iterable[str]) -> None:
    """These are ours from now on."""
    db.executemany(_INSERT, _make_rows(photo_id, keywords))


def add_ours(db: sqlite3.Connection, photo_id: PhotoId, keywords: Iterable[str]) -> None:
    """Keywords become ours unless the file held them before: those are somebody else's.

    What it held because of us does not count: a keyword that gets another place is ours there too.
    """
    held = {
        str(row[0])
        for row in db.execute("SELECT key FROM file_keywords WHERE photo_id = ?", (photo_id,))
    }
    ours = [
        str(row[0])
        for row in db.execute("SELECT key FROM written_keywords WHERE photo_id = ?", (photo_id,))
    ]
    theirs = list_theirs(held, ours)
    rows = [row for row in _make_rows(photo_id, keywords) if theirs.isdisjoint(row[1:3])]
    db.executemany(_INSERT, rows)


def keep_ours(db: sqlite3.Connection, photo_id: PhotoId, keywords: Iterable[str]) -> None:
    """No others than these stay ours."""
    db.execute(
        "DELETE FROM written_keywords WHERE photo_id = ? "
        "AND key NOT IN (SELECT value FROM json_each(?))",
        (photo_id, pack(map(keyword_key, keywords))),
    )


def replace_ours(db: sqlite3.Connection, photo_id: PhotoId, keywords: Iterable[str]) -> None:
    """Exactly these are ours."""
    keywords = list(keywords)
    keep_ours(db, photo_id, keywords)
    claim_ours(db, photo_id, keywords)


def _make_rows(photo_id: PhotoId, keywords: Iterable[str]) -> list[_Row]:
    rows = [
        (photo_id, keyword_key(keyword), last_key(keyword), encode_path(keyword))
        for keyword in keywords
    ]
    return [row for row in rows if row[1]]
