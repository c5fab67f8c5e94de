"""One photo on its way through a run: planned and verified before, described after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import DriveAwayError, PhotoChangedError, PhotoError, ReadOnlyError
from tagger.core.photo import FileState
from tagger.files import read_stamp, stamp_sidecars
from tagger.images import read_content_id
from tagger.library import WrittenFile
from tagger.services.writing.placing import verify_change
from tagger.services.writing.planning import PhotoPlan, keywords_of, plan_photo

if TYPE_CHECKING:
    from tagger.core.ids import ContentId
    from tagger.library import FileChange, PendingWrite
    from tagger.services.writing.planning import Way


@dataclass(frozen=True)
class Ready:
    """A planned photo with what the journal keeps of it, or why it can't be written.

    Attributes:
        keywords: what its files hold once they are written.
    """

    pending: PendingWrite
    plan: PhotoPlan | None = None
    changes: tuple[FileChange, ...] = ()
    keywords: tuple[str, ...] = ()
    error: PhotoError | None = None


def prepare_photo(pending: PendingWrite, way: Way) -> Ready:
    """Plan one photo; nothing is placed that was not verified here."""
    try:
        plan = plan_photo(pending, way)
        verified = [verify_change(edit) for edit in plan.edits]
    except PhotoError as error:
        return Ready(pending, error=error)
    held = plan.files.held_with({change.path: said for change, said in verified})
    return Ready(pending, plan, tuple(change for change, _ in verified), keywords_of(held))


def describe_written(ready: Ready, plan: PhotoPlan) -> WrittenFile:
    """What stands in the library once the files are in place."""
    pending, path = plan.pending, plan.pending.path
    names = {*plan.files.names, *(edit.path.name for edit in plan.edits)}
    return WrittenFile(
        photo_id=pending.photo_id,
        # A rating in conflict keeps the photo waiting.
        tag_rev=pending.tag_rev - int(plan.rating_conflict is not None),
        stamp=read_stamp(path),
        content_id=_read_new_content(plan),
        keywords_before=keywords_of(plan.files.held),
        keywords=ready.keywords,
        ours=plan.merge.ours,
        rating=plan.rating,
        sidecars=stamp_sidecars(path, names),
    )


def _read_new_content(plan: PhotoPlan) -> ContentId | None:
    """Where the content id is that of the whole file, it is another one after writing."""
    path = plan.pending.path
    is_other = plan.files.is_hidden_by_sidecars and any(edit.path == path for edit in plan.edits)
    return read_content_id(path) if is_other else None


def state_after(error: PhotoError) -> FileState:
    """What a photo is in after this error."""
    if isinstance(error, PhotoChangedError):
        return FileState.CONFLICT
    if isinstance(error, ReadOnlyError):
        return FileState.READ_ONLY
    return FileState.OFFLINE if isinstance(error, DriveAwayError) else FileState.FAILED
