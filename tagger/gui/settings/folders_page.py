"""The folders of the library: add, remove, say where one is now."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHeaderView, QPushButton, QTreeWidget, QTreeWidgetItem

from tagger.gui.settings.page import Page
from tagger.services.preferences import relocate_folder

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tagger.core.ids import FolderId
    from tagger.services.preferences import Preferences

_ID = Qt.ItemDataRole.UserRole


class FoldersPage(Page):
    """One line a folder.

    Signals:
        folder_wanted(): choose a folder to add.
    """

    folder_wanted = Signal()

    def __init__(self, title: str, lead: str, parent: QWidget | None = None) -> None:
        super().__init__(title, lead, parent)
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.tr("Folders of the library"))
        self.list.setHeaderLabels([self.tr("Folder"), self.tr("State")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.itemSelectionChanged.connect(self._enable)
        self.add_button = QPushButton(self.tr("Add folder…"))
        self.relocate_button = QPushButton(self.tr("Is elsewhere now…"))
        self.relocate_button.setToolTip(
            self.tr("The folder was moved, or its drive has another name: tags and decisions stay.")
        )
        self.remove_button = QPushButton(self.tr("Remove"))
        self.remove_button.setToolTip(
            self.tr("Its photos leave the window. No file is touched; decisions come back with it.")
        )
        self.add_button.clicked.connect(self.folder_wanted)
        self.relocate_button.clicked.connect(self._choose_place)
        self.remove_button.clicked.connect(self._remove)
        self.column.addWidget(self.list, 1)
        self.add_buttons(self.add_button, self.relocate_button, self.remove_button)
        self._enable()

    def show_preferences(self, preferences: Preferences) -> None:
        """Show the folders as they are; the same one stays selected."""
        selected = self._selected()
        self.list.clear()
        for folder in preferences.folders:
            state = self.tr("drive is away") if folder.is_away else self.tr("watched")
            item = QTreeWidgetItem([str(folder.path), state])
            item.setData(0, _ID, folder.id)
            item.setToolTip(0, str(folder.path))
            self.list.addTopLevelItem(item)
            if folder.id == selected:
                self.list.setCurrentItem(item)
        self._enable()

    def relocate(self, folder_id: FolderId, path: str) -> None:
        """The folder is there now."""
        self.wanted.emit(partial(relocate_folder, folder_id=folder_id, path=Path(path)))

    def _selected(self) -> FolderId | None:
        items = self.list.selectedItems()
        return items[0].data(0, _ID) if items else None

    def _enable(self) -> None:
        for button in (self.relocate_button, self.remove_button):
            button.setEnabled(self._selected() is not None)

    def _remove(self) -> None:
        folder_id = self._selected()
        if folder_id is not None:
            self.wanted.emit(lambda workspace: workspace.library.remove_folder(folder_id))

    def _choose_place(self) -> None:
        folder_id = self._selected()
        if folder_id is None:
            return
        chooser = QFileDialog(self, self.tr("Where the folder is now"))
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(lambda path: self.relocate(folder_id, path))
        chooser.open()
