"""Going back to a backup, with the library of before kept beside it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import LibraryError
from tagger.library.complaints import explain_error, is_damage
from tagger.library.detaching import detach
from tagger.library.schema import MIGRATIONS
from tagger.library.upkeep import check_database

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

KEPT_ASIDE = "kept-aside"
"""The folder in the home in which libraries lie that a backup has replaced."""

_SUFFIXES = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class BackupCheck:
    """What is known of a backup after reading all of it.

    Attributes:
        problem: why it can't be used, else None.
        photos, decisions: how many it holds; 0 where it can't be used.
    """

    path: Path
    problem: str | None
    photos: int = 0
    decisions: int = 0


def check_backup(path: Path) -> BackupCheck:
    """Read a copy of the library from end to end. Takes seconds on a big one."""
    if not path.is_file():
        return BackupCheck(path, f"There is no file {path}.")
    try:
        with closing(_open_backup(path)) as db:
            problem = _find_problem(db, path)
            if problem is not None:
                return BackupCheck(path, problem)
            counted = "SELECT (SELECT count(*) FROM photos), (SELECT count(*) FROM decisions)"
            photos, decisions = db.execute(counted).fetchone()
            return BackupCheck(path, None, photos, decisions)
    except sqlite3.Error as error:
        if _has_log(path) and not is_damage(error):
            return BackupCheck(
                path,
                f"The log beside {path} can't be read there. Copy both to a folder that may be "
                "written to.",
            )
        return BackupCheck(path, f"The backup {path} is damaged.")


def restore_backup(home: Path, backup: Path, now: datetime) -> Path | None:
    """Put a checked backup in the place of the library. No program may have the library open.

    What lay there is first kept whole below `kept-aside`; that folder is returned, None where
    there was no library. At every moment there is a library in the home, the old or the new.

    Raises:
        LibraryError: the backup can't be used, the library is open, or the disk refuses.
    """
    problem = check_backup(backup).problem
    if problem is not None:
        raise LibraryError(problem)
    library = home / "library.db"
    temporary = home / ".library.db.restored"
    try:
        home.mkdir(parents=True, exist_ok=True)
        _copy_backup(backup, temporary)
        # Before the library is opened to see whether anybody has it: opening merges its log.
        aside = _keep_aside(home, now)
        _detach_unless_damaged(library, aside)
        _exchange(library, temporary)
    except sqlite3.Error as error:
        raise LibraryError(explain_error(error, library)) from error
    except OSError as error:
        raise LibraryError(
            f"The backup can't be put back into {home}: {error.strerror}. The library is as it was."
        ) from error
    finally:
        with suppress(OSError):
            _remove(temporary)
    return aside


def _open_backup(path: Path) -> sqlite3.Connection:
    """A library that was copied while it was open, or after a crash, has its newest part in a log.

    Any other is one file, beside which nothing is made.
    """
    how = "mode=ro" if _has_log(path) else "mode=ro&immutable=1"
    return sqlite3.connect(f"{path.as_uri()}?{how}", uri=True)


def _has_log(path: Path) -> bool:
    log = path.with_name(f"{path.name}-wal")
    return log.is_file() and log.stat().st_size > 0


def _copy_backup(backup: Path, temporary: Path) -> None:
    """One file with all of it; on the disk when this returns."""
    _remove(temporary)  # what a killed program left
    with closing(_open_backup(backup)) as db, closing(sqlite3.connect(temporary)) as copy:
        db.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")


def _remove(database: Path) -> None:
    for suffix in ("", "-journal"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _exchange(library: Path, restored: Path) -> None:
    for suffix in _SUFFIXES[1:]:  # the log of the old library would be read into the new one
        library.with_name(library.name + suffix).unlink(missing_ok=True)
    restored.replace(library)


def _find_problem(db: sqlite3.Connection, path: Path) -> str | None:
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        return f"The backup {path} was made by a newer version of the program."
    if version == 0:
        return f"{path} is no backup of a library."
    return None if check_database(db) == "ok" else f"The backup {path} is damaged."


def _detach_unless_damaged(library: Path, aside: Path | None) -> None:
    if aside is None:
        return
    try:
        detach(library)
    except LibraryError as error:
        if not is_damage(error.__cause__):
            shutil.rmtree(aside)
            raise


def _keep_aside(home: Path, now: datetime) -> Path | None:
    """Link the library with its log into a folder of its own; nothing is read or moved."""
    if not (home / "library.db").exists():
        return None
    name = now.astimezone().strftime("%Y-%m-%dT%H%M%S")
    aside = home / KEPT_ASIDE / name
    number = 1
    while aside.exists():
        number += 1
        aside = home / KEPT_ASIDE / f"{name}-{number}"
    aside.mkdir(parents=True)
    for suffix in _SUFFIXES:
        file = home / f"library.db{suffix}"
        if file.exists():
            _link(file, aside / file.name)
    return aside


def _link(file: Path, target: Path) -> None:
    """Another name for the same bytes, or a copy where the file system has no links."""
    try:
        target.hardlink_to(file)
    except OSError:
        shutil.copyfile(file, target)
        _flush(target)


def _flush(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())
