"""One line of a filter panel: what a click leaves, and how the search stands to it."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QSizePolicy, QWidget

from tagger.gui.text import number, translate

if TYPE_CHECKING:
    from PySide6.QtGui import QEnterEvent, QPaintEvent

    from tagger.core.query import Query
    from tagger.gui.appearance.look import Look

_ROW_PX = 28
_COUNT_PX = 34


class Choice(Enum):
    """What a click asks for."""

    ONLY = auto()
    AND = auto()
    OR = auto()
    NOT = auto()


class Standing(Enum):
    """How a choice stands in the search."""

    OUT = auto()
    WANTED = auto()
    EXCLUDED = auto()


def choice_of_keys() -> Choice:
    """What the keys held during a click mean."""
    modifiers = QApplication.keyboardModifiers()
    if modifiers & Qt.KeyboardModifier.AltModifier:
        return Choice.NOT
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return Choice.OR
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return Choice.AND
    return Choice.ONLY


class FilterRow(QAbstractButton):
    """One choice: mark, name, count.

    Attributes:
        query: what it means.
    """

    indent_px = 29

    def __init__(self, query: Query, title: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.query = query
        self._look = look
        self._count: int | None = None
        self._standing = Standing.OUT
        self._spoken = title
        self.setText(title)
        self.setShortcut(QKeySequence())  # a name with & would take a key of the menus
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._describe()

    @property
    def count(self) -> int | None:
        """How many photos a click would leave; None while that is not known."""
        return self._count

    @property
    def standing(self) -> Standing:
        """How the search stands to this choice."""
        return self._standing

    def set_spoken(self, title: str) -> None:
        """What screen readers say instead of the text, where that is drawn with signs."""
        self._spoken = title
        self._describe()

    def show_count(self, count: int | None) -> None:
        """How many photos a click would leave."""
        if count != self._count:
            self._count = count
            self._describe()

    def show_standing(self, standing: Standing) -> None:
        """How the search stands to this choice."""
        if standing is not self._standing:
            self._standing = standing
            self._describe()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(160, _ROW_PX)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be clicked."""
        super().enterEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the row."""
        colors = self._look.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        self.paint_mark(painter)
        right = self.paint_count(painter)
        painter.setFont(self._title_font())
        is_muted = self._count == 0 or self._standing is Standing.EXCLUDED
        painter.setPen(QColor(colors.muted if is_muted else colors.text))
        place = QRect(self.indent_px, 0, right - self.indent_px, self.height())
        title = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, title)
        painter.end()

    def paint_mark(self, painter: QPainter) -> None:
        """Before the name: a bar where the search asks for it."""
        if self._standing is Standing.WANTED:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._look.colors.accent))
            painter.drawRoundedRect(QRect(7, 8, 3, self.height() - 16), 1.5, 1.5)

    def paint_count(self, painter: QPainter) -> int:
        """At the right edge. Returns how far the name may reach."""
        box = self.rect().adjusted(0, 0, -9, 0)
        text = "" if self._count is None else number(self._count)
        painter.setFont(self.font())
        painter.setPen(QColor(self._look.colors.muted))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
        return box.right() - max(painter.fontMetrics().horizontalAdvance(text), _COUNT_PX) - 6

    def _title_font(self) -> QFont:
        font = self.font()
        font.setBold(self._standing is Standing.WANTED)
        font.setStrikeOut(self._standing is Standing.EXCLUDED)
        return font

    def _paint_ground(self, painter: QPainter) -> None:
        colors = self._look.colors
        ground = None
        if self._standing is not Standing.OUT:
            ground = colors.accent_soft
        elif self.underMouse():
            ground = colors.raised
        painter.setPen(QPen(QColor(colors.accent), 1.4) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)

    def _describe(self) -> None:
        words = {
            Standing.OUT: "",
            Standing.WANTED: translate(", part of the search"),
            Standing.EXCLUDED: translate(", excluded from the search"),
        }
        count = "" if self._count is None else f", {self.tr('%Ln photo(s)', '', self._count)}"
        self.setAccessibleName(f"{self._spoken}{count}{words[self._standing]}")
        self.setToolTip(
            translate("Click: only this. Ctrl: and. Shift: or. Alt: everything but this.")
        )
        self.update()
