"""Putting planned bytes in the place of a file, and knowing afterwards what happened."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tagger.core.errors import MetadataRefusedError, PhotoChangedError
from tagger.files import (
    create_file,
    digest_of,
    make_delta,
    read_stamp,
    replace_file,
    write_error_for,
)
from tagger.library import FileChange

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tagger.metadata import CarrierEdit

_NOTHING = b""


def describe_change(edit: CarrierEdit) -> FileChange:
    """What the journal keeps of an edit, checked to lead there and back.

    Raises:
        MetadataRefusedError: the new bytes would harm something that is not ours.
    """
    edit.verify(edit.after)
    before = _NOTHING if edit.before is None else edit.before
    return FileChange(
        path=edit.path,
        before_digest=None if edit.before is None else digest_of(before),
        after_digest=digest_of(edit.after),
        delta=make_delta(before, edit.after),
    )


def place_edit(edit: CarrierEdit, wait: Callable[[float], object] = time.sleep) -> None:
    """Make or replace the file; it is the old one or the new one at any moment.

    Raises:
        PhotoChangedError: another program changed it since it was read.
        WriteFailedError: the system refused.
    """
    if edit.before is None:
        create_file(edit.path, edit.after)
    else:
        replace_content(edit.path, edit.before, edit.after, wait)


def replace_content(
    path: Path, before: bytes, after: bytes, wait: Callable[[float], object] = time.sleep
) -> None:
    """Replace a file that holds exactly `before`, after reading back what was written beside it.

    Raises:
        PhotoChangedError: it holds something else.
        WriteFailedError: the system refused.
    """
    try:
        stamp = read_stamp(path)
        current = path.read_bytes()
    except OSError as error:
        raise write_error_for(error) from error
    if current != before:
        raise PhotoChangedError("Another program changed this file just now; try again.")
    del current

    def verify(temporary: Path) -> None:
        if temporary.read_bytes() != after:
            raise MetadataRefusedError(
                "What was written is not what was planned. The file stays as it was."
            )

    replace_file(path, after, expected=stamp, verify=verify, wait=wait)
