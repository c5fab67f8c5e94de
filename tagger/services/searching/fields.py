"""What comes after the colon: `rating:>=4`, `taken:2026-06..2026-08`, `is:failed`."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, TypeVar

from tagger.core.errors import QueryError
from tagger.core.query import (
    ByCamera,
    Comparison,
    FileMatches,
    Flag,
    HasScore,
    HasState,
    HasTag,
    InFolder,
    InShoot,
    Is,
    Not,
    Posted,
    Rated,
    SimilarTo,
    StateName,
    TakenBetween,
    TakenDuring,
    all_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import StrEnum

    from tagger.core.query import Query
    from tagger.services.searching.classes import ClassNames

    Name = TypeVar("Name", bound=StrEnum)

_COMPARED = re.compile(r"(>=|<=|>|<|=)?(.*)", re.DOTALL)
_DAYS = re.compile(r"([<>])(\d{1,6}) *d")
_MOMENT = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})T(\d{1,2})(?::(\d{2})(?::(\d{2}))?)?", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class Value:
    """The text after a colon.

    Attributes:
        position: of the text in the whole search, in characters from 0.
    """

    text: str
    position: int

    def refuse(self, sentence: str) -> QueryError:
        """The error that says what is wrong with it and where it stands."""
        return QueryError(f"{sentence} (character {self.position + 1}).", self.position)


def read_field(name: str, value: Value, classes: ClassNames) -> Query:
    """The clause of `name:value`.

    Raises:
        QueryError: there is no such field, or the value makes no sense for it.
    """
    if name == "tag":
        return HasTag(classes.require(value.text, value.position))
    read = _READERS.get(name)
    if read is None:
        position = value.position - len(name) - 1
        raise QueryError(
            f"There is no search for “{name}:” (character {position + 1}); there are "
            f"{', '.join(FIELDS)}. Put it in quotation marks to look for the text itself.",
            position,
        )
    if not value.text.strip():
        raise value.refuse(f"“{name}:” needs something after it")
    return read(value)


def read_scoped(name: str, class_name: str, value: Value) -> Query:
    """The clause of `score(class):value` or `state(class):value`.

    Raises:
        QueryError: the value makes no sense.
    """
    if name == "state":
        return HasState(_choose(StateName, value), class_name)
    comparison, number = _split_comparison(value)
    try:
        score = float(number)
    except ValueError:
        score = -1.0
    if not 0.0 <= score <= 1.0:
        raise value.refuse(f"A score goes from 0 to 1, as in score({class_name}):>0.8")
    return HasScore(class_name, comparison, score)


def _read_rating(value: Value) -> Query:
    comparison, number = _split_comparison(value)
    if not re.fullmatch(r"-1|[0-5]", number):
        raise value.refuse("A rating goes from 0 to 5, or -1 for rejected, as in rating:>=4")
    return Rated(comparison, int(number))


def _read_state(value: Value) -> Query:
    return HasState(_choose(StateName, value))


def _read_flag(value: Value) -> Query:
    return Is(_choose(Flag, value))


def _read_posted(value: Value) -> Query:
    """`>` means posted before, but not since: what may be shown again."""
    text = value.text.strip().casefold()
    if text in {"never", "ever"}:
        return Not(Posted()) if text == "never" else Posted()
    match = _DAYS.fullmatch(text)
    if match is None:
        raise value.refuse(
            f"“{value.text}” is none of never, ever, <180d (in the last 180 days) and >180d "
            "(not since)"
        )
    recently = Posted(int(match[2]))
    return recently if match[1] == "<" else all_of(Posted(), Not(recently))


def _read_taken(value: Value) -> Query:
    """A day, month or year, or two of them with `..` between; either side may be left out.

    A day may have an hour, a minute or a second: `2026-06-20T14..2026-06-20T16:30`.
    """
    first, dots, last = value.text.partition("..")
    if not dots:
        last = first
    if _MOMENT.fullmatch(first.strip()) or _MOMENT.fullmatch(last.strip()):
        return _read_during(first, last, value)
    days = TakenBetween(_read_day(first, value, 0), _read_day(last, value, -1))
    if days == TakenBetween(None, None):
        raise value.refuse("“taken:” needs a day, month or year, as in taken:2026-06..2026-08")
    if days.first is not None and days.last is not None and days.first > days.last:
        raise value.refuse(f"The second day of {value.text} comes before the first")
    return days


def _read_during(first: str, last: str, value: Value) -> TakenDuring:
    during = TakenDuring(_read_moment(first, value, 0), _read_moment(last, value, -1))
    if during.first is not None and during.last is not None and during.first > during.last:
        raise value.refuse(f"The second time of {value.text} comes before the first")
    return during


def _read_moment(text: str, value: Value, side: int) -> datetime | None:
    """The first (`side` 0) or last (-1) second of a day or a part of it; None for an open end."""
    match = _MOMENT.fullmatch(text.strip())
    day = _read_day(text if match is None else match[1], value, side)
    if day is None:
        return None
    parts = (None, None, None) if match is None else match.groups()[1:]
    ends = (0, 0, 0) if side == 0 else (23, 59, 59)
    hour, minute, second = (int(part or end) for part, end in zip(parts, ends, strict=True))
    try:
        return datetime.combine(day, time(hour, minute, second))
    except ValueError as error:
        raise value.refuse(f"“{text}” is no time such as 2026-06-20T14 or …T14:30") from error


def _read_day(text: str, value: Value, side: int) -> date | None:
    """The first (`side` 0) or last (-1) day of a day, month or year; None for an open end."""
    if not text.strip():
        return None
    match = _DAY.fullmatch(text.strip())
    day = None if match is None else _pick_day(match, side)
    if day is None:
        raise value.refuse(f"“{text}” is no date such as 2026, 2026-06 or 2026-06-20")
    return day


def _pick_day(match: re.Match[str], side: int) -> date | None:
    """None for a day that no calendar has."""
    try:
        year = int(match[1])
        month = int(match[2] or (1, 12)[side])
        return date(year, month, int(match[3] or (1, monthrange(year, month)[1])[side]))
    except ValueError:
        return None


def _split_comparison(value: Value) -> tuple[Comparison, str]:
    match = _COMPARED.fullmatch(value.text)
    assert match is not None  # every text matches
    return Comparison(match[1] or Comparison.EQUAL), match[2].strip()


def _choose(names: type[Name], value: Value) -> Name:
    try:
        return names(value.text.casefold())
    except ValueError as error:
        known = ", ".join(names)
        raise value.refuse(f"“{value.text}” is none of {known}") from error


_READERS: dict[str, Callable[[Value], Query]] = {
    "rating": _read_rating,
    "state": _read_state,
    "taken": _read_taken,
    "posted": _read_posted,
    "is": _read_flag,
    "folder": lambda value: InFolder(value.text),
    "shoot": lambda value: InShoot(value.text),
    "camera": lambda value: ByCamera(value.text),
    "file": lambda value: FileMatches(value.text),
    "similar": lambda value: SimilarTo(value.text),
}
SAVED = "saved"
"""The field that only a library can read."""

FIELDS = ("tag:", "score(class):", "state(class):", *(f"{name}:" for name in (*_READERS, SAVED)))
"""Every field, as people write it."""
