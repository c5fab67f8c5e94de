"""Keeping the library safe and small: copies, checks, compacting."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import LibraryError, WrongUseError
from tagger.library import check_backup, list_backups
from tagger.library.thumbnails import ThumbnailStore
from tagger.services.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

_DATABASES = ("library.db", "features.db", "thumbnails.db")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; the fields are the JSON of `library verify`.

    Attributes:
        subject: `library`, `backups`, or the name of a backup.
        sentence: what was found, for people.
    """

    subject: str
    ok: bool
    sentence: str


@dataclass(frozen=True)
class Compaction:
    """Bytes that the library and its caches took; the fields are the JSON of `library compact`."""

    bytes_before: int
    bytes_after: int


def back_up(workspace: Workspace, to: Path | None = None) -> Path:
    """Copy the library now, to today's backup or into a folder, and check the copy.

    In the folder, a copy takes a name that is free; none is ever replaced.

    Raises:
        LibraryError: the library is damaged, or the disk refuses.
        WrongUseError: `to` is a file.
    """
    library = workspace.library
    if to is None:
        return library.back_up()
    to = to.expanduser().absolute()
    if to.exists() and not to.is_dir():
        raise WrongUseError(f"{to} is a file; name a folder for the backup.")
    number, target = 1, to / f"library-{library.version}.db"
    while target.exists():
        number += 1
        target = to / f"library-{library.version}-copy-{number}.db"
    library.copy_to(target)
    return target


def verify(home: Path) -> list[Finding]:
    """Read the library and each of its backups from end to end, and say what was found.

    Raises:
        WrongUseError: there is no library.
    """
    if not (home / "library.db").is_file() and not list_backups(home):
        raise WrongUseError(f"There is no library in {home}.")
    return [_verify_library(home), *_verify_backups(home)]


def compact(workspace: Workspace) -> Compaction:
    """Give back what nothing uses: gaps, and pictures and features of photos that are forgotten.

    Raises:
        LibraryError: the disk refuses, or another program works on the library.
    """
    before = _measure(workspace.home)
    with workspace.working():
        workspace.library.compact()
        if (workspace.home / "thumbnails.db").exists():
            with closing(ThumbnailStore(workspace.home / "thumbnails.db")) as thumbnails:
                thumbnails.keep_only(workspace.library.picture_keys())
    return Compaction(before, _measure(workspace.home))


def _verify_library(home: Path) -> Finding:
    try:
        with Workspace.open(home) as workspace:
            health = workspace.library.check()
    except LibraryError as error:
        return Finding("library", ok=False, sentence=str(error))
    if health == "ok":
        return Finding("library", ok=True, sentence=f"The library in {home} is whole.")
    sentence = (
        "The library is damaged inside; `tagger library restore` goes back to a backup. "
        f"SQLite says: {'; '.join(health.splitlines())}."
    )
    return Finding("library", ok=False, sentence=sentence)


def _verify_backups(home: Path) -> list[Finding]:
    backups = list_backups(home)
    if not backups:
        return [Finding("backups", ok=True, sentence="There is no backup yet.")]
    findings = []
    for path in backups:
        check = check_backup(path)
        sentence = check.problem or (
            f"Whole, with {check.photos:,} photos and {check.decisions:,} decisions."
        )
        findings.append(Finding(path.name, ok=check.problem is None, sentence=sentence))
    return findings


def _measure(home: Path) -> int:
    """Bytes of the databases with their logs."""
    files = (home / f"{name}{suffix}" for name in _DATABASES for suffix in ("", "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
