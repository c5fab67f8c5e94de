"""Searches that people gave a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.names import fold_name
from tagger.library.path_text import decode_path, encode_path

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search with a name.

    Attributes:
        name: as it was given; no two differ by case alone.
        query: the text of the search.
    """

    name: str
    query: str


def create_saved_searches(db: sqlite3.Connection) -> None:
    """Searches that people gave a name: never dropped."""
    db.execute(
        """
        CREATE TABLE saved_searches (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            query TEXT NOT NULL,
            saved_at TEXT NOT NULL
        ) STRICT
        """
    )


def list_saved_searches(db: sqlite3.Connection) -> list[SavedSearch]:
    """Every saved search, by name."""
    rows = db.execute("SELECT name, query FROM saved_searches ORDER BY key")
    return [SavedSearch(decode_path(name), decode_path(query)) for name, query in rows]


def save_search(db: sqlite3.Connection, search: SavedSearch, now: datetime) -> None:
    """Keep a search, in place of one that has the name already."""
    db.execute(
        "INSERT INTO saved_searches (key, name, query, saved_at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (key) DO UPDATE SET name = excluded.name, query = excluded.query, "
        "saved_at = excluded.saved_at",
        (
            _derive_key(search.name),
            encode_path(search.name),
            encode_path(search.query),
            now.isoformat(),
        ),
    )


def remove_saved_search(db: sqlite3.Connection, name: str) -> bool:
    """Forget the search of this name, in any case; False where there is none."""
    return bool(
        db.execute("DELETE FROM saved_searches WHERE key = ?", (_derive_key(name),)).rowcount
    )


def _derive_key(name: str) -> str:
    return fold_name(encode_path(name))
