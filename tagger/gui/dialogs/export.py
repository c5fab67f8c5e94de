"""Exporting the selection: how, where, and what it will look like."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
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

from tagger.core.errors import WrongUseError
from tagger.gui.dialogs.export_preview import PreviewPanel
from tagger.gui.dialogs.preset_editor import PresetEditor
from tagger.services.exporting import ExportRequest, Sheet, example_name, with_template

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tagger.core.ids import PhotoId
    from tagger.export import Preset, Window
    from tagger.services.exporting import ExportPreview

    Photos = Sequence[PhotoId]
    Make = Callable[[Photos, int, ExportRequest], ExportPreview]


@dataclass(frozen=True)
class Presets:
    """What can be chosen, in this order, and the names of those that are the photographer's."""

    known: Sequence[Preset]
    own: frozenset[str]


class ExportDialog(QDialog):
    """Stays beside the window; the photos are those selected when it was opened.

    Args:
        make: makes the picture at a place, for the preview; called in a thread.

    Signals:
        export_wanted(list, ExportRequest): start now.
        crop_placed(PhotoId, Preset, Window): remember this crop; None forgets it.
        preset_saved(Preset): keep this preset of one's own.
        preset_removed(str): forget the own preset of this name.
    """

    export_wanted = Signal(object, object)
    crop_placed = Signal(object, object, object)
    preset_saved = Signal(object)
    preset_removed = Signal(str)

    def __init__(
        self, photos: Photos, presets: Presets, make: Make, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._photos = photos
        self._windows: dict[tuple[PhotoId, float | None], Window] = {}
        self.setWindowTitle(self.tr("Export"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.presets = QComboBox()
        self._own: frozenset[str] = frozenset()
        self._change = QPushButton(self.tr("C&hange…"))
        self._change.setToolTip(self.tr("Size, quality, watermark, metadata: as a preset of yours"))
        self._fill_presets(presets)
        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        self.folder = QLineEdit(str(Path(pictures) / "tagger"))
        self.folder.setMinimumWidth(260)
        self.template = QLineEdit()
        self.example = QLabel()
        self.example.setProperty("role", "muted")
        self.example.setTextFormat(Qt.TextFormat.PlainText)
        self.example.setWordWrap(True)
        self.captions = QCheckBox(self.tr("&Captions and hashtags as a text file"))
        self.sheet = QCheckBox(self.tr("Contact &sheet as PDF"))
        self.zip = QCheckBox(self.tr("All in one &ZIP file"))
        self._choose = QPushButton(self.tr("Choose…"))
        self.export_button = QPushButton(self.tr("Export"))
        self._cancel = QPushButton(self.tr("Cancel"))
        self._show_template()
        self.preview = PreviewPanel(
            len(photos), lambda place, request: make(photos, place, request), self.request, self
        )
        self._lay_out()
        self._connect()

    def request(self) -> ExportRequest:
        """How the pictures are made as the dialog stands."""
        preset: Preset = self.presets.currentData()
        with suppress(WrongUseError):  # shown beside the field, and the button is off
            preset = with_template(preset, self.template.text())
        return ExportRequest(
            preset=preset,
            folder=Path(self.folder.text().strip()).expanduser().absolute(),
            is_zip=self.zip.isChecked(),
            has_captions=self.captions.isChecked(),
            sheet=Sheet.PDF if self.sheet.isChecked() else Sheet.NONE,
            windows={
                photo: window
                for (photo, ratio), window in self._windows.items()
                if ratio == preset.ratio
            },
        )

    def show_presets(self, presets: Presets, chosen: str) -> None:
        """Other presets than before; the one of this name is chosen."""
        self._fill_presets(presets, chosen)
        self._on_preset()

    def _fill_presets(self, presets: Presets, chosen: str = "") -> None:
        blocker = QSignalBlocker(self.presets)
        self._own = presets.own
        self.presets.clear()
        for preset in presets.known:
            self.presets.addItem(preset.title, preset)
            if preset.name == chosen:
                self.presets.setCurrentIndex(self.presets.count() - 1)
        blocker.unblock()

    def _edit_preset(self) -> None:
        preset: Preset = self.presets.currentData()
        editor = PresetEditor(preset, is_own=preset.name in self._own, parent=self)
        editor.saved.connect(self.preset_saved)
        editor.removal_wanted.connect(self.preset_removed)
        editor.open()

    def _connect(self) -> None:
        self._change.clicked.connect(self._edit_preset)
        self.presets.currentIndexChanged.connect(self._on_preset)
        self.folder.textChanged.connect(self._check)
        self.template.textChanged.connect(self._check)
        self.template.editingFinished.connect(self.preview.refresh)
        self.preview.placed.connect(self._on_placed)
        self._choose.clicked.connect(self._choose_folder)
        self.export_button.clicked.connect(self._start)
        self._cancel.clicked.connect(self.reject)

    def _lay_out(self) -> None:
        heading = QLabel(self.tr("Export %Ln photo(s)", "", len(self._photos)))
        heading.setProperty("role", "title")
        note = QLabel(self.tr("The originals are only read. Names that are taken get a number."))
        note.setProperty("role", "muted")
        note.setWordWrap(True)
        options = QVBoxLayout()
        options.setSpacing(14)
        options.addWidget(heading)
        options.addLayout(self._make_form())
        for box in (self.captions, self.sheet, self.zip):
            options.addWidget(box)
        options.addStretch(1)
        options.addWidget(note)
        options.addLayout(self._make_buttons())
        row = QHBoxLayout(self)
        row.setContentsMargins(22, 20, 22, 20)
        row.setSpacing(24)
        row.addLayout(options)
        row.addWidget(self.preview, 1)

    def _make_form(self) -> QFormLayout:
        place = QHBoxLayout()
        place.addWidget(self.folder, 1)
        place.addWidget(self._choose)
        form = QFormLayout()
        form.setSpacing(10)
        choice = QHBoxLayout()
        choice.addWidget(self.presets, 1)
        choice.addWidget(self._change)
        form.addRow(self.tr("&As"), choice)
        form.addRow(self.tr("&Folder"), place)
        form.addRow(self.tr("&Names"), self.template)
        form.addRow("", self.example)
        for row, field in ((place, self.folder), (choice, self.presets)):
            label = form.labelForField(row)
            if isinstance(label, QLabel):
                label.setBuddy(field)
        return form

    def _make_buttons(self) -> QHBoxLayout:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self.export_button)
        self.export_button.setProperty("role", "primary")
        self._choose.setAutoDefault(False)
        self._change.setAutoDefault(False)
        self._cancel.setAutoDefault(False)
        self.export_button.setDefault(True)  # only counts once the button is in the dialog
        return buttons

    def _choose_folder(self) -> None:
        chooser = QFileDialog(self, self.tr("Export to"), self.folder.text())
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self.folder.setText)
        chooser.open()

    def _on_preset(self) -> None:
        self._show_template()
        self._check()
        self.preview.refresh()

    def _show_template(self) -> None:
        preset: Preset = self.presets.currentData()
        self.template.setText(preset.filename)
        self.example.setText(example_name(preset))

    def _check(self) -> None:
        """The example follows every key; a template that makes no sense says why."""
        problem = ""
        try:
            preset = with_template(self.presets.currentData(), self.template.text())
            self.example.setText(example_name(preset))
        except WrongUseError as error:
            problem = str(error)
            self.example.setText(problem)
        self.export_button.setEnabled(bool(self.folder.text().strip()) and not problem)

    def _on_placed(self, photo: PhotoId | None, window: Window | None) -> None:
        if photo is None:
            return
        preset: Preset = self.presets.currentData()
        if window is None:
            self._windows.pop((photo, preset.ratio), None)
        else:
            self._windows[photo, preset.ratio] = window
        self.crop_placed.emit(photo, preset, window)

    def _start(self) -> None:
        self.export_wanted.emit(self._photos, self.request())
        self.accept()
