"""The settings beside the window: a list of pages, and the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from tagger.gui.settings.classes_page import ClassesPage
from tagger.gui.settings.folders_page import FoldersPage
from tagger.gui.settings.other_pages import AppearancePage, ComputerPage, WritingPage

if TYPE_CHECKING:
    from tagger.gui.appearance.look import Look
    from tagger.gui.settings.page import Page
    from tagger.services.preferences import Preferences

_LIST_PX, _ROW_PX = 170, 34


class SettingsDialog(QDialog):
    """What is changed counts at once, so there is no OK and nothing to cancel.

    Signals:
        wanted(Callable[[Workspace], object]): do this to the library.
        folder_wanted(): choose a folder to add.
    """

    wanted = Signal(object)
    folder_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 520)
        self.folders = FoldersPage(
            self.tr("Folders"), self.tr("Photos in these folders are found by themselves.")
        )
        self.classes = ClassesPage(
            self.tr("Classes"),
            self.tr(
                "The first nine have keys. Double-click a keyword to have another one written. A"
                " class that has to be 95 % right tags fewer photos; the others wait for your look."
            ),
            look,
        )
        self.writing = WritingPage(
            self.tr("Writing"),
            self.tr(
                "Keywords go into JPEG, PNG and WebP files, and into sidecars beside all others,"
                " when you say so (Ctrl+S)."
            ),
        )
        self.computer = ComputerPage(self.tr("This computer"), self.tr("No photo ever leaves it."))
        self.appearance = AppearancePage(
            self.tr("Appearance"),
            self.tr("Neutral greys keep the colours of photos true."),
            look.theme,
        )
        self.appearance.theme_chosen.connect(look.choose)
        self.folders.folder_wanted.connect(self.folder_wanted)
        self.pages: tuple[Page, ...] = (
            self.folders,
            self.classes,
            self.writing,
            self.computer,
            self.appearance,
        )
        self._message = QLabel()
        self._message.setProperty("role", "error")
        self._message.setWordWrap(True)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.hide()
        self._lay_out()

    def show_preferences(self, preferences: Preferences) -> None:
        """Show what is set now on every page."""
        for page in self.pages:
            page.show_preferences(preferences)

    def say(self, sentence: str) -> None:
        """What went wrong; empty takes it away."""
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))

    def _lay_out(self) -> None:
        stack = QStackedWidget()
        self.list = QListWidget()
        self.list.setObjectName("pages")
        self.list.setAccessibleName(self.tr("Pages of the settings"))
        self.list.setFixedWidth(_LIST_PX)
        for page in self.pages:
            page.wanted.connect(self.wanted)
            stack.addWidget(page)
            item = QListWidgetItem(page.title)
            item.setSizeHint(QSize(0, _ROW_PX))
            self.list.addItem(item)
        self.list.currentRowChanged.connect(stack.setCurrentIndex)
        self.list.setCurrentRow(0)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(stack, 1)
        self._message.setContentsMargins(24, 0, 24, 14)
        right.addWidget(self._message)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.list)
        row.addLayout(right, 1)
