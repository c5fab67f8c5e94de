"""Exporting the selection: how, where, go."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.core.ids import PhotoId
    from tagger.export import Preset

    Photos = Sequence[PhotoId]


class ExportDialog(QDialog):
    """Stays beside the window; the photos are those selected when it was opened.

    Signals:
        export_wanted(list, Path, Preset): start now.
    """

    export_wanted = Signal(object, object, object)

    def __init__(
        self, photos: Photos, presets: Sequence[Preset], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._photos = photos
        self.setWindowTitle(self.tr("Export"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.presets = QComboBox()
        for preset in presets:
            self.presets.addItem(preset.title, preset)
        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        self.folder = QLineEdit(str(Path(pictures) / "tagger"))
        self.folder.setMinimumWidth(320)
        self.folder.textChanged.connect(self._check)
        self._choose = QPushButton(self.tr("Choose…"))
        self._choose.clicked.connect(self._choose_folder)
        self.export_button = QPushButton(self.tr("Export"))
        self.export_button.setProperty("role", "primary")
        self.export_button.clicked.connect(self._start)
        self._cancel = QPushButton(self.tr("Cancel"))
        self._cancel.clicked.connect(self.reject)
        self._lay_out()
        self._choose.setAutoDefault(False)
        self._cancel.setAutoDefault(False)
        self.export_button.setDefault(True)  # only counts once the button is in the dialog

    def _lay_out(self) -> None:
        heading = QLabel(self.tr("Export %Ln photo(s)", "", len(self._photos)))
        heading.setProperty("role", "title")
        note = QLabel(self.tr("The originals are only read. Names that are taken get a number."))
        note.setProperty("role", "muted")
        place = QHBoxLayout()
        place.addWidget(self.folder, 1)
        place.addWidget(self._choose)
        form = QFormLayout()
        form.setSpacing(10)
        form.addRow(self.tr("&As"), self.presets)
        form.addRow(self.tr("&Folder"), place)
        form_label = form.labelForField(place)
        if isinstance(form_label, QLabel):
            form_label.setBuddy(self.folder)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self.export_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 20)
        column.setSpacing(14)
        column.addWidget(heading)
        column.addLayout(form)
        column.addWidget(note)
        column.addLayout(buttons)

    def _choose_folder(self) -> None:
        chooser = QFileDialog(self, self.tr("Export to"), self.folder.text())
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self.folder.setText)
        chooser.open()

    def _check(self, text: str) -> None:
        self.export_button.setEnabled(bool(text.strip()))

    def _start(self) -> None:
        folder = Path(self.folder.text().strip()).expanduser().absolute()
        self.export_wanted.emit(self._photos, folder, self.presets.currentData())
        self.accept()
