"""What Qt asks of a view of items, answered by arithmetic: places, scrolling, moving, selecting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from tagger.gui.grid.layout import HEADER_PX, Box, GridLayout
from tagger.gui.grid.model import PhotoModel

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from tagger.core.ids import PhotoId

    Index = QModelIndex | QPersistentModelIndex

_CURSOR = QAbstractItemView.CursorAction


@dataclass(frozen=True)
class Held:
    """The first photo on screen, its place in the listing, and how far it is scrolled."""

    photo_id: PhotoId
    row: int
    offset_px: int


class ArithmeticView(QAbstractItemView):
    """Photos in lines, in sections with headers; painting is left to the class below.

    Qt's own views lay out every item one by one, which takes seconds for a million.

    Signals:
        uncovered(): other photos may be on screen now.
    """

    uncovered = Signal()

    def __init__(self, cell_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cell_px = cell_px
        self._grid = GridLayout(0, (), 1, cell_px, HEADER_PX)
        self._start = QPersistentModelIndex()
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    @property
    def photos(self) -> PhotoModel:
        """The model, which is always a `PhotoModel`."""
        return self.model()  # type: ignore[return-value]  # nothing else is ever set

    def visible_rows(self) -> range:
        """The photos on screen, also those cut by its edge."""
        return self._grid.rows_between(self._top(), self._top() + self.viewport().height())

    def visualRect(self, index: Index) -> QRect:
        """The cell in the viewport's pixels."""
        return self._cell_rect(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The photo at this point of the viewport."""
        row = self._grid.row_at(point.x(), point.y() + self._top())
        return QModelIndex() if row is None else self.photos.index(row)

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Bring a photo into view, with as little movement as the hint allows."""
        if not index.isValid():
            return
        box, view = self._grid.box(index.row()), self.viewport().height()
        top = self._top()
        if hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            top = box.y + (box.height - view) // 2
        elif box.y < top or hint is QAbstractItemView.ScrollHint.PositionAtTop:
            top = box.y if index.row() else 0
        elif box.y + box.height > top + view:
            top = box.y + box.height - view
        self.verticalScrollBar().setValue(top)

    def go_to(self, row: int) -> None:
        """Make this photo the only selected one; Shift with an arrow or a click begins here."""
        index = self.photos.index(row)
        self.setCurrentIndex(index)
        self._start = QPersistentModelIndex(index)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Qt knows where a selection begins that a person began."""
        super().currentChanged(current, previous)
        if not QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._start = QPersistentModelIndex()

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Where a key leads from the current photo."""
        if not self._grid.count:
            return QModelIndex()
        row = self.currentIndex().row()
        if row < 0:
            return self.photos.index(0)
        return self.photos.index(self._moved(row, action))

    def hold(self) -> Held | None:
        """What is on screen now, to be found again after the listing has changed.

        None at the top, where a person looks for what is first, whatever that is.
        """
        shown = self.visible_rows()
        if not shown or not self._top():
            return None
        offset = self._top() - self._grid.box(shown.start).y
        return Held(self.photos.id_at(shown.start), shown.start, offset)

    def restore(self, held: Held | None) -> None:
        """Scroll so that the same photo is in the same place, or what stands there now."""
        if held is None or not self._grid.count:
            return
        rows = self.photos.listing.rows_of([held.photo_id])
        row = rows[0] if rows else min(held.row, self._grid.count - 1)
        self.verticalScrollBar().setValue(self._grid.box(row).y + held.offset_px)

    def horizontalOffset(self) -> int:
        """Lines fill the width, so there is none."""
        return 0

    def verticalOffset(self) -> int:
        """How far the content is scrolled."""
        return self._top()

    def isIndexHidden(self, index: Index) -> bool:  # noqa: ARG002  Qt gives it
        """No photo of a listing is hidden."""
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Select from one corner to the other; a dragged frame takes what it touches.

        Qt gives the corner where the selection began first.
        """
        if self.state() is QAbstractItemView.State.DragSelectingState:
            ranges = self._rows_in(rect.normalized())
        else:
            top = self._top()
            ends = [
                self._grid.nearest_row(point.x(), point.y() + top)
                for point in (rect.topLeft(), rect.bottomRight())
            ]
            if self._start.isValid():
                ends[0] = self._start.row()
            ends.sort()
            ranges = [range(ends[0], ends[1] + 1)] if self._grid.count else []
        selection = QItemSelection()
        for rows in ranges:
            selection.select(self.photos.index(rows.start), self.photos.index(rows.stop - 1))
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """What to paint again when this selection changes: only what is on screen."""
        region = QRegion()
        shown = self.visible_rows()
        for place in range(selection.count()):
            part = selection.at(place)
            first, last = max(part.top(), shown.start), min(part.bottom(), shown.stop - 1)
            if last - first > self._grid.columns * 2:
                return QRegion(self.viewport().rect())
            for row in range(first, last + 1):
                region += self._cell_rect(row)
        return region

    def keyboardSearch(self, text: str) -> None:
        """Letters are shortcuts here; looking through a million names would freeze the window."""

    def doItemsLayout(self) -> None:
        """Lay out again; pure arithmetic."""
        self._lay_out()
        super().doItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the first photo on screen where it is while lines get longer or shorter."""
        shown = self.visible_rows()
        offset = self._top() - self._grid.box(shown.start).y if shown else 0
        self._lay_out()
        super().resizeEvent(event)
        self.updateGeometries()
        if shown and self._top() > 0:
            self.verticalScrollBar().setValue(self._grid.box(shown.start).y + offset)

    def updateGeometries(self) -> None:
        """Fit the scroll bar to the content."""
        bar = self.verticalScrollBar()
        view = self.viewport().height()
        bar.setRange(0, max(0, self._grid.height - view))
        bar.setPageStep(max(1, view - self._grid.cell_height // 3))
        bar.setSingleStep(max(20, self._grid.cell_height // 3))
        super().updateGeometries()
        self.uncovered.emit()

    def reset(self) -> None:
        """Another listing: lay out, and begin at its top."""
        super().reset()
        self.doItemsLayout()
        self.verticalScrollBar().setValue(0)

    def _top(self) -> int:
        return self.verticalScrollBar().value()

    def _cell_rect(self, row: int) -> QRect:
        return to_rect(self._grid.box(row), self._top())

    def _lay_out(self) -> None:
        model = self.model()
        if not isinstance(model, PhotoModel):  # Qt lays out before a model is set, too
            return
        listing = model.listing
        starts = [section.start for section in listing.sections]
        self._grid = GridLayout(
            len(listing.ids), starts, self.viewport().width(), self._cell_px, HEADER_PX
        )

    def _rows_in(self, rect: QRect) -> list[range]:
        box = Box(rect.x(), rect.y() + self._top(), rect.width(), rect.height())
        return self._grid.rows_in(box)

    def _moved(self, row: int, action: QAbstractItemView.CursorAction) -> int:
        page = max(1, self.viewport().height() // self._grid.cell_height)
        steps = {_CURSOR.MoveLeft: -1, _CURSOR.MovePrevious: -1}
        steps |= {_CURSOR.MoveRight: 1, _CURSOR.MoveNext: 1}
        lines = {_CURSOR.MoveUp: -1, _CURSOR.MoveDown: 1}
        lines |= {_CURSOR.MovePageUp: -page, _CURSOR.MovePageDown: page}
        if action in steps:
            return min(max(row + steps[action], 0), self._grid.count - 1)
        if action in lines:
            return self._grid.row_by_lines(row, lines[action])
        return 0 if action is _CURSOR.MoveHome else self._grid.count - 1


def to_rect(box: Box, top: int) -> QRect:
    """A box of the content in the pixels of a viewport that begins at `top`."""
    return QRect(box.x, box.y - top, box.width, box.height)
