"""What every page of the settings is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from tagger.services.preferences import Preferences


class Page(QWidget):
    """Heading, one sentence, and what can be set.

    Signals:
        wanted(Callable[[Workspace], object]): do this to the library, then show what is set.
    """

    wanted = Signal(object)

    def __init__(self, title: str, lead: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        heading = QLabel(title)
        heading.setProperty("role", "page")
        words = QLabel(lead)
        words.setProperty("role", "muted")
        words.setWordWrap(True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 20, 24, 20)
        self.column.setSpacing(10)
        self.column.addWidget(heading)
        self.column.addWidget(words)

    def show_preferences(self, preferences: Preferences) -> None:
        """Show what is set now."""
        raise NotImplementedError

    def add_buttons(self, *buttons: QPushButton) -> None:
        """A row of buttons below."""
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in buttons:
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        self.column.addLayout(row)
