"""Folders of the library and the shoots in them; a click filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from tagger.core.query import InFolder, InShoot, Query
from tagger.gui.panels.fitting_tree import FittingTree, Line, query_of
from tagger.services.facets import query_parts

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tagger.gui.appearance.look import Look
    from tagger.services.listing import Overview, Place


class PlaceTree(FittingTree):
    """The whole library, its folders, and their shoots.

    Signals:
        chosen(Query | None): of a place; None for the whole library.
    """

    chosen = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Folders and shoots"))
        self._look = look
        self._places: tuple[Place, ...] = ()
        self._query: Query | None = None
        self.picked.connect(lambda item: self.chosen.emit(query_of(item)))
        look.changed.connect(self._draw_icons)

    def show_places(self, overview: Overview) -> None:
        """The folders as they are."""
        if overview.places != self._places:
            self._places = overview.places
            self.fill_when_shown()

    def fill(self) -> None:
        """Everything, each folder, and its shoots."""
        total = sum(place.count for place in self._places)
        everything = Line(None, self.tr("All photos"), total)
        new = self.show_lines([everything, *(self._describe(place) for place in self._places)])
        for item in new:
            item.setExpanded(item.parent() is None)
        self._draw_icons()
        self.show_query(self._query)

    def show_query(self, query: Query | None) -> None:
        """Mark the place that the search is about."""
        self._query = query
        wanted = next(
            (part for part in query_parts(query) if isinstance(part, InFolder | InShoot)), None
        )
        for item in self.all_items():
            if item.isSelected() != (query_of(item) == wanted):
                item.setSelected(not item.isSelected())

    def _describe(self, place: Place) -> Line:
        sentence = self.tr("The drive with this folder is away.") if place.is_offline else ""
        return Line(
            InFolder(place.path.as_posix()),
            place.path.name or str(place.path),
            place.count,
            f"{place.path}\n{sentence}".strip(),
            tuple(
                Line(InShoot(shoot), shoot, count, shoot) for shoot, count in place.shoots if shoot
            ),
        )

    def _draw_icons(self) -> None:
        """Before folders only: names of shoots are long."""
        icons = ["photo", *("offline" if place.is_offline else "folder" for place in self._places)]
        for row, icon in enumerate(icons[: self.topLevelItemCount()]):
            item = self.topLevelItem(row)
            assert item is not None
            item.setIcon(0, self._look.icon(icon, self._look.colors.muted))
