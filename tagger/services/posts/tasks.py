"""What a window asks for: building and swapping, sent to the process that works behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.services.posts.building import build_post, shape_of, swap_slot
from tagger.services.posts.draft import Draft, save_draft
from tagger.services.posts.ledger import note_posts, usual_place, warn_of_repeats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import PhotoId
    from tagger.services.posts.ledger import Place
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace


@dataclass(frozen=True)
class BuiltPost:
    """A post as it is kept now.

    Attributes:
        preset: the shape that the first slide sets.
        repeats: a sentence for each photo that was posted before.
        usual: where it will most likely be posted.
    """

    draft: Draft
    preset: str
    repeats: tuple[str, ...]
    usual: Place


def build_and_keep(
    workspace: Workspace, cancel: CancelToken, report: Report, *, draft: Draft
) -> BuiltPost:
    """Fill the slots that are not locked, and keep the post; see `build_post`."""
    del cancel, report  # a second at most
    return keep(workspace, build_post(workspace, draft))


def swap_and_keep(
    workspace: Workspace, cancel: CancelToken, report: Report, *, draft: Draft, place: int
) -> BuiltPost:
    """The next best photo in one slot; see `swap_slot`."""
    del cancel, report
    return keep(workspace, swap_slot(workspace, draft, place))


def keep_as_it_is(
    workspace: Workspace, cancel: CancelToken, report: Report, *, draft: Draft
) -> BuiltPost:
    """Keep a post that a person put into another order, or locked."""
    del cancel, report
    return keep(workspace, draft)


def note_and_keep(
    workspace: Workspace,
    cancel: CancelToken,
    report: Report,
    *,
    draft: Draft,
    photos: Sequence[PhotoId],
    place: Place,
) -> BuiltPost:
    """Note photos of a post in the ledger, as they were when a person said so."""
    del cancel, report
    note_posts(workspace, photos, place)
    return keep(workspace, draft)


def keep(workspace: Workspace, draft: Draft) -> BuiltPost:
    """Keep a post, and say what there is to know of it."""
    save_draft(workspace.library, draft)
    repeats = tuple(warn_of_repeats(workspace, draft.photo_ids))
    return BuiltPost(draft, shape_of(workspace, draft), repeats, usual_place(workspace))
