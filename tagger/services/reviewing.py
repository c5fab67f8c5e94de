"""A person's decisions: confirm, reject, replace, and take back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tagger.core.errors import WrongUseError
from tagger.core.tag import TagState, Verdict
from tagger.library import DecisionRequest
from tagger.services.settings import shown_tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.core.changes import Changes
    from tagger.core.tag import Tag
    from tagger.library import Library, PhotoRow

NONE_OF_THESE = "none"
"""What a person says of a photo that shows none of the classes."""


class Sign(StrEnum):
    """How a person marks a class on a photo."""

    CONFIRM = "+"
    REJECT = "-"
    REPLACE = "="


@dataclass(frozen=True)
class Mark:
    """One sign with one class: `+bouquet`."""

    sign: Sign
    class_name: str

    def __str__(self) -> str:
        return f"{self.sign}{self.class_name}"


def parse_mark(text: str) -> Mark:
    """Read `+bouquet`, `-bride` or `=newlyweds`.

    Raises:
        WrongUseError: no sign or no class.
    """
    if len(text) < 2 or text[0] not in set(Sign):
        raise WrongUseError(f"“{text}” is no mark: write +class, -class or =class.")
    return Mark(Sign(text[0]), text[1:])


def mark_photos(library: Library, photos: Sequence[PhotoRow], marks: Sequence[Mark]) -> Changes:
    """Decide the same on every photo, as one step that can be undone.

    Raises:
        WrongUseError: a class does not exist; nothing was decided then.
    """
    tags = shown_tags(library)
    requests = [
        request
        for photo in photos
        for mark in marks
        for request in _requests(library, photo, mark, tags)
    ]
    return library.decide(requests, label=" ".join(str(mark) for mark in marks))


def _requests(
    library: Library, photo: PhotoRow, mark: Mark, tags: Sequence[Tag]
) -> list[DecisionRequest]:
    if mark == Mark(Sign.REPLACE, NONE_OF_THESE):
        return [DecisionRequest(photo.id, tag.id, Verdict.REJECTED) for tag in tags]
    tag = library.find_tag(mark.class_name)
    if mark.sign is Sign.CONFIRM:
        return [DecisionRequest(photo.id, tag.id, Verdict.CONFIRMED)]
    if mark.sign is Sign.REJECT:
        return [DecisionRequest(photo.id, tag.id, Verdict.REJECTED)]
    return _replace_with(library, photo, tag)


def _replace_with(library: Library, photo: PhotoRow, tag: Tag) -> list[DecisionRequest]:
    """The new tag as a correction; every other tag that stands on the photo is rejected."""
    others = [
        library.find_tag(standing.name)
        for standing in photo.tags
        if standing.state is not TagState.REJECTED and standing.name != tag.name
    ]
    verdict = Verdict.CORRECTED if others else Verdict.CONFIRMED
    return [
        *(DecisionRequest(photo.id, other.id, Verdict.REJECTED) for other in others),
        DecisionRequest(photo.id, tag.id, verdict),
    ]
