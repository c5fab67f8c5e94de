"""Removing what a killed process left half-written, and nothing that anybody is writing."""

from __future__ import annotations

import os
import stat
import sys
import time
from typing import TYPE_CHECKING

from tagger.files.claims import Claim, claim
from tagger.files.names import is_temporary_name

if TYPE_CHECKING:
    from pathlib import Path

# Where the file system knows no locks, nobody writes one photo for that long.
_ABANDONED_S = 24 * 3600
_OPEN_FLAGS = (
    os.O_RDWR
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)


def remove_leftovers(folder: Path) -> int:
    """Remove the temporary files of dead processes from this folder, not from those below it.

    A file that another living process (or thread) is writing stays, as does every file that
    can't be removed. `scan_folder` does the same in each folder it walks.

    Returns:
        how many were removed; 0 for a folder that can't be read.
    """
    try:
        with os.scandir(folder) as listing:
            names = [entry.name for entry in listing if is_temporary_name(entry.name)]
    except OSError:
        return 0
    return sum(remove_leftover(folder / name) for name in names)


def remove_leftover(path: Path) -> bool:
    """Remove one temporary file unless its writer lives. Returns whether it is gone now."""
    try:
        fd = os.open(path, _OPEN_FLAGS)
    except OSError:
        return False
    try:
        is_dead = _is_abandoned(fd)
        if is_dead and sys.platform != "win32":
            # While it is claimed: a writer that has just made it sees the claim and makes another.
            return _unlink(path)
    finally:
        os.close(fd)
    return is_dead and _unlink(path)  # Windows removes no open file


def _is_abandoned(fd: int) -> bool:
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode):
        return False
    held = claim(fd)
    if held is Claim.UNKNOWN:
        return time.time() - status.st_mtime > _ABANDONED_S
    return held is Claim.OURS


def _unlink(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True
