"""One picture, fitted or enlarged, moved by dragging."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QMouseEvent, QPaintEvent, QWheelEvent

    from tagger.gui.appearance.look import Look

_MOST = 8.0
_STEP = 1.25


class PictureView(QWidget):
    """Shows a picture as large as fits; where zooming is allowed, also larger.

    Signals:
        double_clicked(): with the left button.
        clicked(): the button went down, perhaps to drag.
        viewed(float, QPointF): a person chose another zoom or another place.
    """

    double_clicked = Signal()
    clicked = Signal()
    viewed = Signal(float, QPointF)

    def __init__(self, look: Look, *, can_zoom: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._can_zoom = can_zoom
        self._image: QImage | None = None
        self._heat: QImage | None = None
        self._message = ""
        self._zoom = 1.0
        self._centre = QPointF(0.5, 0.5)
        self._dragged_from: QPointF | None = None
        look.changed.connect(self.update)

    @property
    def has_picture(self) -> bool:
        """Whether a picture is shown, rough or sharp."""
        return self._image is not None

    @property
    def zoom(self) -> float:
        """1 when the picture is fitted into the view."""
        return self._zoom

    def show_picture(self, image: QImage | None, message: str = "") -> None:
        """Show a picture, or a sentence in its place. The zoom stays."""
        self._image = image
        self._message = message
        self.update()

    @property
    def has_heat(self) -> bool:
        """Whether a heat map lies over the picture."""
        return self._heat is not None

    def show_heat(self, heat: QImage | None) -> None:
        """Lay a heat map over the whole picture, or take it away."""
        self._heat = heat
        self.update()

    def fit(self) -> None:
        """Show the whole picture."""
        self._zoom, self._centre = 1.0, QPointF(0.5, 0.5)
        self.update()
        self.viewed.emit(self._zoom, self._centre)

    def follow(self, zoom: float, centre: QPointF) -> None:
        """Show the same part as another view; tells nobody."""
        self._zoom, self._centre = zoom, QPointF(centre)
        self.update()

    def toggle_zoom(self) -> None:
        """Between the whole picture and one pixel for one pixel."""
        if self._zoom > 1.0 or self._image is None:
            self.fit()
            return
        fitted = self._fitted_size()
        pixels = self._image.width() / max(1.0, fitted.width() * self.devicePixelRatioF())
        self._set_zoom(max(2.0, pixels))

    def zoom_by(self, factor: float) -> None:
        """Larger or smaller, around the middle of what is seen."""
        self._set_zoom(self._zoom * factor)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture or the sentence."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing
        )
        if self._image is not None:
            painter.drawImage(self._target(), self._image)
            if self._heat is not None:
                painter.drawImage(self._target(), self._heat)
        elif self._message:
            painter.setPen(QColor(self._look.colors.muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(20, 20, -20, -20), flags, self._message)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel zooms where zooming is allowed."""
        if not self._can_zoom:
            event.ignore()
            return
        self.zoom_by(_STEP ** (event.angleDelta().y() / 120))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag."""
        self._dragged_from = event.position()
        self.clicked.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag an enlarged picture."""
        if self._dragged_from is None or self._zoom <= 1.0:
            return
        moved = event.position() - self._dragged_from
        size = self._fitted_size() * self._zoom
        self._dragged_from = event.position()
        self._move_to(self._centre - QPointF(moved.x() / size.width(), moved.y() / size.height()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """End dragging."""
        self._dragged_from = None

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Tell whoever wants to know."""
        self.double_clicked.emit()

    def _set_zoom(self, zoom: float) -> None:
        self._zoom = max(1.0, min(_MOST, zoom))
        self._move_to(self._centre if self._zoom > 1.0 else QPointF(0.5, 0.5))

    def _move_to(self, centre: QPointF) -> None:
        """Look at this place of the picture, but not beyond its edge."""
        half = 0.5 / self._zoom
        self._centre = QPointF(
            min(max(centre.x(), half), 1 - half), min(max(centre.y(), half), 1 - half)
        )
        self.update()
        self.viewed.emit(self._zoom, self._centre)

    def _fitted_size(self) -> QSizeF:
        if self._image is None:
            return QSizeF(self.size())
        size = QSizeF(self._image.size())
        return size.scaled(QSizeF(self.size()), Qt.AspectRatioMode.KeepAspectRatio)

    def _target(self) -> QRectF:
        fitted = self._fitted_size()
        width, height = fitted.width() * self._zoom, fitted.height() * self._zoom
        return QRectF(
            self.width() / 2 - self._centre.x() * width,
            self.height() / 2 - self._centre.y() * height,
            width,
            height,
        )
