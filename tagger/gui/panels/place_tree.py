"""Folders of the library and the shoots in them; a click filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from tagger.core.query import InFolder, InShoot, Query
from tagger.gui.text import number
from tagger.services.browsing import query_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.gui.appearance.look import Look
    from tagger.services.listing import Overview, Place

_QUERY = Qt.ItemDataRole.UserRole


class PlaceTree(QTreeWidget):
    """The whole library, its folders, and their shoots.

    Signals:
        chosen(Query | None): of a place; None for the whole library.
    """

    chosen = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._shown: tuple[Place, ...] | None = None
        self.setAccessibleName(self.tr("Folders and shoots"))
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setIndentation(10)
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.itemClicked.connect(self._on_item_chosen)
        self.itemActivated.connect(self._on_item_chosen)
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
        for item in self._items():
            item.setSelected(item.data(0, _QUERY) == wanted)

    def _rebuild(self) -> None:
        places = self._shown or ()
        selected = [item.data(0, _QUERY) for item in self.selectedItems()]
        self.clear()
        total = sum(place.count for place in places)
        self._add(None, self.tr("All photos"), total, "photo", None)
        for place in places:
            self._add_place(place)
        for item in self._items():
            item.setSelected(item.data(0, _QUERY) in selected)

    def _add_place(self, place: Place) -> None:
        query = InFolder(place.path.as_posix())
        icon = "offline" if place.is_offline else "folder"
        name = place.path.name or str(place.path)
        top = self._add(None, name, place.count, icon, query)
        sentence = self.tr("The drive with this folder is away.") if place.is_offline else ""
        top.setToolTip(0, f"{place.path}\n{sentence}".strip())
        for shoot, count in place.shoots:
            if shoot:
                self._add(top, shoot, count, "shoot", InShoot(shoot)).setToolTip(0, shoot)
        top.setExpanded(True)

    def _add(
        self, parent: QTreeWidgetItem | None, name: str, count: int, icon: str, query: Query | None
    ) -> QTreeWidgetItem:
        item = QTreeWidgetItem([name, number(count)])
        item.setIcon(0, self._look.icon(icon, self._look.colors.muted))
        item.setData(0, _QUERY, query)
        item.setData(
            0,
            Qt.ItemDataRole.AccessibleTextRole,
            f"{name}, {self.tr('%Ln photo(s)', '', count)}",
        )
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if parent is None:
            self.addTopLevelItem(item)
        else:
            parent.addChild(item)
        return item

    def _items(self) -> Iterator[QTreeWidgetItem]:
        for place in range(self.topLevelItemCount()):
            item = self.topLevelItem(place)
            assert item is not None
            yield item
            yield from filter(None, map(item.child, range(item.childCount())))

    def _on_item_chosen(self, item: QTreeWidgetItem) -> None:
        self.chosen.emit(item.data(0, _QUERY))
