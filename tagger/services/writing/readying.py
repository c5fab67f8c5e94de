"""One photo on its way through a run: planned, and verified.

Helpers load this module, so it needs little.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import PhotoError
from tagger.core.rating import normal_rating
from tagger.files import read_stamp
from tagger.services.writing.placing import verify_change
from tagger.services.writing.planning import keywords_of, plan_photo

if TYPE_CHECKING:
    from tagger.core.rating import RatingChange
    from tagger.core.writes import FileChange, PendingWrite
    from tagger.metadata import FileMetadata
    from tagger.services.writing.merging import Merge
    from tagger.services.writing.planning import Way


@dataclass(frozen=True)
class Planned:
    """What is to be done to one photo, small enough to be sent from process to process.

    Attributes:
        changes: its files as they were and as they will be.
        merge: what becomes of its keywords.
        held: what it held before.
        keywords, in_file: what its files hold once they are written; `in_file` stars and label.
        names: of the files beside it that may concern it.
        rating: the change of stars and label.
        rating_conflict, conflict: sentences where another program decided otherwise, else None.
        is_as_scanned: nobody changed the photo itself since the last scan.
        has_new_id: its content id will be another one.
    """

    changes: tuple[FileChange, ...]
    merge: Merge
    held: FileMetadata
    keywords: tuple[str, ...]
    in_file: RatingChange
    names: tuple[str, ...]
    rating: RatingChange
    rating_conflict: str | None
    conflict: str | None
    is_as_scanned: bool
    has_new_id: bool


@dataclass(frozen=True)
class Ready:
    """A photo with its plan, or why it can't be written."""

    pending: PendingWrite
    plan: Planned | None = None
    error: PhotoError | None = None

    @property
    def changes(self) -> tuple[FileChange, ...]:
        """The files that change."""
        return () if self.plan is None else self.plan.changes


def prepare_photo(pending: PendingWrite, way: Way) -> Planned | PhotoError:
    """Plan one photo; nothing is placed that was not verified here."""
    is_as_scanned = _is_as_scanned(pending)
    try:
        plan = plan_photo(pending, way)
        verified = [verify_change(edit) for edit in plan.edits]
    except PhotoError as error:
        return error
    held = plan.files.held_with({change.path: said for change, said in verified})
    is_in_file = any(edit.path == pending.path for edit in plan.edits)
    return Planned(
        changes=tuple(change for change, _ in verified),
        merge=plan.merge,
        held=plan.files.held,
        keywords=keywords_of(held),
        in_file=normal_rating(held.rating, held.label),
        names=tuple(plan.files.names),
        rating=plan.rating,
        rating_conflict=plan.rating_conflict,
        conflict=plan.conflict,
        is_as_scanned=is_as_scanned,
        # Of these formats the content id is a hash of the whole file.
        has_new_id=is_in_file and plan.files.is_hidden_by_sidecars,
    )


def _is_as_scanned(pending: PendingWrite) -> bool:
    try:
        return read_stamp(pending.path) == pending.stamp
    except OSError:
        return False
