"""Making all programs show the same of a photo: one write, journalled like every other."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tagger.core.cancel import CancelToken
from tagger.library import PlannedPhoto
from tagger.metadata import plan_agreement
from tagger.services.exiftool import exiftool_in_use
from tagger.services.indexing import index_paths
from tagger.services.settings import profile_in_use
from tagger.services.writing.placing import describe_change, place_change
from tagger.services.writing.recovering import recover_writes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.library import FileChange, PhotoRow
    from tagger.metadata import CarrierEdit
    from tagger.services.workspace import Workspace


def preview_agreement(workspace: Workspace, path: Path) -> tuple[Path, ...]:
    """The files that would be written; none where all programs show the same already.

    Raises:
        PhotoError: the photo can't be read, or not be written without risk.
    """
    return tuple(edit.path for edit in _plan(workspace, path))


def agree(workspace: Workspace, path: Path) -> tuple[Path, ...]:
    """Write what is missing into every list, by the profile in use; returns the files written.

    Each gets what any of them holds; nothing is taken out. Undoing the run takes it back.

    Raises:
        WrongUseError: the photo is not in the library, so nothing could be taken back.
        PhotoError: it can't be read, or not be written without risk.
        LibraryError: another program works on this library.
    """
    row = workspace.library.find_photo(path)
    with workspace.working():
        recover_writes(workspace)
        edits = _plan(workspace, path)
        if edits:
            changes = tuple(describe_change(edit) for edit in edits)
            _store_journal(workspace, row, path, changes)
            try:
                for change in changes:
                    place_change(change)
            finally:
                recover_writes(workspace, {row.id})
                _look_again(workspace, row, [path, *(edit.path for edit in edits)])
    return tuple(edit.path for edit in edits)


def _plan(workspace: Workspace, path: Path) -> tuple[CarrierEdit, ...]:
    profile, now = profile_in_use(workspace.library), datetime.now().astimezone()
    with exiftool_in_use(workspace.library) as exiftool:
        return plan_agreement(path, now=now, profile=profile, exiftool=exiftool)


def _store_journal(
    workspace: Workspace, row: PhotoRow, path: Path, changes: tuple[FileChange, ...]
) -> None:
    """What is added was somebody's before, so nothing more becomes ours."""
    library = workspace.library
    photo = PlannedPhoto(row.id, path, changes, library.our_keywords(row.id))
    library.store_planned(library.begin_run(), [photo])


def _look_again(workspace: Workspace, row: PhotoRow, paths: Sequence[Path]) -> None:
    folder = next(one for one in workspace.library.folders() if one.id == row.folder_id)
    index_paths(workspace, folder, paths, CancelToken())
