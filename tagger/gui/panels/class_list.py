"""The classes with their counts; a click filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from tagger.core.query import HasTag
from tagger.gui.panels.choice_list import ChoiceList
from tagger.gui.panels.filter_row import FilterRow, Standing
from tagger.gui.text import class_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from tagger.core.tag import Tag
    from tagger.gui.appearance.look import Look

_DOT_PX = 4.5
_KEY_PX = 16


class ClassRow(FilterRow):
    """One class: colour, name, key, count."""

    def __init__(self, tag: Tag, place: int, look: Look, parent: QWidget | None = None) -> None:
        self.tag = tag
        self._place = place
        super().__init__(HasTag(tag.name), class_title(tag.name), look, parent)

    def paint_mark(self, painter: QPainter) -> None:
        """A ring in the colour of the class, filled where the search asks for it."""
        color = QColor(self._look.colors.of_class(self._place))
        painter.setPen(QPen(color, 1.6))
        is_wanted = self.standing is Standing.WANTED
        painter.setBrush(color if is_wanted else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(15, self.height() / 2), _DOT_PX, _DOT_PX)

    def paint_count(self, painter: QPainter) -> int:
        """Count and key. Returns how far the name may reach."""
        edge = super().paint_count(painter) - 4
        if self._place >= 9:
            return edge - _KEY_PX - 4
        colors = self._look.colors
        font = self.font()
        font.setPointSizeF(font.pointSizeF() - 2)
        painter.setFont(font)
        key = QRect(edge - _KEY_PX + 1, (self.height() - _KEY_PX) // 2, _KEY_PX, _KEY_PX)
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(key, 4, 4)
        painter.setPen(QColor(colors.muted))
        painter.drawText(key, Qt.AlignmentFlag.AlignCenter, str(self._place + 1))
        return edge - _KEY_PX - 4


class ClassList(ChoiceList):
    """All classes."""

    def show_classes(self, tags: Sequence[Tag]) -> None:
        """The classes in the person's order; nothing moves when they are the same."""
        shown = [row.tag for row in self.rows if isinstance(row, ClassRow)]
        if shown != list(tags):
            self.show_rows(
                [ClassRow(tag, place, self._look, self) for place, tag in enumerate(tags)]
            )
