"""Choices below each other, with their counts; a click filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tagger.core.query import Not, Or
from tagger.gui.panels.filter_row import FilterRow, Standing, choice_of_keys
from tagger.services.facets import query_parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagger.core.query import Query
    from tagger.gui.appearance.look import Look


class ChoiceList(QWidget):
    """All choices of one kind.

    Signals:
        chosen(Query, Choice): a choice was clicked.
    """

    chosen = Signal(object, object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._rows: list[FilterRow] = []
        self._counts: Mapping[Query, int] | None = None
        self._query: Query | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(6, 0, 6, 0)
        self._layout.setSpacing(0)
        look.changed.connect(self.update)

    @property
    def rows(self) -> Sequence[FilterRow]:
        """The lines, in order."""
        return self._rows

    def show_choices(self, choices: Sequence[tuple[Query, str]]) -> None:
        """Choices with their names; those that stay keep their lines, and a click on them."""
        if [(row.query, row.text()) for row in self._rows] != list(choices):
            known = {(row.query, row.text()): row for row in self._rows}
            rows = [
                known.get((query, title)) or self._make_row(query, title)
                for query, title in choices
            ]
            self.show_rows(rows)

    def show_rows(self, rows: Sequence[FilterRow]) -> None:
        """Put these lines in the place of those before; some may be the same."""
        old, self._rows = self._rows, list(rows)
        for row in old:
            self._layout.removeWidget(row)
            if row not in self._rows:
                row.hide()
                row.deleteLater()
        for row in self._rows:
            self._layout.addWidget(row)
            if row not in old:
                row.clicked.connect(lambda _=False, row=row: self._on_clicked(row))
        self._show_counts()
        self.show_query(self._query)

    def show_counts(self, counts: Mapping[Query, int]) -> None:
        """The number beside each choice; kept for choices that are told of later."""
        self._counts = counts
        self._show_counts()

    def show_query(self, query: Query | None) -> None:
        """Mark the choices that the search speaks of."""
        self._query = query
        standings = standings_in(query)
        for row in self._rows:
            row.show_standing(standings.get(row.query, Standing.OUT))

    def _make_row(self, query: Query, title: str) -> FilterRow:
        return FilterRow(query, title, self._look, self)

    def _show_counts(self) -> None:
        if self._counts is not None:
            for row in self._rows:
                row.show_count(self._counts.get(row.query, 0))

    def _on_clicked(self, row: FilterRow) -> None:
        self.chosen.emit(row.query, choice_of_keys())


def standings_in(query: Query | None) -> dict[Query, Standing]:
    """How the search stands to each choice that it speaks of."""
    standings: dict[Query, Standing] = {}
    for part in query_parts(query):
        for choice in part.parts if isinstance(part, Or) else (part,):
            if isinstance(choice, Not):
                standings[choice.part] = Standing.EXCLUDED
            else:
                standings[choice] = Standing.WANTED
    return standings
