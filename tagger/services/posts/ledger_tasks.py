"""What a window asks of the ledger, sent to the process that works behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.services.posts.ledger import (
    Place,
    ShownPhoto,
    import_folder,
    import_table,
    list_shown,
    note_posts,
    usual_place,
    warn_of_repeats,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import PhotoId
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace


@dataclass(frozen=True)
class LedgerPage:
    """The ledger as it stands now.

    Attributes:
        shown: its lines, the newest first.
        usual: where the next photos will most likely be posted.
        unmatched: of an import, the names for which no photo was found.
    """

    shown: tuple[ShownPhoto, ...]
    usual: Place
    unmatched: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotePlan:
    """What there is to know before photos are noted: those posted before, one sentence each."""

    photos: tuple[PhotoId, ...]
    repeats: tuple[str, ...]
    usual: Place


def read_page(workspace: Workspace, cancel: CancelToken, report: Report) -> LedgerPage:
    """The whole ledger."""
    del cancel, report  # a moment
    return _read(workspace)


def plan_note(
    workspace: Workspace, cancel: CancelToken, report: Report, *, photos: Sequence[PhotoId]
) -> NotePlan:
    """Whether these photos were posted before."""
    del cancel, report
    repeats = tuple(warn_of_repeats(workspace, photos))
    return NotePlan(tuple(photos), repeats, usual_place(workspace))


def note_photos(
    workspace: Workspace,
    cancel: CancelToken,
    report: Report,
    *,
    photos: Sequence[PhotoId],
    place: Place,
) -> LedgerPage:
    """Note that these photos were posted."""
    del cancel, report
    note_posts(workspace, photos, place)
    return _read(workspace)


def remove_lines(
    workspace: Workspace, cancel: CancelToken, report: Report, *, shown: Sequence[ShownPhoto]
) -> LedgerPage:
    """Take lines out that were noted by mistake."""
    del cancel, report
    workspace.library.remove_posts([one.post for one in shown])
    return _read(workspace)


def import_past(
    workspace: Workspace, cancel: CancelToken, report: Report, *, source: Path, usual: Place
) -> LedgerPage:
    """Note past posts, from a table or from a folder of exported pictures."""
    run = import_folder if source.is_dir() else import_table
    result = run(workspace, source, usual, cancel, report)
    return _read(workspace, result.unmatched)


def _read(workspace: Workspace, unmatched: Sequence[str] = ()) -> LedgerPage:
    return LedgerPage(tuple(list_shown(workspace)), usual_place(workspace), tuple(unmatched))
