"""Databases that hold nothing a person made: they may be thrown away at any time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.errors import LibraryError
from tagger.library.complaints import is_damage
from tagger.library.store import Store

if TYPE_CHECKING:
    from pathlib import Path


def open_cache(path: Path, table: str, busy_timeout_ms: int, *, synchronous: str) -> Store:
    """Open a cache or make it; a damaged one is made anew.

    `table` is the statement that creates the table where it is not there yet, `synchronous` says
    how much a power cut may cost, as in SQLite's pragma.

    Raises:
        LibraryError: the disk refuses, or another program holds the file too long.
    """
    try:
        return _create(path, table, busy_timeout_ms, synchronous)
    except LibraryError as error:
        if not is_damage(error.__cause__):
            raise
        delete_cache(path)
        return _create(path, table, busy_timeout_ms, synchronous)


def delete_cache(path: Path) -> None:
    """Remove the file and what SQLite keeps beside it; nobody may have it open."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _create(path: Path, table: str, busy_timeout_ms: int, synchronous: str) -> Store:
    store = Store(path, busy_timeout_ms, synchronous=synchronous)
    try:
        with store.writing() as db:
            db.execute(table)
    except BaseException:
        store.close()
        raise
    return store
