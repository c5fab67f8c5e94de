"""The tables of ratings and labels that people give."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

_CREATE = (
    # Every rating and label ever given; lines are never changed. An empty text is none.
    """
    CREATE TABLE rating_history (
        id INTEGER PRIMARY KEY,
        batch_id INTEGER NOT NULL REFERENCES batches,
        photo_id INTEGER NOT NULL REFERENCES photos,
        field TEXT NOT NULL CHECK (field IN ('rating', 'label')),
        value TEXT NOT NULL,
        previous TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX rating_history_by_batch ON rating_history (batch_id)",
    """
    CREATE TABLE ratings_to_write (
        photo_id INTEGER NOT NULL REFERENCES photos,
        field TEXT NOT NULL CHECK (field IN ('rating', 'label')),
        value TEXT NOT NULL,
        base TEXT NOT NULL,
        in_file TEXT NOT NULL,
        PRIMARY KEY (photo_id, field)
    ) STRICT, WITHOUT ROWID
    """,
)


def create_ratings(db: sqlite3.Connection) -> None:
    """Ratings and labels that people gave."""
    for statement in _CREATE:
        db.execute(statement)


def index_rating_history(db: sqlite3.Connection) -> None:
    """One photo's ratings without reading everybody's."""
    db.execute("CREATE INDEX rating_history_by_photo ON rating_history (photo_id)")
