"""What a search text means: a tree of small values, free of grammar and of SQL.

`And` and `Or` hold two or more parts and never a part of their own kind; `all_of` and `any_of`
build them that way, so that equal searches are equal trees.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime


class Comparison(StrEnum):
    """How a number stands to the one in the search."""

    EQUAL = "="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


class StateName(StrEnum):
    """What `state:` can ask for. All but `UNSURE` are a `TagState`."""

    UNSURE = "unsure"
    """Nobody decided and the score is near the threshold."""
    PREDICTED = "predicted"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REJECTED = "rejected"


class Flag(StrEnum):
    """What `is:` can ask for."""

    OFFLINE = "offline"
    FAILED = "failed"
    CONFLICT = "conflict"
    """Another program changed the file in a way that can't be merged."""
    PENDING = "pending"
    WRITTEN = "written"
    RAW = "raw"
    MISSING = "missing"
    DOUBTFUL = "doubtful"
    """A decision on it looked wrong when somebody last let the program look."""


class Sort(StrEnum):
    """The order of found photos."""

    TAKEN = "taken"
    """Earliest first; photos without a capture time last."""
    NAME = "name"
    """File name, without regard to case."""
    SCORE = "score"
    """Best first: the highest score among the classes that the search asks for."""
    ADDED = "added"
    """Newest in the library first."""


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more parts."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more parts."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but."""

    part: Query


@dataclass(frozen=True, slots=True)
class HasTag:
    """The photo has the tag: predicted, confirmed or corrected. `name` as in `Tag.name`."""

    name: str


@dataclass(frozen=True, slots=True)
class HasScore:
    """The model's score of one class, 0..1, compared with a number."""

    name: str
    comparison: Comparison
    value: float


@dataclass(frozen=True, slots=True)
class HasState:
    """A tag in this state: the named one, or any when `name` is None."""

    state: StateName
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Untagged:
    """No tag at all, whether or not the model has seen the photo."""


@dataclass(frozen=True, slots=True)
class Word:
    """A part of the file name, of a folder's name or of a keyword, without regard to case."""

    text: str


@dataclass(frozen=True, slots=True)
class Rated:
    """The rating, -1 (rejected) to 5; a photo without a rating counts as 0, as in Lightroom."""

    comparison: Comparison
    stars: int


@dataclass(frozen=True, slots=True)
class TakenBetween:
    """Taken from the first day to the last, both included; None is an open end."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class TakenDuring:
    """Taken from the first second to the last, both included, by the camera's clock.

    None is an open end.
    """

    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class InFolder:
    """In a folder whose path has this part, `2026/Ana & Luis`, or below it. `*` and `?` match."""

    text: str


@dataclass(frozen=True, slots=True)
class InShoot:
    """In the shoot of this name, else in those with this in their name.

    `*` and `?` match; then the whole name counts.
    """

    text: str


@dataclass(frozen=True, slots=True)
class ByCamera:
    """Taken with the camera of this name, else with those that have this in their name.

    `*` and `?` match; then the whole name counts.
    """

    text: str


@dataclass(frozen=True, slots=True)
class FileMatches:
    """The file name fits a pattern with `*` and `?`: `*.cr3`."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Is:
    """A state of the file rather than of a tag."""

    flag: Flag


@dataclass(frozen=True, slots=True)
class Posted:
    """Shown in a post in the last so many days, today included; None for at any time."""

    within_days: int | None = None


@dataclass(frozen=True, slots=True)
class SimilarTo:
    """Looks like this photo: its number in the library or its path."""

    reference: str


Query: TypeAlias = (
    And
    | Or
    | Not
    | HasTag
    | HasScore
    | HasState
    | Untagged
    | Word
    | Rated
    | TakenBetween
    | TakenDuring
    | InFolder
    | InShoot
    | ByCamera
    | FileMatches
    | Is
    | Posted
    | SimilarTo
)


def all_of(*parts: Query) -> Query:
    """One part as it is, several as `And` without an `And` directly inside."""
    flat = tuple(
        leaf for part in parts for leaf in (part.parts if isinstance(part, And) else (part,))
    )
    return flat[0] if len(flat) == 1 else And(flat)


def any_of(*parts: Query) -> Query:
    """One part as it is, several as `Or` without an `Or` directly inside."""
    flat = tuple(
        leaf for part in parts for leaf in (part.parts if isinstance(part, Or) else (part,))
    )
    return flat[0] if len(flat) == 1 else Or(flat)


def walk_query(query: Query) -> Iterator[tuple[Query, int]]:
    """Every node with its depth, the root at 1. Not recursive: safe at any depth."""
    waiting: list[tuple[Query, int]] = [(query, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        if isinstance(node, And | Or):
            waiting.extend((part, depth + 1) for part in node.parts)
        elif isinstance(node, Not):
            waiting.append((node.part, depth + 1))


def positive_classes(query: Query | None) -> tuple[str, ...]:
    """The classes that a search asks for, not those it rules out: what sorting by score means."""
    found: dict[str, None] = {}
    waiting: list[tuple[Query, bool]] = [] if query is None else [(query, True)]
    while waiting:
        node, wanted = waiting.pop()
        if isinstance(node, And | Or):
            waiting.extend((part, wanted) for part in reversed(node.parts))
        elif isinstance(node, Not):
            waiting.append((node.part, not wanted))
        elif wanted and isinstance(node, HasTag | HasScore | HasState) and node.name is not None:
            found[node.name] = None
    return tuple(found)
