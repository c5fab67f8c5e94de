"""A tree of names with counts that is as high as what it shows."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
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
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QKeyEvent, QShowEvent

    from tagger.core.query import Query

_MOST_ROWS = 14
"""More than that scroll inside the tree, so that what stands below it stays near."""

_FILL_MS = 30
"""So long the tree stays empty when it unfolds, so that what appeared with it is painted first."""

_QUERY, _WRITTEN = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class Line:
    """What one line of the tree says.

    Attributes:
        query: what it means, and what it is known by: no two lines of a parent have the same.
        name, count: the two columns.
        hint: shown while the pointer rests on it.
        children: the lines below it.
    """

    query: Query | None
    name: str
    count: int
    hint: str = ""
    children: tuple[Line, ...] = ()


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
        self._is_stale = False
        self._filling = QTimer(self, singleShot=True, interval=_FILL_MS)
        self._filling.timeout.connect(self._fill_now)
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

    def fill(self) -> None:
        """Write the lines as they are now; those who call `fill_when_shown` say how."""

    def fill_when_shown(self) -> None:
        """The lines are not what they were: fill now, or when the tree unfolds."""
        self._is_stale = True
        if self.isVisible():
            self._fill_now()

    def showEvent(self, event: QShowEvent) -> None:
        """Fill when what is there has been painted: the lines may be many."""
        if self._is_stale:
            self._filling.start()
        super().showEvent(event)

    def show_lines(
        self, lines: Sequence[Line], below: QTreeWidgetItem | None = None
    ) -> list[QTreeWidgetItem]:
        """Show these, in the whole tree or below one line, and return the items that are new.

        Lines that stay keep their items: a click whose button goes up after they were counted
        anew still means what it went down on, and what is open stays open.
        """
        new: list[QTreeWidgetItem] = []
        with QSignalBlocker(self), self._measured_once():
            self._fit(self.invisibleRootItem() if below is None else below, lines, new)
        self.updateGeometry()
        return new

    def all_items(self) -> Iterator[QTreeWidgetItem]:
        """Every line, from top to bottom."""
        for item in children(self.invisibleRootItem()):
            yield from _walk(item, only_open=False)

    def open_items(self) -> Iterator[QTreeWidgetItem]:
        """The lines that are not folded away."""
        for item in children(self.invisibleRootItem()):
            yield from _walk(item, only_open=True)

    def _fill_now(self) -> None:
        self._is_stale = False
        self.fill()

    def _fit(
        self, parent: QTreeWidgetItem, lines: Sequence[Line], new: list[QTreeWidgetItem]
    ) -> None:
        wanted = {line.query for line in lines}
        for item in children(parent):
            if query_of(item) not in wanted:
                parent.removeChild(item)
        known = {query_of(item): item for item in children(parent)}
        for place, line in enumerate(lines):
            item = known.get(line.query) or QTreeWidgetItem()
            if parent.indexOfChild(item) != place:
                is_open = item.isExpanded()
                parent.removeChild(item)
                parent.insertChild(place, item)
                item.setExpanded(is_open)
            if line.query not in known:
                item.setData(0, _QUERY, line.query)
                new.append(item)
            self._write(item, line)
            self._fit(item, line.children, new)

    def _write(self, item: QTreeWidgetItem, line: Line) -> None:
        """Only what is new: Qt goes through the whole tree for each change of a line."""
        written = (line.name, line.count, line.hint)
        if item.data(0, _WRITTEN) == written:
            return
        item.setData(0, _WRITTEN, written)
        item.setText(0, line.name)
        item.setText(1, number(line.count))
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        spoken = f"{line.name}, {self.tr('%Ln photo(s)', '', line.count)}"
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
        item.setToolTip(0, line.hint)

    @contextmanager
    def _measured_once(self) -> Iterator[None]:
        """The column of counts is made as wide as they are at the end, not after each of them."""
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        yield
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)


def query_of(item: QTreeWidgetItem) -> Query | None:
    """What a line means."""
    query: Query | None = item.data(0, _QUERY)
    return query


def children(parent: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    """The lines below this one, from top to bottom."""
    places = range(parent.childCount())
    return [child for place in places if (child := parent.child(place)) is not None]


def _walk(item: QTreeWidgetItem, *, only_open: bool) -> Iterator[QTreeWidgetItem]:
    yield item
    if item.isExpanded() or not only_open:
        for child in children(item):
            yield from _walk(child, only_open=only_open)
