"""What every page of teaching is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARGINS_PX = (28, 22, 28, 20)


class Section(QWidget):
    """A heading, one plain sentence, and the rest below."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.lead = make_label("lead")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(*_MARGINS_PX)
        self.column.setSpacing(12)
        self.column.addWidget(make_label("page", title))
        self.column.addWidget(self.lead)

    def add_row(self, *widgets: QWidget) -> None:
        """Widgets in a line, from the left."""
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in widgets:
            row.addWidget(widget)
        row.addStretch(1)
        self.column.addLayout(row)


def make_label(role: str, text: str = "") -> QLabel:
    """Words that wrap."""
    label = QLabel(text)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def make_button(text: str, tip: str, *, is_primary: bool = False) -> QPushButton:
    """A button that says what it does."""
    button = QPushButton(text)
    button.setToolTip(tip)
    if is_primary:
        button.setProperty("role", "primary")
    return button


def make_table(name: str, headers: Sequence[str], *, stretched: int) -> QTreeWidget:
    """Lines with columns, of which one takes the room that is left."""
    table = QTreeWidget()
    table.setAccessibleName(name)
    table.setHeaderLabels(list(headers))
    table.setRootIsDecorated(False)
    table.setUniformRowHeights(True)
    table.setObjectName("lines")
    header = table.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return table
