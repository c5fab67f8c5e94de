"""Putting planned bytes in the place of a file, and knowing afterwards what happened."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import MetadataRefusedError, PhotoChangedError, WriteFailedError
from tagger.core.writes import FileChange
from tagger.files import (
    NameTakenError,
    Patching,
    apply_delta,
    create_file,
    digest_of,
    digest_of_file,
    make_delta,
    open_copy,
    read_stamp,
    remove_file,
    replace_by,
    write_error_for,
)
from tagger.metadata.spliced import cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tagger.files import Copy
    from tagger.metadata import CarrierEdit
    from tagger.metadata.facts import Facts

_CHANGED = "Another program changed this file just now; try again."
_NOT_PLANNED = "What was written is not what was planned. The file stays as it was."


def describe_change(edit: CarrierEdit) -> FileChange:
    """What the journal keeps of an edit, which is verified here.

    Raises:
        MetadataRefusedError: the new bytes would harm something that is not ours.
    """
    return verify_change(edit)[0]


def verify_change(edit: CarrierEdit) -> tuple[FileChange, Facts]:
    """The same, and what the new file says."""
    said = edit.verify(edit.new)
    before = b"" if edit.before is None else edit.before
    head, tail = cut(edit.new)
    change = FileChange(
        path=edit.path,
        before_digest=None if edit.before is None else digest_of(before),
        after_digest=digest_of(head, tail),
        delta=make_delta(before[: len(before) - len(tail)], head),
    )
    return change, said


class HeldError(WriteFailedError):
    """Another program holds the file; who has patience may wait for it."""


def lose_patience(_: float) -> None:
    """Instead of waiting for a file that another program holds. Raises `HeldError`."""
    raise HeldError


@dataclass(frozen=True, slots=True)
class BegunChange:
    """The new file, beside the old one, and what is known of how it was made."""

    copy: Copy
    patching: Patching


def replaces(change: FileChange) -> bool:
    """Whether there is a file before and after."""
    return change.before_digest is not None and change.after_digest is not None


@contextmanager
def begin_change(change: FileChange) -> Iterator[BegunChange]:
    """Write the new state of a file beside it, so that the disk has it early.

    It is gone afterwards, unless `place_change` put it in its place. What is raised (`PhotoError`,
    `OSError`) need not be told to anybody: without it `place_change` begins by itself.
    """
    patching = Patching(change.path, change.delta)
    with open_copy(change.path, patching, read_stamp(change.path)) as copy:
        yield BegunChange(copy, patching)


def place_change(
    change: FileChange,
    wait: Callable[[float], object] = time.sleep,
    *,
    begun: BegunChange | None = None,
    syncs_folder: bool = True,
) -> None:
    """Make, replace or remove the file; it is the old one or the new one at any moment.

    What the change makes of it was verified before. A file that is already as it shall be stays:
    whoever was to write it may have died right after. `begun` is what `begin_change` gave, if it
    did; `wait`, `syncs_folder` as in `replace_file`.

    Raises:
        PhotoChangedError: another program changed it since it was read.
        WriteFailedError: the system refused.
    """
    if change.before_digest is None:
        _create(change, syncs_folder=syncs_folder)
        return
    if change.after_digest is None:
        _remove(change)
        return
    try:
        with nullcontext(begun) if begun else begin_change(change) as new:
            replace_by(
                new.copy,
                verify=lambda temporary: _verify_patched(change, new, temporary),
                wait=wait,
                syncs_folder=syncs_folder,
            )
    except PhotoChangedError:
        if digest_of(_read(change.path)) != change.after_digest:
            raise
    except OSError as error:
        raise write_error_for(error) from error


def _verify_patched(change: FileChange, begun: BegunChange, temporary: Path) -> None:
    if begun.patching.before_digest != change.before_digest:
        raise PhotoChangedError(_CHANGED)
    _verify(temporary, change.after_digest)


def _create(change: FileChange, *, syncs_folder: bool) -> None:
    after = apply_delta(b"", change.delta)
    if digest_of(after) != change.after_digest:
        raise MetadataRefusedError(_NOT_PLANNED)
    try:
        create_file(change.path, after, syncs_folder=syncs_folder)
    except NameTakenError:
        if _read(change.path) != after:
            raise


def _remove(change: FileChange) -> None:
    if os.path.lexists(change.path):
        content = _read(change.path)
        if digest_of(content) != change.before_digest:
            raise PhotoChangedError(_CHANGED)
        remove_file(change.path, content)


def _verify(temporary: Path, digest: str | None) -> None:
    if digest_of_file(temporary) != digest:
        raise MetadataRefusedError(_NOT_PLANNED)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise write_error_for(error) from error
