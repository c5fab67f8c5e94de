"""From a search back to a text that means the same: for chips, saved searches and messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagger.core.query import (
    And,
    ByCamera,
    Comparison,
    FileMatches,
    HasScore,
    HasState,
    HasTag,
    InFolder,
    InShoot,
    Is,
    Not,
    Or,
    Posted,
    Rated,
    SimilarTo,
    TakenBetween,
    TakenDuring,
    Untagged,
    Word,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tagger.core.query import Query

_PLAIN = re.compile(r"[\w./*?-]+")


def format_query(query: Query) -> str:
    """A text that `parse_query` reads as this very search, given the same classes."""
    return _FORMATS[type(query)](query)


def _format_and(query: And) -> str:
    return " AND ".join(_bracket(part, Or) for part in query.parts)


def _format_or(query: Or) -> str:
    return " OR ".join(_bracket(part, And) for part in query.parts)


def _format_not(query: Not) -> str:
    if query.part == Posted():
        return "posted:never"
    return f"NOT {_bracket(query.part, And, Or)}"


def _bracket(part: Query, *kinds: type) -> str:
    text = format_query(part)
    return f"({text})" if isinstance(part, kinds) else text


def _format_score(query: HasScore) -> str:
    return f"score({_quote(query.name)}):{_format_comparison(query.comparison)}{query.value!r}"


def _format_state(query: HasState) -> str:
    name = "" if query.name is None else f"({_quote(query.name)})"
    return f"state{name}:{query.state}"


def _format_taken(query: TakenBetween) -> str:
    first = "" if query.first is None else query.first.isoformat()
    last = "" if query.last is None else query.last.isoformat()
    return f"taken:{first}" if first == last else f"taken:{first}..{last}"


def _format_during(query: TakenDuring) -> str:
    first, last = _format_moment(query.first, 0), _format_moment(query.last, 59)
    return f"taken:{first}" if first == last else f"taken:{first}..{last}"


def _format_moment(moment: datetime | None, end: int) -> str:
    """As short as it means the same: hours and minutes stand for all of their seconds."""
    if moment is None:
        return ""
    if moment.second != end:
        return moment.isoformat(timespec="seconds")
    return moment.isoformat(timespec="minutes" if moment.minute != end else "hours")


def _format_posted(query: Posted) -> str:
    return "posted:ever" if query.within_days is None else f"posted:<{query.within_days}d"


def _format_comparison(comparison: Comparison) -> str:
    return "" if comparison is Comparison.EQUAL else comparison


def _quote(text: str, *, always: bool = False) -> str:
    if _PLAIN.fullmatch(text) and not always:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_FORMATS: dict[type, Callable[..., str]] = {
    And: _format_and,
    Or: _format_or,
    Not: _format_not,
    HasTag: lambda query: f"tag:{_quote(query.name)}",
    HasScore: _format_score,
    HasState: _format_state,
    Untagged: lambda _query: "untagged",
    Word: lambda query: _quote(query.text, always=True),
    Rated: lambda query: f"rating:{_format_comparison(query.comparison)}{query.stars}",
    TakenBetween: _format_taken,
    TakenDuring: _format_during,
    InFolder: lambda query: f"folder:{_quote(query.text)}",
    InShoot: lambda query: f"shoot:{_quote(query.text)}",
    ByCamera: lambda query: f"camera:{_quote(query.text)}",
    Posted: _format_posted,
    FileMatches: lambda query: f"file:{_quote(query.pattern)}",
    Is: lambda query: f"is:{query.flag}",
    SimilarTo: lambda query: f"similar:{_quote(query.reference)}",
}
