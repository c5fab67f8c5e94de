"""The grid of photos: paints what is on screen and asks for the pictures it needs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent, QNativeGestureEvent, QPainter

from tagger.gui.grid.arithmetic_view import ArithmeticView, to_rect
from tagger.gui.grid.header import paint_header
from tagger.gui.grid.painting import CellContent, CellPainter, CellState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtCore import QPersistentModelIndex
    from PySide6.QtGui import QPaintEvent, QWheelEvent
    from PySide6.QtWidgets import QWidget

    from tagger.core.ids import FolderId, PhotoId
    from tagger.gui.appearance.look import Look
    from tagger.gui.grid.pictures import Pictures

    Index = QModelIndex | QPersistentModelIndex

MIN_CELL_PX, MAX_CELL_PX = 110, 420
PAINT_S = 0.012
"""So long one frame may draw cells: keys and the pointer are answered between two of them."""


class GridView(ArithmeticView):
    """Photos in lines, in sections with headers.

    Signals:
        zoomed(int): another width of the cells was asked for by wheel or fingers.
    """

    zoomed = Signal(int)

    def __init__(self, pictures: Pictures, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(172, parent)
        self._pictures = pictures
        self._look = look
        self._class_order: tuple[str, ...] = ()
        self._with_scores = False
        self._offline: Collection[FolderId] = ()
        self._empty_message = ""
        self._hovered = -1
        self._scroll_step = 1
        self._cells = self._make_painter()
        self._late: list[int] = []
        self._painting_on = QTimer(self, singleShot=True, interval=0)
        self._painting_on.timeout.connect(self._paint_late_cells)
        self._wanting = QTimer(self, singleShot=True, interval=0)
        self._wanting.timeout.connect(self._want_pictures)
        self.uncovered.connect(self._wanting.start)
        self.setObjectName("canvas")
        self.setAccessibleName(self.tr("Photos"))
        self.viewport().setMouseTracking(True)
        look.changed.connect(self._restyle)

    @property
    def cell_px(self) -> int:
        """The width of cells that was asked for."""
        return self._cell_px

    def set_cell_px(self, width_px: int) -> None:
        """Zoom; the photo in the middle of the view stays where it is."""
        width_px = max(MIN_CELL_PX, min(MAX_CELL_PX, width_px))
        if width_px == self._cell_px:
            return
        middle = self._top() + self.viewport().height() // 2
        held = (
            self._grid.nearest_row(self.viewport().width() // 2, middle)
            if self._grid.count
            else None
        )
        self._cell_px = width_px
        self.doItemsLayout()
        if held is not None:
            box = self._grid.box(held)
            self.verticalScrollBar().setValue(
                box.y + box.height // 2 - self.viewport().height() // 2
            )

    def set_classes(self, names: Sequence[str]) -> None:
        """The classes in the person's order, which gives them their colours."""
        self._class_order = tuple(names)
        self._restyle()

    @property
    def has_scores(self) -> bool:
        """Whether captions tell how sure the classifier is."""
        return self._with_scores

    def show_scores(self, is_wanted: bool) -> None:
        """Tell of each tag how sure the classifier is, or leave it out."""
        self._with_scores = is_wanted
        self._restyle()

    def set_offline(self, folder_ids: Collection[FolderId]) -> None:
        """Folders whose drive is away."""
        self._offline = folder_ids
        self.viewport().update()

    def update_photos(self, photo_ids: Collection[PhotoId]) -> None:
        """Paint these again if they are on screen."""
        for row in self.visible_rows():
            if self.photos.id_at(row) in photo_ids:
                self.viewport().update(self._cell_rect(row))

    def set_empty_message(self, message: str) -> None:
        """What to say while there is no photo."""
        self._empty_message = message
        self.viewport().update()

    def reset(self) -> None:
        """Another listing."""
        self._hovered = -1
        super().reset()

    def scrollContentsBy(self, _dx: int, dy: int) -> None:
        """The view moved: paint, and ask for pictures in the direction of travel."""
        self._scroll_step = 1 if dy <= 0 else -1
        self.viewport().update()
        self._wanting.start()

    def dataChanged(self, top_left: Index, bottom_right: Index, roles: Sequence[int] = ()) -> None:
        """Rows changed; painting asks the model again."""
        super().dataChanged(top_left, bottom_right, roles)
        self.viewport().update()
        self._wanting.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells and headers that the event touches."""
        painter = QPainter(self.viewport())
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        dirty = event.rect()
        top = self._top()
        first, last = top + dirty.top(), top + dirty.bottom() + 1
        self._paint_cells(painter, self._grid.rows_between(first, last), dirty)
        for section, box in self._grid.headers_between(first, last):
            shown = self.photos.listing.sections[section]
            paint_header(painter, to_rect(box, top), shown, self._look.colors)
        if not self._grid.count:
            painter.setPen(QColor(self._look.colors.muted))
            place = self.viewport().rect().adjusted(40, 40, -40, -40)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(place, flags, self._empty_message)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl the wheel zooms."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            steps = event.angleDelta().y() / 120
            self.zoomed.emit(round(self._cell_px * 1.12**steps))
            event.accept()
            return
        super().wheelEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Follow the pointer, and zoom with two fingers."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
                self.zoomed.emit(round(self._cell_px * (1 + event.value())))
                return True
        elif isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseMove:
            self._hover(self.indexAt(event.position().toPoint()).row())
        elif event.type() is QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def _paint_cells(self, painter: QPainter, rows: range, dirty: QRect) -> None:
        """As many as a frame has time for; the others stay as they were until the next one."""
        until_s = time.perf_counter() + PAINT_S
        for row in rows:
            cell = self._cell_rect(row)
            if not cell.intersects(dirty):
                continue
            if time.perf_counter() < until_s:
                self._paint_cell(painter, row, cell)
                continue
            old = self._cells.recall(self.photos.id_at(row), cell.size(), self.devicePixelRatioF())
            if old is not None:
                painter.drawPixmap(cell.topLeft(), old)
            self._late.append(row)
        if self._late:
            self._painting_on.start()

    def _paint_late_cells(self) -> None:
        late, self._late = self._late, []
        for row in late:
            if row < self._grid.count:
                self.viewport().update(self._cell_rect(row))

    def _paint_cell(self, painter: QPainter, row: int, cell: QRect) -> None:
        photo = self.photos.photo_at(row)
        state = CellState(
            is_selected=self.selectionModel().isSelected(self.photos.index(row)),
            is_current=self.currentIndex().row() == row,
            has_focus=self.hasFocus(),
            is_hovered=self._hovered == row,
            is_offline=photo is not None and photo.folder_id in self._offline,
        )
        content = CellContent(photo, self._pictures.pixmap(self.photos.id_at(row)), state)
        size, ratio = cell.size(), self.devicePixelRatioF()
        drawn = self._cells.draw(self.photos.id_at(row), content, size, ratio)
        painter.drawPixmap(cell.topLeft(), drawn)

    def _hover(self, row: int) -> None:
        if row == self._hovered:
            return
        for changed in (self._hovered, row):
            if 0 <= changed < self._grid.count:
                self.viewport().update(self._cell_rect(changed))
        self._hovered = row

    def _want_pictures(self) -> None:
        """What is in view, then one screen ahead in the direction of travel."""
        height, top, shown = self.viewport().height(), self._top(), self.visible_rows()
        if self._scroll_step > 0:
            ahead = self._grid.rows_between(top + height, top + 2 * height)
        else:
            ahead = self._grid.rows_between(top - height, top)[::-1]
        rows = [*shown, *(row for row in ahead if row not in shown)]
        side = round(self._grid.cell_width * self.devicePixelRatioF())
        self._pictures.want(self, [self.photos.id_at(row) for row in rows], side)

    def _restyle(self) -> None:
        self._cells = self._make_painter()
        self.viewport().update()

    def _make_painter(self) -> CellPainter:
        return CellPainter(
            self._look.colors, self.font(), self._class_order, with_scores=self._with_scores
        )
