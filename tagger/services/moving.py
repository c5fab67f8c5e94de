"""Moving the library to another folder or drive."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import xxhash

from tagger.core.errors import LibraryError, WrongUseError
from tagger.files import sentence_for
from tagger.library import KEPT_ASIDE, check_backup, detach
from tagger.library.moved import NOTE, write_note
from tagger.services.workspace import hold_working_place

# What this program keeps in its home. Whatever else lies there is somebody else's and stays.
_CACHES = ("features.db", "thumbnails.db")
_NAMES = (
    *("library.db", *_CACHES, "backups", "models", KEPT_ASIDE),
    *("presets", "runs", "exports", "reports"),
    *("label-decisions.json", "window.ini", "tagger.log", "logs"),
)
_DECIDED = ("library.db", "label-decisions.json")
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Moved:
    """Where the library is now; the fields are the JSON of `library move`.

    Attributes:
        bytes: how much was moved.
    """

    home: Path
    files: int
    bytes: int


def move_library(home: Path, target: Path) -> Moved:
    """Copy everything to another folder, compare it there, leave a note, then clear the old place.

    The program finds the library by the note, also by `--home` and `TAGGER_HOME` of before. Until
    the note is written the old place is untouched, and what was copied goes away after an error.

    Raises:
        LibraryError: the library is open somewhere, damaged, or a disk refuses.
        WrongUseError: there is no library, or the target can't take it.
    """
    target = target.expanduser().absolute()
    _refuse_target(home, target)
    with hold_working_place(home):
        _detach_all(home)
        sources = _list_files(home)
        copied = _copy_with_note(home, target, sources)
        (target / NOTE).unlink(missing_ok=True)
        size = sum(file.stat().st_size for file in copied)
        _remove(home, sources)
    return Moved(target, len(copied), size)


def _copy_with_note(home: Path, target: Path, sources: list[Path]) -> list[Path]:
    """Copy all and say where it went, or leave no trace at the target."""
    copied: list[Path] = []
    try:
        _copy_all(home, target, sources, copied)
        _refuse_changed(home, target)
        write_note(home, target)
    except OSError as error:
        _remove(target, copied)
        raise LibraryError(
            f"The library can't be moved to {target}. {sentence_for(error)}"
        ) from error
    except LibraryError:
        _remove(target, copied)
        raise
    return copied


def _refuse_target(home: Path, target: Path) -> None:
    if not (home / "library.db").is_file():
        raise WrongUseError(f"There is no library in {home}.")
    real, real_home = Path(os.path.realpath(target)), Path(os.path.realpath(home))
    if real.is_relative_to(real_home) or real_home.is_relative_to(real):
        raise WrongUseError(f"{target} and {home} lie one in the other; name another folder.")
    if target.exists() and not target.is_dir():
        raise WrongUseError(f"{target} is a file; name a folder for the library.")
    taken = next((name for name in _NAMES if (target / name).exists()), None)
    if taken is not None:
        raise WrongUseError(f"There is a {taken} in {target} already; name an empty folder.")


def _list_files(home: Path) -> list[Path]:
    files = []
    for name in _NAMES:
        path = home / name
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        files += [file for file in inside if file.is_file()]
    return files


def _copy_all(home: Path, target: Path, sources: list[Path], copied: list[Path]) -> None:
    """Copy and compare. `copied` grows by each file before it is written."""
    target.mkdir(parents=True, exist_ok=True)
    needed = sum(file.stat().st_size for file in sources)
    if shutil.disk_usage(target).free < needed:
        raise LibraryError(
            f"The library takes {needed / 1e9:.1f} GB and {target} has less space. Free some space "
            "there, or run `tagger library compact` first."
        )
    for file in sources:
        copy = target / file.relative_to(home)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copied.append(copy)
        shutil.copy2(file, copy)
        _flush(copy)
        if _digest(copy) != _digest(file):
            raise LibraryError(f"{copy} was not written as it was read. Check that disk.")
    problem = check_backup(target / "library.db").problem
    if problem is not None:
        raise LibraryError(f"The library is damaged; run `tagger library verify`. {problem}")


def _detach_all(home: Path) -> None:
    for name in ("library.db", *_CACHES):
        if (home / name).exists():
            detach(home / name)


def _refuse_changed(home: Path, target: Path) -> None:
    """Copying takes minutes, and deciding needs no place: what was decided meanwhile must not go.

    Raises:
        LibraryError: another program has the library open, or changed it while it was copied.
    """
    _detach_all(home)
    for name in _DECIDED:
        if (home / name).exists() and (
            not (target / name).exists() or _digest(home / name) != _digest(target / name)
        ):
            raise LibraryError(
                "Another tagger changed the library while it was copied, so it stays where it is. "
                "Try again."
            )


def _digest(file: Path) -> str:
    digest = xxhash.xxh3_128()
    with file.open("rb") as opened:
        while block := opened.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _flush(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def _remove(root: Path, files: list[Path]) -> None:
    """These files, and the folders below the root that are empty then."""
    for file in files:
        file.unlink(missing_ok=True)
    folders = {root / part for file in files for part in file.relative_to(root).parents}
    for folder in sorted(folders - {root}, key=lambda path: -len(path.parts)):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
