"""A part of a side panel with a heading that folds it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTreeWidget, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from tagger.gui.appearance.look import Look


_TREE_PX = 7
"""Trees paint to their edges; with this their selection stands where that of the lists does."""

_DOWN = ((-3, -1.5), (0, 1.5), (3, -1.5))
_ASIDE = ((-1, -3), (2, 0), (-1, 3))


class SectionHeading(QPushButton):
    """The name of the section, with an arrow, and a dot while it filters out of sight."""

    def __init__(self, title: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(title.upper(), parent)
        self._look = look
        self._is_filtering = False
        self._title = title
        self.setProperty("role", "section")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.toggled.connect(self._describe)
        self._describe()

    def show_filtering(self, is_filtering: bool) -> None:
        """Whether the search speaks of what is in this section."""
        self._is_filtering = is_filtering
        self._describe()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The arrow and the dot over what the style draws."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, y = 12.0, self.height() / 2
        turned = (
            ((-3, -1.5), (0, 1.5), (3, -1.5)) if self.isChecked() else ((-1, -3), (2, 0), (-1, 3))
        )
        painter.setPen(QPen(QColor(self._look.colors.muted), 1.5))
        painter.drawPolyline(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in turned]))
        if self._is_filtering and not self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._look.colors.accent))
            painter.drawEllipse(QPointF(self.width() - 16, y), 3.5, 3.5)
        painter.end()

    def _describe(self) -> None:
        words = self.tr("Fold away") if self.isChecked() else self.tr("Open")
        state = self.tr(", filtering") if self._is_filtering else ""
        self.setAccessibleName(f"{self._title}{state}")
        self.setToolTip(f"{words}: {self._title}")


class Section(QWidget):
    """Heading and content.

    Signals:
        folded(bool): the content has been folded away, or is there again.
    """

    folded = Signal(bool)

    def __init__(
        self, title: str, content: QWidget, look: Look, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.content = content
        self.heading = SectionHeading(title, look, self)
        self.heading.toggled.connect(self._on_toggled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.heading)
        row = QHBoxLayout()
        row.setContentsMargins(
            *((_TREE_PX, 0) * 2 if isinstance(content, QTreeWidget) else (0,) * 4)
        )
        row.addWidget(content)
        column.addLayout(row)
        content.hide()

    @property
    def is_open(self) -> bool:
        """Whether the content is shown."""
        return self.heading.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Show the content, or fold it away."""
        self.heading.setChecked(is_open)

    def _on_toggled(self, is_open: bool) -> None:
        self.content.setVisible(is_open)
        self.folded.emit(not is_open)
