"""A photo with the frame of its crop, which can be dragged or moved with the arrow keys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from tagger.export import Window

_STEP = 0.02
_SHADE = QColor(0, 0, 0, 150)
_KEYS = {
    Qt.Key.Key_Left: (-_STEP, 0.0),
    Qt.Key.Key_Right: (_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, -_STEP),
    Qt.Key.Key_Down: (0.0, _STEP),
}


class CropView(QWidget):
    """Shows the whole photo; what is cut away is darkened.

    Signals:
        placed(Window): a person put the frame there and let go.
    """

    placed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._message = ""
        self._dragged_from: QPointF | None = None
        self.window_shown: Window | None = None
        self.setMinimumSize(420, 320)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Crop"))
        self.setAccessibleDescription(self.tr("Move the frame with the arrow keys."))

    def sizeHint(self) -> QSize:
        """Room for a photo of either orientation."""
        return QSize(520, 400)

    def show_photo(self, image: QImage, window: Window | None) -> None:
        """Show a photo with its crop; None for a photo that is not cut."""
        self._image, self.window_shown, self._message = image, window, ""
        can_move = window is not None
        self.setCursor(Qt.CursorShape.SizeAllCursor if can_move else Qt.CursorShape.ArrowCursor)
        self.update()

    def show_message(self, text: str) -> None:
        """Say why there is no photo."""
        self._image, self.window_shown, self._message = QImage(), None, text
        self.update()

    def move_frame(self, right: float, down: float) -> None:
        """Move the frame by shares of the photo, as far as its edges allow."""
        window = self.window_shown
        if window is None:
            return
        self.window_shown = replace(
            window,
            left=min(max(window.left + right, 0.0), 1 - window.width),
            top=min(max(window.top + down, 0.0), 1 - window.height),
        )
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """The photo, the shade, the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._image.isNull():
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(20, 20, -20, -20), flags, self._message)
            return
        area = self._area()
        painter.drawImage(area, self._image)
        if self.window_shown is not None:
            self._paint_frame(painter, area, self._frame(area))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the frame."""
        if event.button() is Qt.MouseButton.LeftButton and self.window_shown is not None:
            self._dragged_from = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move it along."""
        if self._dragged_from is None:
            return
        area, way = self._area(), event.position() - self._dragged_from
        self._dragged_from = event.position()
        self.move_frame(way.x() / area.width(), way.y() / area.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Leave it there."""
        del event
        if self._dragged_from is not None:
            self._dragged_from = None
            self.placed.emit(self.window_shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move the frame."""
        way = _KEYS.get(Qt.Key(event.key()))
        if way is None or self.window_shown is None:
            super().keyPressEvent(event)
            return
        self.move_frame(*way)
        self.placed.emit(self.window_shown)

    def _area(self) -> QRectF:
        """Where the photo is, in the middle of the widget."""
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        return QRectF(left, top, size.width(), size.height())

    def _frame(self, area: QRectF) -> QRectF:
        window = self.window_shown
        assert window is not None
        return QRectF(
            area.left() + window.left * area.width(),
            area.top() + window.top * area.height(),
            window.width * area.width(),
            window.height * area.height(),
        )

    def _paint_frame(self, painter: QPainter, area: QRectF, frame: QRectF) -> None:
        shade, hole = QPainterPath(), QPainterPath()
        shade.addRect(area)
        hole.addRect(frame)
        painter.fillPath(shade.subtracted(hole), _SHADE)
        painter.setPen(QPen(self.palette().highlight().color(), 2))
        painter.drawRect(frame.adjusted(1, 1, -1, -1))
        if self.hasFocus():
            painter.setPen(QPen(QColor(255, 255, 255, 90), 1, Qt.PenStyle.DashLine))
            for share in (1 / 3, 2 / 3):
                x, y = frame.left() + share * frame.width(), frame.top() + share * frame.height()
                painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
                painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
