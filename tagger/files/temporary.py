"""A file on its way: hidden, in the folder where it will stay, removed unless it arrives."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from tagger.files.claims import Claim, claim
from tagger.files.names import temporary_name

if sys.platform == "darwin":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CREATE_FLAGS = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
)
_ATTEMPTS = 10


class TemporaryFile:
    """An open temporary file that no living process removes."""

    def __init__(self, path: Path, fd: int) -> None:
        self.path = path
        self.fd = fd

    def write(self, content: bytes | memoryview) -> None:
        """Write everything; the system may take it in pieces."""
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(self.fd, rest) :]

    def start_sync(self) -> None:
        """Let the disk begin with what was written, so that `sync` waits for less, on Linux."""
        if sys.platform == "linux":
            with suppress(OSError):
                # Of pages that nobody has written yet this advice starts the writing.
                os.posix_fadvise(self.fd, 0, 0, os.POSIX_FADV_DONTNEED)

    def sync(self) -> None:
        """Return only when bytes and attributes are on the disk."""
        if sys.platform == "darwin":
            # fsync(2) of macOS leaves the data in the drive's own cache.
            with suppress(OSError):
                fcntl.fcntl(self.fd, fcntl.F_FULLFSYNC)
        os.fsync(self.fd)

    def close(self) -> None:
        """Give the file up; may be called again."""
        if self.fd >= 0:
            fd, self.fd = self.fd, -1
            os.close(fd)

    def discard(self) -> None:
        """Close the file and remove it, unless it has got its final name."""
        with suppress(OSError):
            self.close()
        with suppress(OSError):
            self.path.unlink()

    def close_for_rename(self) -> None:
        """Windows renames no open file; elsewhere it stays ours until it has its name."""
        if sys.platform == "win32":
            self.close()


@contextmanager
def open_temporary(folder: Path, mode: int) -> Iterator[TemporaryFile]:
    """A new temporary file with these rights (less the umask); afterwards it is gone.

    Raises:
        OSError: the folder takes no file.
    """
    file = _create(folder, mode)
    try:
        yield file
    finally:
        file.discard()


def _create(folder: Path, mode: int) -> TemporaryFile:
    for _ in range(_ATTEMPTS):
        path = folder / temporary_name()
        file = TemporaryFile(path, os.open(path, _CREATE_FLAGS, mode))
        if _keep(file):
            return file
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(folder))


def _keep(file: TemporaryFile) -> bool:
    is_kept = False
    try:
        # Somebody who cleans up may come between creating and claiming, and takes the name away.
        is_kept = claim(file.fd) is not Claim.TAKEN and os.path.lexists(file.path)
    finally:
        if not is_kept:
            file.discard()
    return is_kept


def sync_folder(folder: Path) -> None:
    """Make new names in this folder last through a power cut, where the system can do that.

    The name has been given already, so a refusal (Windows, some network drives) is no failure.
    """
    with suppress(OSError):
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
