"""Classes, what the model says of a photo and what a person decided."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagger.core.ids import TagId


class Verdict(StrEnum):
    """A person's decision on one tag of one photo. The model never overrides it."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    """Put there by a person in place of another tag."""
    REJECTED = "rejected"


class TagState(StrEnum):
    """How a tag stands on a photo. Only `PREDICTED` follows the model."""

    PREDICTED = "predicted"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REJECTED = "rejected"


class Source(StrEnum):
    """Who decided."""

    USER = "user"
    FILE = "file"
    """Somebody put the keyword into the photo with another program."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A class that photos can have.

    Attributes:
        name: as in folders, JSON and queries: `reception_room`. Compared by `class_key`.
        keyword_path: from general to special, as written to metadata:
            `("Wedding", "Reception Room")`.
        threshold: score in 0..1 from which the model's prediction counts as a tag.
    """

    id: TagId
    name: str
    keyword_path: tuple[str, ...]
    threshold: float


@dataclass(frozen=True, slots=True)
class PhotoTag:
    """One tag on one photo. `score` in 0..1, None where no model scored it."""

    name: str
    score: float | None
    state: TagState
