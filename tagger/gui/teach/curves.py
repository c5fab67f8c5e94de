"""Loss and macro-F1 of a lesson while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from tagger.gui.appearance.look import Look
    from tagger.services.lessons.giving import CurvePoint

_HEIGHT_PX, _GAP_PX, _TITLE_PX, _SCALE_PX = 190, 24, 26, 40
_DOT_PX, _LINE_PX = 3.0, 2.0
_SMOOTHING = 0.9


@dataclass(frozen=True)
class Curve:
    """Values at equal distances, with a name and the colour's role."""

    name: str
    values: tuple[float, ...]
    color: str


class CurveView(QWidget):
    """Two charts side by side: what is to fall, and what is to rise."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._losses: tuple[float, ...] = ()
        self._points: tuple[CurvePoint, ...] = ()
        self.setMinimumHeight(_HEIGHT_PX)
        self.setAccessibleName(self.tr("Curves of the lesson"))
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Wide and low."""
        return QSize(640, _HEIGHT_PX)

    def show_lesson(self, losses: Sequence[float], points: Sequence[CurvePoint]) -> None:
        """Draw these."""
        self._losses, self._points = tuple(losses), tuple(points)
        self.setAccessibleDescription(self._describe())
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw both charts."""
        colors = self._look.colors
        held = tuple(point.held_loss for point in self._points if point.held_loss is not None)
        f1 = tuple(point.macro_f1 for point in self._points if point.macro_f1 is not None)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = (self.width() - _GAP_PX) / 2
        falling = [
            Curve(self.tr("Loss, newest steps"), _smooth(self._losses), colors.accent),
            Curve(self.tr("held-out photos, by epoch"), held, colors.of_class(1)),
        ]
        rising = [Curve(self.tr("Macro-F1 on held-out photos, by epoch"), f1, colors.success)]
        self._draw(painter, QRectF(0, 0, width, self.height()), falling, None)
        self._draw(painter, QRectF(width + _GAP_PX, 0, width, self.height()), rising, 1.0)
        painter.end()

    def _draw(
        self, painter: QPainter, area: QRectF, curves: Sequence[Curve], top: float | None
    ) -> None:
        most = top or max((max(c.values) for c in curves if c.values), default=1.0) * 1.1
        plot = area.adjusted(_SCALE_PX, _TITLE_PX, -6, -8)
        colors = self._look.colors
        painter.setPen(QPen(QColor(colors.border), 1))
        for share in (0.0, 0.5, 1.0):
            y = plot.bottom() - share * plot.height()
            painter.setPen(QPen(QColor(colors.border), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(colors.muted))
            place = QRectF(area.left(), y - 9, _SCALE_PX - 8, 18)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(place, flags, f"{most * share:.2f}")
        left = plot.left()
        for curve in curves:
            left = self._draw_name(painter, curve, left, area)
            _draw_curve(painter, plot, curve, most)

    def _draw_name(self, painter: QPainter, curve: Curve, left: float, area: QRectF) -> float:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(curve.color))
        painter.drawEllipse(QPointF(left + 4, 10), 4, 4)
        painter.setPen(QColor(self._look.colors.muted))
        width = painter.fontMetrics().horizontalAdvance(curve.name)
        room = QRectF(left + 13, 0, area.right() - left - 13, 20)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, curve.name)
        return left + 13 + width + 16

    def _describe(self) -> str:
        if not self._points:
            return self.tr("No epoch is done yet.")
        last = self._points[-1]
        words = self.tr("Epoch {epoch}: loss {loss:.3f}").format(
            epoch=last.epoch + 1, loss=last.loss
        )
        if last.macro_f1 is not None:
            words += self.tr(", macro-F1 {value:.3f}").format(value=last.macro_f1)
        return words


def _draw_curve(painter: QPainter, plot: QRectF, curve: Curve, most: float) -> None:
    steps = max(len(curve.values) - 1, 1)
    places = [
        QPointF(
            plot.left() + plot.width() * place / steps,
            plot.bottom() - plot.height() * min(value / most, 1.0),
        )
        for place, value in enumerate(curve.values)
    ]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(curve.color), _LINE_PX))
    painter.drawPolyline(places)
    if len(places) <= 40:
        painter.setBrush(QColor(curve.color))
        painter.setPen(Qt.PenStyle.NoPen)
        for place in places:
            painter.drawEllipse(place, _DOT_PX, _DOT_PX)


def _smooth(values: Sequence[float]) -> tuple[float, ...]:
    """A running mean, without the pull of its start (Kingma and Ba 2015, section 3)."""
    smoothed: list[float] = []
    total = 0.0
    for count, value in enumerate(values, start=1):
        total = _SMOOTHING * total + (1 - _SMOOTHING) * value
        smoothed.append(total / (1 - _SMOOTHING**count))
    return tuple(smoothed)
