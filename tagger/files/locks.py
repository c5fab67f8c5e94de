"""Whether another program holds a lock on a file, as far as the system tells."""

from __future__ import annotations

import errno
import os
import struct
import sys
from contextlib import suppress

if sys.platform != "win32":
    import fcntl

_HELD = frozenset({errno.EACCES, errno.EAGAIN})
# struct flock of fcntl(2): kind, whence, start, length (0: to the end), holder.
_LAYOUT = "hhqqi4x"


def refuse_locked(fd: int) -> None:
    """Raise `OSError` (EBUSY) while another program has locked the open file.

    Rename asks no lock on POSIX systems. Both kinds are looked for: flock(2), which Samba takes
    for its clients, and the record locks of fcntl(2), which NFS passes on. On Windows the rename
    itself is refused. A file system without locks has none.
    """
    if sys.platform != "win32" and (_is_flocked(fd) or _has_record_lock(fd)):
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))


if sys.platform != "win32":

    def _is_flocked(fd: int) -> bool:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno in _HELD
        with suppress(OSError):
            fcntl.flock(fd, fcntl.LOCK_UN)
        return False


if sys.platform == "linux":

    def _has_record_lock(fd: int) -> bool:
        question = struct.pack(_LAYOUT, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        try:
            answer = fcntl.fcntl(fd, fcntl.F_OFD_GETLK, question)
        except OSError:
            return False
        return bool(struct.unpack(_LAYOUT, answer)[0] != fcntl.F_UNLCK)

elif sys.platform != "win32":

    def _has_record_lock(fd: int) -> bool:
        """The layout differs from system to system; flock(2) has to do there."""
        del fd
        return False
