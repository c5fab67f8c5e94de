"""Replacing a photo's bytes: afterwards the file is the old one or the new one, never between."""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.core.errors import PhotoChangedError, ReadOnlyError, WriteFailedError
from tagger.files.attributes import copy_attributes
from tagger.files.locks import refuse_locked
from tagger.files.sentences import is_lock, write_error_for
from tagger.files.stamps import stamp_of, stamp_on_disk
from tagger.files.temporary import open_temporary, sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tagger.core.photo import Stamp
    from tagger.files.delta import Piece
    from tagger.files.temporary import TemporaryFile

_LOCK_WAITS_S = (0.05, 0.1, 0.2, 0.4, 0.8)
_CHANGED = "Another program changed the photo in the meantime; it is written after the next scan."
_READ_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def replace_file(
    path: Path,
    new_content: bytes | Iterable[Piece],
    *,
    expected: Stamp,
    verify: Callable[[Path], None],
    wait: Callable[[float], object] = time.sleep,
    syncs_folder: bool = True,
) -> Stamp:
    """Give a file new content in one step, by way of a verified copy beside it.

    A symbolic link stays a link; the file behind it is replaced. Rights, owner and extended
    attributes are kept as far as the system allows; the modification time becomes now.

    Args:
        path: the photo or sidecar, or a link to it.
        new_content: all bytes of the new file, or pieces that make it together.
        expected: the stamp of the file whose content `new_content` was made from.
        verify: looks at the finished copy (its name ends in `.tmp`) and raises to prevent the
            replacement.
        wait: called with seconds before another try while another program locks the file.
        syncs_folder: make the new name last through a power cut; False for who replaces several
            files of one folder and calls `sync_folder` afterwards.

    Returns:
        the stamp of the new file.

    Raises:
        PhotoChangedError: the file is not the one that `expected` describes.
        ReadOnlyError: file, folder or drive is write-protected.
        DriveAwayError: the drive went away.
        WriteFailedError: the file has several names, is held by another program, or the system
            refused.
        Exception: whatever `verify` raised; an `OSError` of it as a `WriteFailedError`.
        In each case the file is as it was, and the copy is removed.
    """
    try:
        with open_copy(path, new_content, expected) as copy:
            return replace_by(copy, verify=verify, wait=wait, syncs_folder=syncs_folder)
    except OSError as error:
        raise write_error_for(error) from error


@dataclass(frozen=True, slots=True)
class Copy:
    """The new content of a photo, on its way to the disk.

    Attributes:
        file: it, beside the photo.
        target: the photo, behind any link.
        expected: the stamp of the photo that it was made from.
    """

    file: TemporaryFile
    target: Path
    expected: Stamp


@contextmanager
def open_copy(path: Path, new_content: bytes | Iterable[Piece], expected: Stamp) -> Iterator[Copy]:
    """The first half of `replace_file`; the copy is gone afterwards, unless it took its place.

    Who has several photos opens the copies of all before the first takes its place: the disk
    writes them together, which takes about as long as one.

    Raises:
        PhotoChangedError, ReadOnlyError, WriteFailedError: as `replace_file`.
        OSError: the system refused.
    """
    target = Path(os.path.realpath(path, strict=True)) if path.is_symlink() else path
    if stamp_of(_refuse_protected(target)) != expected:
        raise PhotoChangedError(_CHANGED)
    with open_temporary(target.parent, 0o600) as file:
        _fill(file, target, new_content)
        file.start_sync()
        yield Copy(file, target, expected)


def replace_by(
    copy: Copy,
    *,
    verify: Callable[[Path], None],
    wait: Callable[[float], object] = time.sleep,
    syncs_folder: bool = True,
) -> Stamp:
    """The second half of `replace_file`, which says what the arguments are and what is raised."""
    try:
        verify(copy.file.path)
        copy.file.sync()
        written = stamp_of(os.fstat(copy.file.fd))
        copy.file.close_for_rename()
        _rename(copy.file.path, copy.target, copy.expected, wait)
        with suppress(OSError):  # it is in its place, whatever closing says
            copy.file.close()
        if syncs_folder:
            sync_folder(copy.target.parent)
        return stamp_on_disk(copy.target, written)
    except OSError as error:
        raise write_error_for(error) from error


def explain_protection(path: Path) -> str | None:
    """Why a file can't be replaced, or made, as things are, in one sentence; None where it can."""
    try:
        if os.path.lexists(path):
            _refuse_protected(Path(os.path.realpath(path, strict=True)))
        else:
            _refuse_protected_folder(path.parent)
    except OSError as error:
        return str(write_error_for(error))
    except WriteFailedError as error:
        return str(error)
    return None


def _refuse_protected(target: Path) -> os.stat_result:
    """Raises where the file must not be replaced; else its status."""
    status = target.stat()
    if not stat.S_ISREG(status.st_mode):
        raise WriteFailedError("This is not a regular file, so it stays untouched.")
    _refuse_protected_folder(target.parent)
    # A rename would get round a lock that a photographer has put on a file on purpose.
    if not status.st_mode & stat.S_IWUSR or not os.access(target, os.W_OK):
        raise ReadOnlyError("The file is write-protected; unlock it to let keywords be written.")
    if status.st_nlink > 1:
        raise WriteFailedError(
            "The file has a second name on this drive (a hard link), and writing would part the "
            "two; replace one of them by a copy."
        )
    return status


def _refuse_protected_folder(folder: Path) -> None:
    if _is_on_read_only_drive(folder):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ReadOnlyError("The folder is write-protected; unlock it to let keywords be written.")


def _is_on_read_only_drive(folder: Path) -> bool:
    if sys.platform == "win32":
        return False
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _fill(copy: TemporaryFile, target: Path, new_content: bytes | Iterable[Piece]) -> None:
    for piece in (new_content,) if isinstance(new_content, bytes) else new_content:
        copy.write(piece)
    with _opened(target) as fd:
        copy_attributes(fd, copy.fd)


def _rename(copy: Path, target: Path, expected: Stamp, wait: Callable[[float], object]) -> None:
    for pause_s in (*_LOCK_WAITS_S, None):
        try:
            _refuse_changed(target, expected)
            os.replace(copy, target)  # noqa: PTH105 - a Path makes a new one of its own first
        except OSError as error:
            if pause_s is None or not is_lock(error):
                raise
            wait(pause_s)
        else:
            return


def _refuse_changed(target: Path, expected: Stamp) -> None:
    with _opened(target) as fd:  # makes an NFS client ask the server, which stat does not
        status = os.fstat(fd)
        if stamp_of(status) != expected or status.st_nlink > 1:
            raise PhotoChangedError(_CHANGED)
        refuse_locked(fd)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    fd = os.open(path, _READ_FLAGS)
    try:
        yield fd
    finally:
        os.close(fd)
