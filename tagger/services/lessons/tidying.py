"""Classes and decisions put in order: a class from examples, two made one, doubts settled."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tagger.core.errors import WrongUseError
from tagger.core.tag import TagState, Verdict
from tagger.library import DecisionRequest
from tagger.services.finding import find_named
from tagger.services.models.new_classes import NewClass, add_class
from tagger.services.tag_doubts import keep_tags, review_tags

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.core.changes import Changes
    from tagger.core.ids import PhotoId
    from tagger.library import Library
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace


class Settlement(StrEnum):
    """What a person says of a decision that is likely wrong."""

    KEEP = "keep"
    RELABEL = "relabel"
    LEAVE_OUT = "leave out"


@dataclass(frozen=True)
class DoubtfulTag:
    """A decision that is likely wrong, judged by photos of other shoots.

    Attributes:
        has_tag: what was decided.
        doubt: 0..1, the probability that it is wrong.
    """

    photo_id: PhotoId
    path: Path
    name: str
    has_tag: bool
    doubt: float


@dataclass(frozen=True)
class Doubts:
    """All of them, the worst first.

    Attributes:
        judged: how many decisions were looked at.
        too_few: classes with too few decisions to say anything.
    """

    tags: tuple[DoubtfulTag, ...]
    judged: int
    too_few: tuple[str, ...]


def add_class_from(
    workspace: Workspace,
    cancel: CancelToken,
    report: Report,
    *,
    name: str,
    photo_ids: Sequence[PhotoId],
) -> NewClass:
    """A new class from these photos, in use at once; the photos become confirmed decisions.

    Raises:
        CancelledError, ModelError, WrongUseError: see `add_class`; nothing was changed.
    """
    paths = [row.path for row in workspace.library.photo_rows(photo_ids)]
    if not paths:
        raise WrongUseError("Select photos that show the new class first, ten if you can.")
    return add_class(workspace, name, paths, cancel, report)


def merge_classes(library: Library, name: str, into: str) -> Changes:
    """What people said has one class has the other one instead, as one step that undo takes back.

    What a classifier says of the first one stays until the next lesson, which learns nothing more
    of it.

    Raises:
        WrongUseError: there is no such class, both are one, or nobody decided on the first.
    """
    old, new = library.find_tag(name), library.find_tag(into)
    if old.id == new.id:
        raise WrongUseError("Choose two different classes to merge.")
    decided = library.decided_photos(has_copied=True)  # a file that is gone may come back
    photos = [photo for photo in decided if photo.has_tag.get(old.name)]
    if not photos:
        raise WrongUseError(f"Nobody has confirmed “{old.name}” on any photo yet.")
    verdicts = {old.id: Verdict.REJECTED, new.id: Verdict.CONFIRMED}
    requests = [
        DecisionRequest(photo.id, tag_id, verdict)
        for photo in photos
        for tag_id, verdict in verdicts.items()
    ]
    return library.decide(requests, label=f"-{old.name} +{new.name}")


def find_doubtful(workspace: Workspace, cancel: CancelToken, _: Report) -> Doubts:
    """Judge every decision by photos of other shoots.

    Raises:
        CancelledError: somebody asked for a stop.
        LibraryError: the library can't be read.
    """
    review = review_tags(workspace)
    cancel.raise_if_cancelled()
    tags = [
        DoubtfulTag(
            workspace.library.find_photo(one.path).id,
            one.path,
            one.label,
            has_tag=one.likely is None,
            doubt=one.doubt,
        )
        for one in review.suspects
    ]
    return Doubts(tuple(tags), review.judged, review.too_few)


def settle_decision(workspace: Workspace, path: Path, name: str, how: Settlement) -> None:
    """The same for a photo and a class that somebody names.

    Raises:
        WrongUseError: nobody has decided on this class of this photo, or one of them is unknown.
        LibraryError: it can't be stored.
    """
    row = find_named(workspace.library, path)
    found = workspace.library.find_tag(name)
    states = {tag.name: tag.state for tag in row.tags}
    state = states.get(found.name, TagState.PREDICTED)
    if state is TagState.PREDICTED:
        raise WrongUseError(f"Nobody has decided on “{found.name}” of {path} yet.")
    has_tag = state is not TagState.REJECTED
    settle_doubt(workspace, DoubtfulTag(row.id, row.path, found.name, has_tag, 0.0), how)


def settle_doubt(workspace: Workspace, tag: DoubtfulTag, how: Settlement) -> None:
    """Keep a decision, turn it round, or take it back so that nothing learns from it.

    A kept one is not listed again; the others are steps that undo takes back.

    Raises:
        WrongUseError: the photo or the class is not in the library any more.
        LibraryError: it can't be stored.
    """
    if how is Settlement.KEEP:
        keep_tags(workspace, [tag.path], tag.name)
        return
    found = workspace.library.find_tag(tag.name)
    turned = Verdict.REJECTED if tag.has_tag else Verdict.CONFIRMED
    verdict = turned if how is Settlement.RELABEL else None
    label = f"{'-' if verdict is Verdict.REJECTED else '+'}{found.name}" if verdict else how.value
    workspace.library.decide([DecisionRequest(tag.photo_id, found.id, verdict)], label=label)
