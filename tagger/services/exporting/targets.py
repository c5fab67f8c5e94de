"""Where pictures go: into a folder, or into one ZIP file."""

from __future__ import annotations

import errno
import zipfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tagger.core.errors import WriteFailedError
from tagger.files import create_numbered_file, find_equal_file, stream_numbered_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.files import StreamedFile
    from tagger.services.exporting.request import ExportRequest, ExportResult

# What file systems say of a name alone; another name may do.
_NAME_REFUSED = frozenset({errno.EINVAL, errno.EILSEQ, errno.ENAMETOOLONG})


class _EmptyZipError(Exception):
    """Lets go of a ZIP without a picture."""


class Target(Protocol):
    """Takes finished files one by one."""

    def put(self, name: str, content: bytes, spare: str) -> str:
        """Keep a file and return the name it got.

        `spare` is a plain name, used where the system refuses the first.

        Raises:
            WriteFailedError: the system refused.
        """


class FolderTarget:
    """Files in a folder; nothing there is ever replaced, and equal files are not made twice."""

    def __init__(self, folder: Path, result: ExportResult) -> None:
        self._folder = folder
        self._result = result

    def put(self, name: str, content: bytes, spare: str) -> str:
        """As `Target.put`."""
        try:
            return self._keep(name, content)
        except WriteFailedError as error:
            if not _is_about_the_name(error):
                raise
            return self._keep(spare, content)

    def _keep(self, name: str, content: bytes) -> str:
        path = self._folder / name
        equal = find_equal_file(path, content)
        if equal is not None:
            self._result.skipped.append(equal)
            return equal.name
        made = create_numbered_file(path, content)
        self._result.written.append(made)
        return made.name


class ZipTarget:
    """Files in a ZIP, not compressed again, with a fixed date: equal files give equal bytes."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._taken: set[str] = set()

    def put(self, name: str, content: bytes, spare: str) -> str:  # noqa: ARG002  any name will do
        """As `Target.put`."""
        name = self._free(Path(name))
        self._archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
        return name

    def _free(self, path: Path) -> str:
        number = 1
        name = path.name
        while name.casefold() in self._taken:
            number += 1
            name = f"{path.stem} ({number}){path.suffix}"
        self._taken.add(name.casefold())
        return name


@contextmanager
def open_target(request: ExportRequest, result: ExportResult) -> Iterator[Target]:
    """Where the pictures of a request go.

    A ZIP appears when the block ends well and there is a picture in it, or not at all.

    Raises:
        WriteFailedError: the system refused.
    """
    if not request.is_zip:
        yield FolderTarget(request.folder, result)
        return
    with suppress(_EmptyZipError), stream_numbered_file(request.zip_path) as streamed:
        yield from _zip_into(streamed)
        if not result.pictures:
            raise _EmptyZipError
    if streamed.path is not None:
        result.written.append(streamed.path)


def _zip_into(streamed: StreamedFile) -> Iterator[Target]:
    with zipfile.ZipFile(streamed.file, "w", zipfile.ZIP_STORED) as archive:
        yield ZipTarget(archive)


def is_beyond_one_file(error: WriteFailedError) -> bool:
    """Whether no other file could be written either: the disk is full, locked or gone."""
    return isinstance(error.__cause__, OSError) and not _is_about_the_name(error)


def _is_about_the_name(error: WriteFailedError) -> bool:
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno in _NAME_REFUSED
