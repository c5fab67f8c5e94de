"""A tree of names with counts that is as high as what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from tagger.gui.text import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QKeyEvent

_MOST_ROWS = 14
"""More than that scroll inside the tree, so that what stands below it stays near."""


class FittingTree(QTreeWidget):
    """Two columns, name and count; the panel around it scrolls, not the tree.

    Signals:
        picked(QTreeWidgetItem): clicked, or Enter or Space pressed on it.
    """

    picked = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setIndentation(12)
        self.setUniformRowHeights(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.MultiSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.itemClicked.connect(lambda item, _: self.picked.emit(item))
        self.itemExpanded.connect(lambda _: self.updateGeometry())
        self.itemCollapsed.connect(lambda _: self.updateGeometry())

    def sizeHint(self) -> QSize:
        """As many rows as are open, up to a limit."""
        rows = min(_MOST_ROWS, sum(1 for _ in self.open_items()))
        height = max(1, self.sizeHintForRow(0)) * max(1, rows)
        return QSize(super().sizeHint().width(), height + 2 * self.frameWidth() + 2)

    def minimumSizeHint(self) -> QSize:
        """As high, for the panel around it scrolls; as narrow as one likes."""
        return QSize(0, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space pick; the arrows move without picking."""
        item = self.currentItem()
        keys = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}
        if event.key() in keys and item is not None:
            self.picked.emit(item)
        else:
            super().keyPressEvent(event)

    def add_item(self, parent: QTreeWidgetItem | None, name: str, count: int) -> QTreeWidgetItem:
        """A line at the end of its parent, or of the tree."""
        item = QTreeWidgetItem([name, number(count)])
        spoken = f"{name}, {self.tr('%Ln photo(s)', '', count)}"
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if parent is None:
            self.addTopLevelItem(item)
        else:
            parent.addChild(item)
        return item

    def all_items(self) -> Iterator[QTreeWidgetItem]:
        """Every line, from top to bottom."""
        for place in range(self.topLevelItemCount()):
            item = self.topLevelItem(place)
            assert item is not None
            yield from _walk(item, only_open=False)

    def open_items(self) -> Iterator[QTreeWidgetItem]:
        """The lines that are not folded away."""
        for place in range(self.topLevelItemCount()):
            item = self.topLevelItem(place)
            assert item is not None
            yield from _walk(item, only_open=True)


def _walk(item: QTreeWidgetItem, *, only_open: bool) -> Iterator[QTreeWidgetItem]:
    yield item
    if item.isExpanded() or not only_open:
        for place in range(item.childCount()):
            child = item.child(place)
            assert child is not None
            yield from _walk(child, only_open=only_open)
