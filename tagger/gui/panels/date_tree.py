"""Years, months and days with their counts; a click filters."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, Signal

from tagger.core.query import TakenBetween
from tagger.gui.panels.choice_list import standings_in
from tagger.gui.panels.filter_row import Standing, choice_of_keys
from tagger.gui.panels.fitting_tree import FittingTree, Line, query_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from PySide6.QtWidgets import QTreeWidgetItem, QWidget

    from tagger.core.query import Query
    from tagger.gui.appearance.look import Look


class DateTree(FittingTree):
    """When photos were taken. The days of a month are made when it is opened.

    Signals:
        chosen(Query, Choice): a year, month or day was picked.
    """

    chosen = Signal(object, object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Years, months and days"))
        self.setToolTip(
            self.tr("Click: only this. Ctrl or Shift: this one too. Alt: everything but this.")
        )
        self._days: Mapping[date, int] = {}
        self._query: Query | None = None
        self.itemExpanded.connect(self._on_expanded)
        self.picked.connect(self._on_picked)
        look.changed.connect(self.update)

    def show_counts(self, days: Mapping[date, int]) -> None:
        """Photos a day; nothing moves when they are the same, or while the tree is folded away."""
        if days != self._days:
            self._days = days
            self.fill_when_shown()

    def show_query(self, query: Query | None) -> None:
        """Mark the dates that the search asks for."""
        self._query = query
        if self.isVisible():
            self._mark(self.all_items())
        else:
            self.fill_when_shown()

    def fill(self) -> None:
        """Years and months, and the days of the months that are open."""
        months: dict[tuple[int, int], dict[date, int]] = {}
        for day, count in self._days.items():
            months.setdefault((day.year, day.month), {})[day] = count
        shown = {query_of(item) for item in self.all_items() if item.isExpanded()}
        by_year: dict[int, list[Line]] = {}
        for (year, month), days in sorted(months.items(), reverse=True):
            line = _describe_month(year, month, days, is_open=_span(year, month) in shown)
            by_year.setdefault(year, []).append(line)
        lines = [_describe_year(year, below) for year, below in by_year.items()]
        for item in self.show_lines(lines):
            parent = item.parent()
            if parent is None:
                item.setExpanded(len(lines) == 1)
            elif parent.parent() is None:
                item.setChildIndicatorPolicy(item.ChildIndicatorPolicy.ShowIndicator)
        self._mark(self.all_items())

    def _on_expanded(self, item: QTreeWidgetItem) -> None:
        """Make the days of a month."""
        span = query_of(item)
        parent = item.parent()
        if parent is None or parent.parent() is not None or not isinstance(span, TakenBetween):
            return
        first, last = span.first or date.min, span.last or date.max
        days = {day: count for day, count in self._days.items() if first <= day <= last}
        self._mark(self.show_lines(_describe_days(days), below=item))

    def _mark(self, items: Iterable[QTreeWidgetItem]) -> None:
        standings = standings_in(self._query)
        for item in items:
            span = query_of(item)
            standing = Standing.OUT if span is None else standings.get(span, Standing.OUT)
            if item.isSelected() != (standing is Standing.WANTED):
                item.setSelected(standing is Standing.WANTED)
            font = item.font(0)
            if font.strikeOut() != (standing is Standing.EXCLUDED):
                font.setStrikeOut(standing is Standing.EXCLUDED)
                item.setFont(0, font)

    def _on_picked(self, item: QTreeWidgetItem) -> None:
        self.chosen.emit(query_of(item), choice_of_keys())


def _span(year: int, month: int | None = None) -> TakenBetween:
    first, last = month or 1, month or 12
    return TakenBetween(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def _describe_year(year: int, months: Sequence[Line]) -> Line:
    count = sum(line.count for line in months)
    return Line(_span(year), str(year), count, children=tuple(months))


def _describe_month(year: int, month: int, days: Mapping[date, int], *, is_open: bool) -> Line:
    lines = _describe_days(days) if is_open else ()
    name = QLocale().standaloneMonthName(month)
    return Line(_span(year, month), name, sum(days.values()), children=lines)


def _describe_days(days: Mapping[date, int]) -> tuple[Line, ...]:
    return tuple(Line(TakenBetween(day, day), _name(day), days[day]) for day in days)


def _name(day: date) -> str:
    return QLocale().toString(QDate(day.year, day.month, day.day), "ddd d")
