"""Making new files that appear whole or not at all, and never over another."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import IO, TYPE_CHECKING

from tagger.core.errors import WriteFailedError
from tagger.files.sentences import write_error_for
from tagger.files.stamps import stamp_of, stamp_on_disk
from tagger.files.temporary import open_temporary, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.core.photo import Stamp

_NAME_LIMIT_BYTES = 255
# What drives without hard links (exFAT, many network drives) answer to link(2).
_NO_LINKS = frozenset(
    {errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EMLINK}
    | {errno.EINVAL, errno.EXDEV}
)


class NameTakenError(WriteFailedError, FileExistsError):
    """There is a file of this name; it was not touched."""


@dataclass
class StreamedFile:
    """A file in the making.

    Attributes:
        file: takes its bytes.
        path: the name it got; None before.
    """

    file: IO[bytes]
    path: Path | None = None


def create_file(path: Path, content: bytes, *, syncs_folder: bool = True) -> Stamp:
    """Make a new file; it appears under its name only when it is whole and on the disk.

    On drives without hard links an empty file holds the name for the moment before. Who makes
    several files in one folder may leave `syncs_folder` out and call `sync_folder` afterwards.

    Raises:
        NameTakenError: there is something of this name, even a broken link. It is also a
            `FileExistsError`.
        WriteFailedError: the system refused; no file is left.
    """
    try:
        with open_temporary(path.parent, 0o666) as copy:
            copy.write(content)
            copy.sync()
            written = stamp_of(os.fstat(copy.fd))
            copy.close_for_rename()
            _publish(copy.path, path)
        if syncs_folder:
            sync_folder(path.parent)
        return stamp_on_disk(path, written)
    except FileExistsError as error:
        raise NameTakenError(f"There is already a file named {path.name}.") from error
    except OSError as error:
        raise write_error_for(error) from error


def create_numbered_file(path: Path, content: bytes) -> Path:
    """Make a new file under the first free name of `IMG_1.jpg`, `IMG_1 (2).jpg`, `IMG_1 (3).jpg`.

    Several processes may do so at once: each gets a name of its own.

    Returns:
        the name it got.

    Raises:
        WriteFailedError: the system refused; no file is left.
    """
    while True:
        candidate = free_name(path)
        with suppress(NameTakenError):
            create_file(candidate, content)
            return candidate


def find_equal_file(path: Path, content: bytes) -> Path | None:
    """The first of `IMG_1.jpg`, `IMG_1 (2).jpg`, … that holds exactly this; None where none does.

    A file that can't be read holds something else.
    """
    for name in _numbered(path):
        try:
            if name.stat().st_size == len(content) and name.read_bytes() == content:
                return name
        except FileNotFoundError:
            return None
        except OSError:
            continue
    return None


@contextmanager
def stream_numbered_file(path: Path) -> Iterator[StreamedFile]:
    """A new file too large to be held in memory; it gets its name when the block ends well.

    The name is that of `create_numbered_file`; when the block raises no file is left.

    Raises:
        WriteFailedError: the system refused.
    """
    try:
        with open_temporary(path.parent, 0o666) as copy:
            with os.fdopen(os.dup(copy.fd), "wb") as file:
                streamed = StreamedFile(file)
                yield streamed
            copy.sync()
            copy.close_for_rename()
            streamed.path = _publish_numbered(copy.path, path)
        sync_folder(path.parent)
    except OSError as error:
        raise write_error_for(error) from error


def free_name(path: Path) -> Path:
    """The first free name of `IMG_1.jpg`, `IMG_1 (2).jpg`, at this moment.

    To take the name without a race, write with `create_numbered_file`.
    """
    return next(name for name in _numbered(path) if not os.path.lexists(name))


def _numbered(path: Path) -> Iterator[Path]:
    yield path
    for number in count(2):
        ending = f" ({number}){path.suffix}"
        room = _NAME_LIMIT_BYTES - len(os.fsencode(ending))
        stem = path.stem
        while len(os.fsencode(stem)) > room:
            stem = stem[:-1]
        yield path.with_name(stem + ending)


def _publish_numbered(copy: Path, path: Path) -> Path:
    while True:
        candidate = free_name(path)
        with suppress(FileExistsError):
            _publish(copy, candidate)
            return candidate


def _publish(copy: Path, path: Path) -> None:
    if sys.platform == "win32":
        copy.rename(path)  # Windows never renames over a file
        return
    try:
        path.hardlink_to(copy)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _publish_over_placeholder(copy, path)


def _publish_over_placeholder(copy: Path, path: Path) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        copy.replace(path)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
