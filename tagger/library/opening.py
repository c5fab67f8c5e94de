"""Opening the library: create, refuse, back up, migrate, in this order."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from tagger.core.errors import LibraryError
from tagger.library.backups import back_up, explain_loss, has_backup_of, list_backups
from tagger.library.migrations import migrate, read_version
from tagger.library.moved import refuse_moved
from tagger.library.schema import MIGRATIONS
from tagger.library.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

_OLDEST_SQLITE = (3, 39, 0)
"""STRICT tables need 3.37, `IS DISTINCT FROM` and the planner's filters 3.39."""


def open_store(home: Path, now: Callable[[], datetime], busy_timeout_ms: int) -> Store:
    """The library's database in `home`, in the newest format and backed up today.

    Raises:
        LibraryError: too new, damaged, lost, locked, moved away, or the disk refuses.
    """
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise LibraryError(
            f"This Python has SQLite {sqlite3.sqlite_version}; the library needs "
            f"{'.'.join(map(str, _OLDEST_SQLITE))} or newer."
        )
    refuse_moved(home)
    if not (home / "library.db").exists():
        _refuse_lost(home)
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(f"The folder {home} can't be made: {error.strerror}.") from error
    store = Store(home / "library.db", busy_timeout_ms)
    try:
        _prepare(store, home, now())
    except BaseException:
        store.close()
        raise
    return store


def _prepare(store: Store, home: Path, now: datetime) -> None:
    with store.reading() as db:
        version = read_version(db)
        has_tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] > 0
    if not has_tables:
        _refuse_lost(home)
    if has_tables and version == 0:
        raise LibraryError(
            f"{store.path} was not made by this program. Move it away, or choose another home."
        )
    is_outdated = version < len(MIGRATIONS)
    # The local day: a person looks for the backup of "yesterday".
    today = now.astimezone().date()
    if version > 0 and (is_outdated or not has_backup_of(home, today)):
        with store.reading() as db:
            back_up(db, home, today)
    if is_outdated:
        migrate(store, now)


def _refuse_lost(home: Path) -> None:
    """Begin no new library where one was: its empty copies would take the places of the good ones.

    Raises:
        LibraryError: there are backups.
    """
    if list_backups(home):
        raise LibraryError(explain_loss(home))
