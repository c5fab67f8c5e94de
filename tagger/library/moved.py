"""The note that a library leaves behind when it moves, so that the program finds it again."""

from __future__ import annotations

import os
from pathlib import Path

from tagger.core.errors import LibraryError

NOTE = "library-moved-to.txt"
_MOST_MOVES = 16


def read_note(home: Path) -> Path | None:
    """Where the library of this folder went; None where it never went away."""
    try:
        text = (home / NOTE).read_text(encoding="utf-8", errors="surrogateescape")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise LibraryError(f"{home / NOTE} can't be read: {error.strerror}.") from error
    return Path(text.removesuffix("\n"))


def write_note(home: Path, target: Path) -> None:
    """Say that the library of this folder is in another now; on the disk when this returns."""
    temporary = home / f".{NOTE}"
    with temporary.open("w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(f"{target}\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(home / NOTE)


def follow_notes(home: Path) -> Path:
    """The folder in which a library is now; the one that was asked for when its drive is away."""
    place = home
    for _ in range(_MOST_MOVES):
        target = read_note(place)
        if target is None:
            return place
        if not (target / "library.db").exists() and read_note(target) is None:
            return home
        place = target
    return home


def refuse_moved(home: Path) -> None:
    """Never make a new library where one has moved away from.

    Raises:
        LibraryError: the library of this folder is in another.
    """
    target = read_note(home)
    if target is not None:
        raise LibraryError(
            f"The library was moved to {target}, which is not there now. Attach that drive and try "
            f"again; to begin a new library in {home}, remove {NOTE} from it."
        )
