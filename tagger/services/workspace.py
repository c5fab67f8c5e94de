"""One library, opened for work: what every use case is given first."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import filelock

from tagger.core.errors import LibraryError
from tagger.files import is_online
from tagger.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.library import Folder

AWAY = "The drive is away; keywords are written when it is back."


@dataclass(frozen=True)
class Workspace:
    """A library and the folder it lives in.

    Attributes:
        home: holds `library.db`, its backups and the classifiers the user made.
    """

    home: Path
    library: Library

    @classmethod
    def open(cls, home: Path) -> Self:
        """Open the library in `home`, or make a new one.

        Raises:
            LibraryError: it is damaged, from a newer program, or its disk refuses.
        """
        make_home(home)
        return cls(home, Library.open(home))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.library.close()

    def online_folders(self) -> list[Folder]:
        """The library's folders whose drive is there."""
        return [folder for folder in self.library.folders() if _is_online(folder)]

    def offline_folders(self) -> list[Folder]:
        """The library's folders whose drive is away: nothing in them is ever marked deleted."""
        return [folder for folder in self.library.folders() if not _is_online(folder)]

    @contextmanager
    def working(self) -> Iterator[None]:
        """Hold the one place for a program that indexes, tags or writes.

        Searching and deciding need no place. The operating system frees it when a program dies.

        Raises:
            LibraryError: another program works on this library.
        """
        with hold_working_place(self.home):
            yield


@contextmanager
def hold_working_place(home: Path) -> Iterator[None]:
    """As `Workspace.working`, for a library that is not open.

    Raises:
        LibraryError: another program works on this library, or its folder can't be written to.
    """
    make_home(home)
    lock = filelock.FileLock(home / "working.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise LibraryError(
            "Another tagger is working on this library. Wait until it is done, or close it."
        ) from error
    except OSError as error:
        raise LibraryError(f"The library in {home} can't be changed: {error.strerror}.") from error
    try:
        yield
    finally:
        lock.release()


def make_home(home: Path) -> None:
    """Make the folder of the library where it is not there yet.

    Raises:
        LibraryError: the system refuses.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(f"The library folder {home} can't be made: {error.strerror}.") from error


def _is_online(folder: Folder) -> bool:
    return is_online(folder.path, was_populated=folder.has_photos)


def core_count() -> int:
    """Processor cores that this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
