"""The classes with their counts; a click filters."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QSizePolicy, QVBoxLayout, QWidget

from tagger.core.query import HasTag, Not, Or
from tagger.gui.text import class_title, number
from tagger.services.browsing import query_parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtGui import QEnterEvent, QPaintEvent

    from tagger.core.query import Query
    from tagger.core.tag import Tag
    from tagger.gui.appearance.look import Look

_ROW_PX = 30
_DOT_PX = 4.5


class Choice(Enum):
    """What a click on a class asks for."""

    ONLY = auto()
    AND = auto()
    OR = auto()
    NOT = auto()


class Standing(Enum):
    """How a class stands in the search."""

    OUT = auto()
    WANTED = auto()
    EXCLUDED = auto()


class ClassRow(QAbstractButton):
    """One class: colour, name, key, count."""

    def __init__(self, tag: Tag, place: int, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tag = tag
        self._place = place
        self._look = look
        self._count: int | None = None
        self._standing = Standing.OUT
        self.setText(class_title(tag.name))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._describe()

    def show_count(self, count: int | None) -> None:
        """How many photos a click would leave."""
        self._count = count
        self._describe()

    def show_standing(self, standing: Standing) -> None:
        """How the search stands to this class."""
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
        color = QColor(colors.of_class(self._place))
        painter.setPen(QPen(color, 1.6))
        is_wanted = self._standing is Standing.WANTED
        painter.setBrush(color if is_wanted else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(15, self.height() / 2), _DOT_PX, _DOT_PX)
        font = self.font()
        font.setBold(is_wanted)
        font.setStrikeOut(self._standing is Standing.EXCLUDED)
        painter.setFont(font)
        is_muted = self._count == 0 or self._standing is Standing.EXCLUDED
        painter.setPen(QColor(colors.muted if is_muted else colors.text))
        right = self._paint_right(painter)
        place = QRect(29, 0, right - 29, self.height())
        title = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, title)
        painter.end()

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

    def _paint_right(self, painter: QPainter) -> int:
        """Count and key. Returns how far the name may reach."""
        colors = self._look.colors
        painter.save()
        font = self.font()
        painter.setFont(font)
        box = self.rect().adjusted(0, 0, -9, 0)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.setPen(QColor(colors.muted))
        text = "" if self._count is None else number(self._count)
        painter.drawText(box, right, text)
        edge = box.right() - max(painter.fontMetrics().horizontalAdvance(text), 34) - 10
        if self._place < 9:
            font.setPointSizeF(font.pointSizeF() - 2)
            painter.setFont(font)
            key = QRect(edge - 15, self.height() // 2 - 8, 16, 16)
            painter.setPen(QPen(QColor(colors.border), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(key, 4, 4)
            painter.setPen(QColor(colors.muted))
            painter.drawText(key, Qt.AlignmentFlag.AlignCenter, str(self._place + 1))
        painter.restore()
        return edge - 20

    def _describe(self) -> None:
        words = {
            Standing.OUT: "",
            Standing.WANTED: self.tr(", part of the search"),
            Standing.EXCLUDED: self.tr(", excluded from the search"),
        }
        count = "" if self._count is None else f", {self.tr('%Ln photo(s)', '', self._count)}"
        self.setAccessibleName(f"{self.text()}{count}{words[self._standing]}")
        self.setToolTip(
            self.tr("Click: only this. Ctrl: and. Shift: or. Alt: everything but this.")
        )
        self.update()


class ClassList(QWidget):
    """All classes.

    Signals:
        chosen(str, Choice): a class was clicked.
    """

    chosen = Signal(str, object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._rows: list[ClassRow] = []
        self._counts: Mapping[str, int] | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(6, 0, 6, 0)
        self._layout.setSpacing(0)
        look.changed.connect(self.update)

    def show_classes(self, tags: Sequence[Tag]) -> None:
        """The classes in the person's order; nothing moves when they are the same."""
        if [row.tag for row in self._rows] == list(tags):
            return
        for row in self._rows:
            row.deleteLater()
        self._rows = [ClassRow(tag, place, self._look, self) for place, tag in enumerate(tags)]
        for row in self._rows:
            self._layout.addWidget(row)
            row.clicked.connect(lambda _=False, row=row: self._on_clicked(row))
        self._show_counts()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """The number beside each class; kept for classes that are told of later."""
        self._counts = counts
        self._show_counts()

    def show_query(self, query: Query | None) -> None:
        """Mark the classes that the search speaks of."""
        standings: dict[str, Standing] = {}
        for part in query_parts(query):
            choices = part.parts if isinstance(part, Or) else (part,)
            for choice in choices:
                if isinstance(choice, HasTag):
                    standings[choice.name] = Standing.WANTED
                elif isinstance(choice, Not) and isinstance(choice.part, HasTag):
                    standings[choice.part.name] = Standing.EXCLUDED
        for row in self._rows:
            row.show_standing(standings.get(row.tag.name, Standing.OUT))

    def _show_counts(self) -> None:
        if self._counts is not None:
            for row in self._rows:
                row.show_count(self._counts.get(row.tag.name, 0))

    def _on_clicked(self, row: ClassRow) -> None:
        modifiers = QApplication.keyboardModifiers()
        choice = Choice.ONLY
        if modifiers & Qt.KeyboardModifier.AltModifier:
            choice = Choice.NOT
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            choice = Choice.OR
        elif modifiers & Qt.KeyboardModifier.ControlModifier:
            choice = Choice.AND
        self.chosen.emit(row.tag.name, choice)
