"""Painting the line above the photos of a shoot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont

from tagger.gui.text import translate

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from tagger.gui.appearance.colors import Colors
    from tagger.services.listing import Section

_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_GAP_PX = 12


def paint_header(painter: QPainter, rect: QRect, section: Section, colors: Colors) -> None:
    """The name of the shoot, and how many photos of it are shown."""
    plain, bold = painter.font(), QFont(painter.font())
    bold.setWeight(QFont.Weight.DemiBold)
    place = rect.adjusted(6, 8, -6, 0)
    title = section.title or translate("Without a date")
    painter.setFont(bold)
    painter.setPen(QColor(colors.text))
    painter.drawText(place, _MIDDLE, title)
    left = painter.fontMetrics().horizontalAdvance(title) + _GAP_PX
    painter.setFont(plain)
    painter.setPen(QColor(colors.muted))
    count = translate("%Ln photo(s)", section.count)
    painter.drawText(place.adjusted(left, 0, 0, 0), _MIDDLE, count)
