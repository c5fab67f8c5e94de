"""Copies of the library: one a day, one before each migration, the newest five kept."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from threading import get_ident
from typing import TYPE_CHECKING

from tagger.core.errors import LibraryError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

_KEPT = 5
_NAME = re.compile(r"library-(\d+)-(\d{4}-\d{2}-\d{2})\.db")


def list_backups(home: Path) -> list[Path]:
    """The backups of the library in `home`, the newest first."""
    dated = [
        (match[2], int(match[1]), path)
        for path in (home / "backups").glob("library-*.db")
        if (match := _NAME.fullmatch(path.name))
    ]
    return [path for _, _, path in sorted(dated, reverse=True)]


def explain_damage(path: Path) -> str:
    """That the file is damaged, and how to go back to the newest backup."""
    backups = list_backups(path.parent)
    if not backups:
        return (
            f"The library {path} is damaged and there is no backup. Move it away, and the photos "
            "can be indexed again."
        )
    return (
        f"The library {path} is damaged. `tagger library restore` goes back to the newest backup, "
        f"{backups[0].name}, and keeps the damaged library beside it."
    )


def explain_loss(home: Path) -> str:
    """That there is no library though there was one, and how to go back to the newest backup."""
    return (
        f"The library in {home} is gone or empty, but there are backups. `tagger library restore` "
        f"goes back to the newest, {list_backups(home)[0].name}. To begin a new library here, move "
        f"{home / 'backups'} away first."
    )


def has_backup_of(home: Path, day: date) -> bool:
    """Whether a copy was made on this day."""
    return any(path.stem.endswith(day.isoformat()) for path in list_backups(home))


def back_up(db: sqlite3.Connection, home: Path, day: date) -> Path:
    """Copy the library to `backups/library-<version>-<date>.db`, replacing that day's copy.

    The copy is checked before it takes its name and before an older one goes, so that a damaged
    library never pushes out the good copies.

    Raises:
        LibraryError: the library is damaged.
        sqlite3.Error: the copy can't be made.
    """
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    target = home / "backups" / f"library-{version}-{day.isoformat()}.db"
    copy_library(db, target, home / "library.db")
    with suppress(OSError):  # they are in nobody's way; the next backup tries again
        for old in (*list_backups(home)[_KEPT:], *_list_leftovers(home, day)):
            old.unlink(missing_ok=True)
    return target


def _list_leftovers(home: Path, day: date) -> list[Path]:
    """Copies, each as large as the library, that killed programs began days ago."""
    begun = (home / "backups").glob(".library-*.db.*")
    return [path for path in begun if (day - _read_day(path)).days > 1]


def _read_day(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime).astimezone().date()


def copy_library(db: sqlite3.Connection, target: Path, library: Path) -> None:
    """Copy the library to a file, in place of one that is there; `library` is where it lies.

    Raises:
        LibraryError: the library is damaged, or the disk refuses.
        sqlite3.Error: the copy can't be made.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}-{get_ident()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        _copy(db, temporary, library)
        temporary.replace(target)
    except OSError as error:
        raise LibraryError(
            f"The library can't be backed up to {target.parent}: {error.strerror}."
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _copy(db: sqlite3.Connection, temporary: Path, library: Path) -> None:
    with closing(sqlite3.connect(temporary)) as copy:
        db.backup(copy)
        # One file without a log beside it: whoever copies it back has all of it.
        copy.execute("PRAGMA journal_mode = DELETE")
        verdict = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise LibraryError(explain_damage(library))
