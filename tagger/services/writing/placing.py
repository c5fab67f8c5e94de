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

    from tagger.core.photo import Stamp
    from tagger.metadata import CarrierEdit
    from tagger.metadata.facts import Facts


def describe_change(edit: CarrierEdit) -> FileChange:
    """What the journal keeps of an edit, which is verified here.

    Raises:
        MetadataRefusedError: the new bytes would harm something that is not ours.
    """
    return verify_change(edit)[0]


def verify_change(edit: CarrierEdit) -> tuple[FileChange, Facts]:
    """The same, and what the new file says."""
    said = edit.verify(edit.after)
    before = b"" if edit.before is None else edit.before
    change = FileChange(
        path=edit.path,
        before_digest=None if edit.before is None else digest_of(before),
        after_digest=digest_of(edit.after),
        delta=make_delta(before, edit.after),
    )
    return change, said


def place_edit(
    edit: CarrierEdit, wait: Callable[[float], object] = time.sleep, *, syncs_folder: bool = True
) -> None:
    """Make or replace the file; it is the old one or the new one at any moment.

    The edit was verified before. `syncs_folder` as in `replace_file`.

    Raises:
        PhotoChangedError: another program changed it since it was read.
        WriteFailedError: the system refused.
    """
    if edit.before is None:
        create_file(edit.path, edit.after, syncs_folder=syncs_folder)
    else:
        replace_content(edit.path, edit.before, edit.after, wait, syncs_folder=syncs_folder)


def replace_content(
    path: Path,
    before: bytes,
    after: bytes,
    wait: Callable[[float], object] = time.sleep,
    *,
    syncs_folder: bool = True,
) -> None:
    """Replace a file that holds exactly `before`, after reading back what was written beside it.

    Raises:
        PhotoChangedError: it holds something else.
        WriteFailedError: the system refused.
    """
    stamp = _refuse_other(path, before)

    def verify(temporary: Path) -> None:
        if temporary.read_bytes() != after:
            raise MetadataRefusedError(
                "What was written is not what was planned. The file stays as it was."
            )

    replace_file(path, after, expected=stamp, verify=verify, wait=wait, syncs_folder=syncs_folder)


def _refuse_other(path: Path, content: bytes) -> Stamp:
    """The stamp of a file that holds exactly this."""
    try:
        stamp = read_stamp(path)
        current = path.read_bytes()
    except OSError as error:
        raise write_error_for(error) from error
    if current != content:
        raise PhotoChangedError("Another program changed this file just now; try again.")
    return stamp
