"""Parts of a search in words: for chips, filter rows and screen readers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale

from tagger.core.query import (
    ByCamera,
    Comparison,
    Flag,
    HasState,
    HasTag,
    InFolder,
    InShoot,
    Is,
    Not,
    Or,
    Rated,
    StateName,
    TakenBetween,
    TakenDuring,
    Untagged,
)
from tagger.gui.text import class_title, translate
from tagger.services.searching import format_query

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tagger.core.query import Query


def query_title(part: Query) -> str:
    """What a person reads; what has no words of its own is shown as it is typed."""
    describe = _TITLES.get(type(part))
    return format_query(part) if describe is None else describe(part)


def rating_stars(clause: Rated) -> str:
    """A rating as stars, for where there is little room."""
    if clause.stars <= 0:
        return query_title(clause)
    stars = "★" * clause.stars
    if clause.comparison is Comparison.AT_LEAST:
        return translate("{stars} or more").format(stars=stars)
    return stars


def _describe_rating(clause: Rated) -> str:
    texts = {
        (Comparison.EQUAL, 5): translate("5 stars"),
        (Comparison.EQUAL, 0): translate("No stars"),
        (Comparison.EQUAL, -1): translate("Rejected"),
        (Comparison.AT_LEAST, 1): translate("1 star or more"),
    }
    known = texts.get((clause.comparison, clause.stars))
    if known is not None:
        return known
    if clause.comparison is Comparison.AT_LEAST:
        return translate("{count} stars or more").format(count=clause.stars)
    return format_query(clause)


def _describe_state(clause: HasState) -> str:
    words = {
        StateName.UNSURE: translate("Not sure"),
        StateName.PREDICTED: translate("Predicted"),
        StateName.CONFIRMED: translate("Confirmed"),
        StateName.CORRECTED: translate("Corrected"),
        StateName.REJECTED: translate("Rejected"),
    }
    word = words[clause.state]
    return word if clause.name is None else f"{class_title(clause.name)}: {word}"


def _describe_flag(clause: Is) -> str:
    words = {
        Flag.OFFLINE: translate("Drive is away"),
        Flag.FAILED: translate("With problems"),
        Flag.CONFLICT: translate("Changed elsewhere too"),
        Flag.PENDING: translate("Waits for writing"),
        Flag.WRITTEN: translate("Written"),
        Flag.RAW: translate("RAW"),
        Flag.MISSING: translate("File is gone"),
        Flag.DOUBTFUL: translate("Likely wrong"),
    }
    return words[clause.flag]


def _describe_span(clause: TakenBetween) -> str:
    first, last = clause.first, clause.last
    if first is None or last is None:
        return format_query(clause)
    start, after = _to_qt(first), _to_qt(last).addDays(1)
    if (first.month, first.day) == (1, 1) and (after.month(), after.day()) == (1, 1):
        texts = [str(first.year), str(last.year)]
    else:
        is_whole = first.day == 1 and after.day() == 1
        form = "MMMM yyyy" if is_whole else "d MMMM yyyy"
        texts = [QLocale().toString(day, form) for day in (start, after.addDays(-1))]
    return " – ".join(dict.fromkeys(texts))  # noqa: RUF001  the dash of a span


def _describe_during(clause: TakenDuring) -> str:
    """With the minute after the last, as people say from and to."""
    first, last = clause.first, clause.last
    if first is None or last is None or (last - first).days:
        return format_query(clause)
    after = f"{last + timedelta(seconds=1):%H:%M}"
    day = QLocale().toString(_to_qt(first), "d MMMM yyyy")
    return f"{day}, {first:%H:%M} – {after}"  # noqa: RUF001  the dash of a span


def _to_qt(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def _describe_not(clause: Not) -> str:
    return translate("not {condition}").format(condition=query_title(clause.part))


def _describe_or(clause: Or) -> str:
    return f" {translate('or')} ".join(query_title(choice) for choice in clause.parts)


_TITLES: dict[type, Callable[..., str]] = {
    HasTag: lambda clause: class_title(clause.name),
    Not: _describe_not,
    Or: _describe_or,
    InShoot: lambda clause: clause.text,
    InFolder: lambda clause: clause.text.rstrip("/").rpartition("/")[2],
    ByCamera: lambda clause: clause.text,
    Rated: _describe_rating,
    HasState: _describe_state,
    Untagged: lambda _: translate("Without tags"),
    Is: _describe_flag,
    TakenBetween: _describe_span,
    TakenDuring: _describe_during,
}
