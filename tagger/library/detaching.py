"""Making sure that nobody has the database open, before its file is exchanged or moved."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from tagger.core.errors import LibraryError
from tagger.library.complaints import explain_error

if TYPE_CHECKING:
    from pathlib import Path

_WAIT_S = 2.0


def detach(path: Path) -> None:
    """Merge the log into the database, which SQLite does only when no program has it open.

    Raises:
        LibraryError: another program has it open, or it is damaged (`is_damage` of its cause).
    """
    with closing(sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)) as db:
        try:
            db.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
            if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise LibraryError(
                    f"Another tagger has the library {path} open. Close it and try again."
                ) from error
            raise LibraryError(explain_error(error, path)) from error
        except sqlite3.Error as error:
            raise LibraryError(explain_error(error, path)) from error
