"""The first page: one thing to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from tagger.gui.appearance.look import draw_icon

if TYPE_CHECKING:
    from tagger.gui.appearance.look import Look


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
        lead.setFixedWidth(560)
        self.button = QPushButton(self.tr("Add folder"))
        self.button.setProperty("role", "primary")
        self.button.setIcon(look.icon("add-folder", look.colors.on_accent))
        look.changed.connect(
            lambda: self.button.setIcon(look.icon("add-folder", look.colors.on_accent))
        )
        self.button.clicked.connect(self.folder_wanted)
        hint = QLabel(self.tr("or drop a folder anywhere in this window"))
        hint.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.addStretch(3)
        for widget, gap in ((picture, 18), (title, 8), (lead, 26), (self.button, 12), (hint, 0)):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
            column.addSpacing(gap)
            if isinstance(widget, QLabel):
                widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addStretch(4)
        self.setFocusProxy(self.button)
