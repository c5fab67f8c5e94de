"""Above the grid while it shows photos of the teaching pages: what they are, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from tagger.gui.teach.section import make_button, make_label

if TYPE_CHECKING:
    from tagger.gui.appearance.look import Look


class CellBar(QWidget):
    """One sentence, what a person may say of the photos, and the way back.

    Signals:
        decided(bool): what is proposed for these photos is right, or wrong.
        left(): back to teaching.
    """

    decided = Signal(bool)
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.words = make_label("title")
        self.right_button = make_button(
            self.tr("All right"), self.tr("Confirm the new tags of all these photos, as one step.")
        )
        self.wrong_button = make_button(
            self.tr("All wrong"), self.tr("Keep the old tags of all these photos, as one step.")
        )
        self.back_button = QPushButton(self.tr("Back to teaching"))
        self.back_button.setToolTip(self.tr("Key: Ctrl+T"))
        look.dress(self.right_button, "confirm")
        look.dress(self.wrong_button, "reject")
        self.right_button.clicked.connect(lambda: self.decided.emit(True))
        self.wrong_button.clicked.connect(lambda: self.decided.emit(False))
        self.back_button.clicked.connect(self.left)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        for button in (self.right_button, self.wrong_button, self.back_button):
            row.addWidget(button)
        self.hide()

    def show_words(self, sentence: str, *, can_decide: bool) -> None:
        """Say which photos these are, and whether something is proposed for them."""
        for button in (self.right_button, self.wrong_button):
            button.setVisible(can_decide)
        self.words.setText(sentence)
        self.setAccessibleName(sentence)
        self.show()
