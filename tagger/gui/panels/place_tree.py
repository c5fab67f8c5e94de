"""Folders of the library and the shoots in them; a click filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from tagger.core.query import InFolder, InShoot, Query
from tagger.gui.panels.fitting_tree import FittingTree
from tagger.services.facets import query_parts

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTreeWidgetItem, QWidget

    from tagger.gui.appearance.look import Look
    from tagger.services.listing import Overview, Place

_QUERY = Qt.ItemDataRole.UserRole


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
        self._shown: tuple[Place, ...] | None = None
        self.picked.connect(lambda item: self.chosen.emit(item.data(0, _QUERY)))
        look.changed.connect(self._rebuild)

    def show_places(self, overview: Overview) -> None:
        """The folders as they are; nothing moves when they are the same."""
        if overview.places != self._shown:
            self._shown = overview.places
            self._rebuild()

    def show_query(self, query: Query | None) -> None:
        """Mark the place that the search is about."""
        wanted = next(
            (part for part in query_parts(query) if isinstance(part, InFolder | InShoot)), None
        )
        for item in self.all_items():
            item.setSelected(item.data(0, _QUERY) == wanted)

    def _rebuild(self) -> None:
        places = self._shown or ()
        selected = [item.data(0, _QUERY) for item in self.selectedItems()]
        tops = [item for item in self.all_items() if item.childCount()]
        folded = {item.data(0, _QUERY) for item in tops if not item.isExpanded()}
        self.clear()
        total = sum(place.count for place in places)
        self._add(self.tr("All photos"), total, "photo", None)
        for place in places:
            top = self._add_place(place)
            top.setExpanded(top.data(0, _QUERY) not in folded)
        for item in self.all_items():
            item.setSelected(item.data(0, _QUERY) in selected)
        self.updateGeometry()

    def _add_place(self, place: Place) -> QTreeWidgetItem:
        query = InFolder(place.path.as_posix())
        icon = "offline" if place.is_offline else "folder"
        name = place.path.name or str(place.path)
        top = self._add(name, place.count, icon, query)
        sentence = self.tr("The drive with this folder is away.") if place.is_offline else ""
        top.setToolTip(0, f"{place.path}\n{sentence}".strip())
        for shoot, count in place.shoots:
            if shoot:
                # Without a picture before it, for names of shoots are long.
                item = self.add_item(top, shoot, count)
                item.setData(0, _QUERY, InShoot(shoot))
                item.setToolTip(0, shoot)
        return top

    def _add(self, name: str, count: int, icon: str, query: Query | None) -> QTreeWidgetItem:
        item = self.add_item(None, name, count)
        item.setIcon(0, self._look.icon(icon, self._look.colors.muted))
        item.setData(0, _QUERY, query)
        return item
