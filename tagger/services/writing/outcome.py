"""What became of one photo, in the words of the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.errors import DriveAwayError, PhotoChangedError, ReadOnlyError
from tagger.core.photo import FileState
from tagger.files import read_stamp, stamp_sidecars
from tagger.images import read_content_id
from tagger.library import WrittenFile
from tagger.services.writing.planning import keywords_of

if TYPE_CHECKING:
    from tagger.core.errors import PhotoError
    from tagger.services.writing.readying import Planned, Ready


def describe_written(ready: Ready, plan: Planned) -> WrittenFile:
    """What stands in the library once the files are in place."""
    pending, path = ready.pending, ready.pending.path
    names = {*plan.names, *(change.path.name for change in plan.changes)}
    return WrittenFile(
        photo_id=pending.photo_id,
        # A rating in conflict keeps the photo waiting.
        tag_rev=pending.tag_rev - int(plan.rating_conflict is not None),
        stamp=read_stamp(path) if plan.is_as_scanned else pending.stamp,
        content_id=read_content_id(path) if plan.has_new_id and plan.is_as_scanned else None,
        keywords_before=keywords_of(plan.held),
        keywords=plan.keywords,
        ours=plan.merge.ours,
        rating=plan.rating,
        in_file=plan.in_file,
        sidecars=stamp_sidecars(path, names),
    )


def state_after(error: PhotoError) -> FileState:
    """What a photo is in after this error."""
    if isinstance(error, PhotoChangedError):
        return FileState.CONFLICT
    if isinstance(error, ReadOnlyError):
        return FileState.READ_ONLY
    return FileState.OFFLINE if isinstance(error, DriveAwayError) else FileState.FAILED
