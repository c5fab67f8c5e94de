"""The first page: one thing to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from tagger.gui.appearance.look import draw_icon

if TYPE_CHECKING:
    from tagger.gui.appearance.look import Look

_WIDTH_PX = 700


class Welcome(QWidget):
    """Calm, with one button.

    Signals:
        folder_wanted(): the button.
    """

    folder_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        picture = QLabel()
        picture.setPixmap(draw_icon("tagger", "#ffffff", 96))
        picture.setMinimumHeight(96)
        title = QLabel(self.tr("Your wedding photos, sorted by what they show"))
        title.setProperty("role", "display")
        lead = QLabel(
            self.tr(
                "Add the folder with your photos. They appear here while they are found and are"
                " tagged on this computer. No photo leaves it, and none is changed until you"
                " say so."
            )
        )
        lead.setProperty("role", "lead")
        lead.setWordWrap(True)
        self.button = QPushButton(self.tr("Add folder"))
        self.button.setProperty("role", "primary")
        self.button.setIcon(look.icon("add-folder", look.colors.on_accent))
        look.changed.connect(
            lambda: self.button.setIcon(look.icon("add-folder", look.colors.on_accent))
        )
        self.button.clicked.connect(self.folder_wanted)
        hint = QLabel(self.tr("or drop a folder anywhere in this window"))
        hint.setProperty("role", "muted")
        self._lay_out(picture, title, lead, hint)
        self.setFocusProxy(self.button)

    def _lay_out(self, picture: QLabel, title: QLabel, lead: QLabel, hint: QLabel) -> None:
        block = QWidget()
        block.setFixedWidth(_WIDTH_PX)
        column = QVBoxLayout(block)
        for label, gap in ((picture, 18), (title, 8), (lead, 26)):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
            column.addSpacing(gap)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(12)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(hint)
        # Not by alignment: a layout gives an aligned widget no height for wrapped text.
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(block)
        row.addStretch(1)
        page = QVBoxLayout(self)
        page.addStretch(3)
        page.addLayout(row)
        page.addStretch(4)
