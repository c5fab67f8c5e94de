"""Taking away a file that this program made, as long as it is what this program made of it."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from tagger.core.errors import PhotoChangedError
from tagger.files.names import temporary_name
from tagger.files.sentences import write_error_for
from tagger.files.temporary import sync_folder

if TYPE_CHECKING:
    from pathlib import Path


def remove_file(path: Path, content: bytes) -> None:
    """Remove a file that holds exactly this.

    It leaves its name first and is looked at again then, so that nothing that another program
    writes at this moment is lost.

    Raises:
        PhotoChangedError: it holds something else; it stays.
        ReadOnlyError, DriveAwayError, WriteFailedError: the system refused; it stays.
    """
    aside = path.with_name(temporary_name())
    try:
        _refuse_other(path, content)
        path.rename(aside)
        try:
            _refuse_other(aside, content)
            aside.unlink()
        except BaseException:
            _put_back(aside, path)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise write_error_for(error) from error


def _refuse_other(path: Path, content: bytes) -> None:
    if path.read_bytes() != content:
        raise PhotoChangedError("Another program changed this file; it stays.")


def _put_back(aside: Path, path: Path) -> None:
    """Under its name again, unless somebody has made a new file of that name meanwhile."""
    with suppress(OSError):
        path.hardlink_to(aside)
        aside.unlink()
        return
    if not os.path.lexists(path):  # a drive without hard links
        with suppress(OSError):
            aside.rename(path)
