"""Bringing a library to the newest format: ordered steps, each whole or not at all."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tagger.core.errors import LibraryError
from tagger.library.schema import MIGRATIONS

if TYPE_CHECKING:
    import sqlite3
    from datetime import date

    from tagger.library.store import Store


def read_version(db: sqlite3.Connection) -> int:
    """The format of the library; 0 for an empty file.

    Raises:
        LibraryError: a newer program made it.
    """
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise LibraryError(
            f"This library was made by a newer version of the program (format {version}; this one "
            f"knows formats up to {len(MIGRATIONS)}). Install the newer version to open it."
        )
    return version


def read_first_day(db: sqlite3.Connection) -> date:
    """The local day on which the library was made."""
    first = db.execute("SELECT min(applied_at) FROM migrations").fetchone()[0]
    return datetime.fromisoformat(first).astimezone().date()


def migrate(store: Store, now: datetime) -> None:
    """Apply the steps that are missing, each in one transaction with its own record.

    Raises:
        LibraryError: a step failed; the library is as it was after the one before.
    """
    for version, step in enumerate(MIGRATIONS, start=1):
        with store.writing() as db:
            # Looked up inside the transaction: another program may have been faster.
            if read_version(db) >= version:
                continue
            step(db)
            db.execute(
                "INSERT INTO migrations (version, name, applied_at) VALUES (?, ?, ?)",
                (version, step.__name__, now.isoformat()),
            )
            db.execute(f"PRAGMA user_version = {version:d}")
