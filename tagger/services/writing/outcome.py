"""What became of one photo, in the words of the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.errors import DriveAwayError, PhotoChangedError, ReadOnlyError
from tagger.core.photo import FileState
from tagger.images import read_content_id
from tagger.library import WrittenFile
from tagger.services.writing.jobs import Placing
from tagger.services.writing.planning import keywords_of

if TYPE_CHECKING:
    from tagger.core.errors import PhotoError
    from tagger.services.writing.jobs import Placed
    from tagger.services.writing.readying import Planned, Ready


def order_for(ready: Ready, plan: Planned) -> Placing:
    """What is to be placed."""
    names = {*plan.names, *(change.path.name for change in plan.changes)}
    pending = ready.pending
    return Placing(pending.photo_id, pending.path, plan.changes, tuple(names), pending.stamp.size)


def describe_written(ready: Ready, plan: Planned, placed: Placed) -> WrittenFile:
    """What stands in the library once the files are in place.

    Raises:
        OSError: the photo is gone.
    """
    pending, is_as_scanned = ready.pending, plan.is_as_scanned
    return WrittenFile(
        photo_id=pending.photo_id,
        # A rating in conflict keeps the photo waiting.
        tag_rev=pending.tag_rev - int(plan.rating_conflict is not None),
        stamp=placed.stamp if is_as_scanned else pending.stamp,
        content_id=read_content_id(pending.path) if plan.has_new_id and is_as_scanned else None,
        keywords_before=keywords_of(plan.held),
        keywords=plan.keywords,
        ours=plan.merge.ours,
        rating=plan.rating,
        in_file=plan.in_file,
        sidecars=placed.sidecars,
    )


def state_after(error: PhotoError) -> FileState:
    """What a photo is in after this error."""
    if isinstance(error, PhotoChangedError):
        return FileState.CONFLICT
    if isinstance(error, ReadOnlyError):
        return FileState.READ_ONLY
    return FileState.OFFLINE if isinstance(error, DriveAwayError) else FileState.FAILED
