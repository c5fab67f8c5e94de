"""Years, months and days with their counts; a click filters."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QLocale, Qt, Signal

from tagger.core.query import TakenBetween
from tagger.gui.panels.choice_list import standings_in
from tagger.gui.panels.filter_row import Standing, choice_of_keys
from tagger.gui.panels.fitting_tree import FittingTree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QTreeWidgetItem, QWidget

    from tagger.core.query import Query
    from tagger.gui.appearance.look import Look

_QUERY = Qt.ItemDataRole.UserRole


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
        self._days: Mapping[date, int] | None = None
        self._query: Query | None = None
        self.itemExpanded.connect(self._add_days)
        self.picked.connect(self._on_picked)
        look.changed.connect(self.update)

    def show_counts(self, days: Mapping[date, int]) -> None:
        """Photos a day; nothing moves when they are the same."""
        if days != self._days:
            self._days = days
            self._rebuild()

    def show_query(self, query: Query | None) -> None:
        """Mark the dates that the search asks for."""
        self._query = query
        standings = standings_in(query)
        for item in self.all_items():
            standing = standings.get(item.data(0, _QUERY), Standing.OUT)
            item.setSelected(standing is Standing.WANTED)
            font = item.font(0)
            if font.strikeOut() != (standing is Standing.EXCLUDED):
                font.setStrikeOut(standing is Standing.EXCLUDED)
                item.setFont(0, font)

    def _rebuild(self) -> None:
        open_queries = {item.data(0, _QUERY) for item in self.all_items() if item.isExpanded()}
        self.clear()
        months = Counter[tuple[int, int]]()
        for day, count in (self._days or {}).items():
            months[day.year, day.month] += count
        years: dict[int, QTreeWidgetItem] = {}
        for year, month in sorted(months, reverse=True):
            if year not in years:
                total = sum(count for (other, _), count in months.items() if other == year)
                years[year] = self._add(None, str(year), total, _span(year))
            name = QLocale().standaloneMonthName(month)
            item = self._add(years[year], name, months[year, month], _span(year, month))
            item.setChildIndicatorPolicy(item.ChildIndicatorPolicy.ShowIndicator)
        for item in list(self.all_items()):
            is_only_year = item.parent() is None and len(years) == 1
            item.setExpanded(is_only_year or item.data(0, _QUERY) in open_queries)
        self.show_query(self._query)
        self.updateGeometry()

    def _add_days(self, item: QTreeWidgetItem) -> None:
        span = item.data(0, _QUERY)
        if item.parent() is None or item.childCount():
            return
        for day, count in (self._days or {}).items():
            if span.first <= day <= span.last:
                name = QLocale().toString(QDate(day.year, day.month, day.day), "ddd d")
                self._add(item, name, count, TakenBetween(day, day))
        self.show_query(self._query)

    def _add(
        self, parent: QTreeWidgetItem | None, name: str, count: int, span: TakenBetween
    ) -> QTreeWidgetItem:
        item = self.add_item(parent, name, count)
        item.setData(0, _QUERY, span)
        return item

    def _on_picked(self, item: QTreeWidgetItem) -> None:
        self.chosen.emit(item.data(0, _QUERY), choice_of_keys())


def _span(year: int, month: int | None = None) -> TakenBetween:
    first, last = month or 1, month or 12
    return TakenBetween(date(year, first, 1), date(year, last, monthrange(year, last)[1]))
