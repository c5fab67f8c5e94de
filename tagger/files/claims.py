"""Telling whether the writer of a temporary file lives: a lock that dies with its process.

A process number would not do: it is reused after a restart, always the same in a container, and
means nothing on a shared drive that another computer writes to.
"""

from __future__ import annotations

import errno
import os
import struct
import sys
from enum import Enum

if sys.platform != "win32":
    import fcntl

_HELD = frozenset({errno.EACCES, errno.EAGAIN})
# Far beyond the end of any file. On SMB shares a lock keeps all other handles, our own included,
# from reading the locked bytes (flock(2), "CIFS details"), so no real byte is locked.
_LOCKED_BYTE = 1 << 62


class Claim(Enum):
    """What came of asking for a temporary file."""

    OURS = "ours"
    TAKEN = "taken"
    UNKNOWN = "unknown"
    """This file system knows no locks."""


def claim(fd: int) -> Claim:
    """Take the file, open for writing, until `fd` is closed or this process dies."""
    try:
        _lock(fd)
    except OSError as error:
        return Claim.TAKEN if error.errno in _HELD else Claim.UNKNOWN
    return Claim.OURS


if sys.platform == "linux":

    def _lock(fd: int) -> None:
        # struct flock of fcntl(2). An open-file lock, not a POSIX one, which would be lost as
        # soon as anybody in this process opens and closes the same file to check it.
        what = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, _LOCKED_BYTE, 1, 0)
        fcntl.fcntl(fd, fcntl.F_OFD_SETLK, what)

elif sys.platform == "win32":

    def _lock(fd: int) -> None:
        """Windows removes no file that is open, so an open file needs no lock."""

else:

    def _lock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
