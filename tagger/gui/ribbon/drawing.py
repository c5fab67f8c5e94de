"""Drawing the hours of a shoot: hundreds of boxes, drawn once and then shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap

from tagger.gui.ribbon.colour_column import stack_parts
from tagger.gui.ribbon.hours import hour_marks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.gui.appearance.colors import Colors
    from tagger.services.ribbon import Ribbon, Stretch

_BAND_PX = 26
_LABEL_PX = 15
_SIDE_PX = 12
HEIGHT_PX = _BAND_PX + _LABEL_PX + 4


def band_of(width: int) -> QRectF:
    """Where the colours are in a strip of this width."""
    return QRectF(_SIDE_PX, 2, max(1, width - 2 * _SIDE_PX), _BAND_PX)


def box_of(number: int, count: int, width: int) -> QRectF:
    """Where one of so many stretches is."""
    band = band_of(width)
    share = band.width() / max(1, count)
    return QRectF(band.left() + number * share, band.top(), share, band.height())


def draw_ribbon(ribbon: Ribbon, size: QSize, ratio: float, font: QFont, colors: Colors) -> QPixmap:
    """Colours and hours, as large as the strip; `ratio` pixels of the screen for each of its."""
    drawn = QPixmap(size * ratio)
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.canvas))
    painter.drawRect(band_of(size.width()))
    for place, boxes in _boxes_by_class(ribbon, size.width(), ratio).items():
        painter.setBrush(QColor(colors.of_class(place)))
        painter.drawRects(boxes)
    if ribbon.stretches:
        small = QFont(font)
        small.setPointSizeF(font.pointSizeF() - 2)
        painter.setFont(small)
        painter.setPen(QColor(colors.muted))
        _paint_hours(painter, ribbon.stretches, band_of(size.width()))
    painter.end()
    return drawn


def _boxes_by_class(ribbon: Ribbon, width: int, ratio: float) -> dict[int, list[QRectF]]:
    """All of a colour at once: a thousand calls of Qt's painter would wait for Python's lock.

    Their sides are on whole pixels of the screen: no ground shines through between two of them.
    """
    boxes: dict[int, list[QRectF]] = {}
    for number, stretch in enumerate(ribbon.stretches):
        box = box_of(number, len(ribbon.stretches), width)
        box.setLeft(round(box.left() * ratio) / ratio)
        box.setRight(round(box.right() * ratio) / ratio)
        for part in stack_parts(stretch.shares, box):
            boxes.setdefault(part.place, []).append(part.box)
    return boxes


def _paint_hours(painter: QPainter, stretches: Sequence[Stretch], band: QRectF) -> None:
    label_px = painter.fontMetrics().horizontalAdvance("00:00") + 2
    start, end = stretches[0].start, stretches[-1].end
    for mark in hour_marks(start, end, int(band.width() // (label_px * 2))):
        x = band.left() + band.width() * ((mark - start) / (end - start))
        left = min(max(x - label_px / 2, band.left()), band.right() - label_px)
        box = QRectF(left, band.bottom() + 1, label_px, _LABEL_PX)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{mark:%H:%M}")
