"""A calm line at the top of the window for what a person should know once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.gui.appearance.look import Look


class NoticeBar(QWidget):
    """One sentence with one thing to do, until it is put away."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._act: Callable[[], object] = lambda: None
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._label = QLabel()
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setWordWrap(True)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.action_button = QPushButton()
        self.action_button.clicked.connect(self._on_action_clicked)
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.clicked.connect(self.hide)
        self.close_button.setAccessibleName(self.tr("Close this notice"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(10)
        sign = QLabel()
        sign.setPixmap(look.icon("warning", look.colors.warning).pixmap(18, 18))
        row.addWidget(sign)
        row.addWidget(self._label, 1)
        row.addWidget(self.action_button)
        row.addWidget(self.close_button)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence."""
        return self._label.text()

    def show_notice(self, sentence: str, action: str, act: Callable[[], object]) -> None:
        """Show a sentence, and a button that does something about it."""
        self._label.setText(sentence)
        self.setAccessibleName(sentence)
        self.action_button.setText(action)
        self._act = act
        self.show()

    def _on_action_clicked(self) -> None:
        self._act()
