"""A preset of one's own: what exported pictures are like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tagger.core.errors import WrongUseError
from tagger.export import Kept, Preset, Sharpening
from tagger.gui.dialogs.fields import with_room
from tagger.gui.dialogs.watermark_form import WatermarkForm, add_row, combo_of
from tagger.services.exporting import change_preset, name_preset

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST_PX = 20_000
_MOST_KB = 100_000


class PresetEditor(QDialog):
    """Begins with a preset, and makes one of the photographer's own of it.

    Signals:
        saved(Preset): keep it; an own one of the same name is replaced.
        removal_wanted(str): forget the own preset of this name.
    """

    saved = Signal(object)
    removal_wanted = Signal(str)

    def __init__(self, preset: Preset, *, is_own: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preset = preset
        self._is_own = is_own
        self.setWindowTitle(self.tr("A preset of your own"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        own_title = self.tr("{title}, my own").format(title=preset.title)
        self.title = QLineEdit(preset.title if is_own else own_title)
        self.fit = combo_of(
            (self.tr("the whole picture"), "inside"),
            (self.tr("the whole picture with a border"), "border"),
            (self.tr("cut to this shape"), "fill"),
            (self.tr("the original's own bytes"), "copy"),
        )
        self.width_px = self._number(_MOST_PX, self.tr("free"), " px")
        self.height_px = self._number(_MOST_PX, self.tr("free"), " px")
        self.enlarge = QCheckBox(self.tr("Enlarge small ones"))
        self.border = QPushButton()
        self.quality = with_room(QSpinBox())
        self.quality.setRange(1, 100)
        self.most_kb = self._number(_MOST_KB, self.tr("any"), " KB")
        self.sharpen = combo_of(
            (self.tr("not"), Sharpening.NONE),
            (self.tr("a little"), Sharpening.LOW),
            (self.tr("for the screen"), Sharpening.SCREEN),
            (self.tr("strongly"), Sharpening.HIGH),
        )
        self.watermark = WatermarkForm()
        self.kept = combo_of(
            (self.tr("none"), Kept.NONE),
            (self.tr("author, copyright, credit"), Kept.CREDIT),
            (self.tr("all but the place and what is private"), Kept.ALL),
        )
        self.place = QCheckBox(self.tr("Keep where it was taken"))
        self.private = QCheckBox(self.tr("Keep serial numbers, owner, comments"))
        self.complaint = QLabel()
        self.complaint.setWordWrap(True)
        self.complaint.setProperty("role", "error")
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        self.remove_button = QPushButton(self.tr("&Remove this preset"))
        self._lay_out()
        self._show_preset()
        self._connect()
        self._check()

    @property
    def preset(self) -> Preset:
        """What the fields say.

        Raises:
            WrongUseError: they do not fit together; one sentence.
        """
        if self.fit.currentData() != "copy" and not self.watermark.is_complete:
            raise WrongUseError(self.tr("Give the watermark its text, or its file."))
        return change_preset(self._preset, self._changes())

    def accept(self) -> None:
        """Keep it."""
        self.saved.emit(self.preset)
        super().accept()

    def _changes(self) -> Mapping[str, object]:
        is_copy = self.fit.currentData() == "copy"
        keeps_all = self.kept.currentData() is Kept.ALL
        title = self.title.text().strip()
        return {
            "name": self._preset.name if self._is_own else name_preset(title),
            "title": title,
            "description": self._preset.description if self._is_own else title,
            "fit": self.fit.currentData(),
            "width_px": None if is_copy else self.width_px.value() or None,
            "height_px": None if is_copy else self.height_px.value() or None,
            "enlarge": self.enlarge.isChecked(),
            "border_color": self.border.text(),
            "quality": self.quality.value(),
            "max_kilobytes": self.most_kb.value() or None,
            "sharpen": self.sharpen.currentData(),
            "watermark": None if is_copy else self.watermark.watermark,
            "metadata": self.kept.currentData(),
            "keep_place": keeps_all and self.place.isChecked(),
            "keep_private": keeps_all and self.private.isChecked(),
        }

    def _show_preset(self) -> None:
        preset = self._preset
        self.fit.setCurrentIndex(self.fit.findData(preset.fit))
        self.width_px.setValue(preset.width_px or 0)
        self.height_px.setValue(preset.height_px or 0)
        self.enlarge.setChecked(preset.enlarge)
        self._show_border(QColor(preset.border_color))
        self.quality.setValue(preset.quality)
        self.most_kb.setValue(preset.max_kilobytes or 0)
        self.sharpen.setCurrentIndex(self.sharpen.findData(preset.sharpen))
        self.watermark.show_watermark(preset.watermark)
        self.kept.setCurrentIndex(self.kept.findData(preset.metadata))
        self.place.setChecked(preset.keep_place)
        self.private.setChecked(preset.keep_private)

    def _check(self) -> None:
        """Offer what makes sense, and say what does not fit."""
        fit = self.fit.currentData()
        for field in (self.width_px, self.height_px, self.enlarge, self.watermark):
            field.setEnabled(fit != "copy")
        self.border.setEnabled(fit == "border")
        for box in (self.place, self.private):
            box.setEnabled(self.kept.currentData() is Kept.ALL)
        problem = self._find_problem()
        self.complaint.setText(problem)
        self.complaint.setVisible(bool(problem))
        save = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        save.setEnabled(not problem)

    def _find_problem(self) -> str:
        needs_both = self.fit.currentData() in {"border", "fill"}
        if not name_preset(self.title.text()):
            return self.tr("Give it a title with a letter or a digit.")
        if needs_both and not (self.width_px.value() and self.height_px.value()):
            return self.tr("Give width and height: a border, or a cut, needs both.")
        try:
            _ = self.preset
        except WrongUseError as error:
            return str(error)
        return ""

    def _choose_border(self) -> None:
        chooser = QColorDialog(QColor(self.border.text()), self)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.colorSelected.connect(self._show_border)
        chooser.open()

    def _show_border(self, color: QColor) -> None:
        self.border.setText(color.name())

    def _remove(self) -> None:
        self.removal_wanted.emit(self._preset.name)
        self.reject()

    def _connect(self) -> None:
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.remove_button.clicked.connect(self._remove)
        self.border.clicked.connect(self._choose_border)
        self.title.textChanged.connect(self._check)
        for combo in (self.fit, self.kept):
            combo.currentIndexChanged.connect(self._check)
        for box in (self.width_px, self.height_px, self.most_kb):
            box.valueChanged.connect(self._check)
        self.watermark.changed.connect(self._check)

    def _number(self, most: int, words_for_none: str, suffix: str) -> QSpinBox:
        box = with_room(QSpinBox())
        box.setRange(0, most)
        box.setSpecialValueText(words_for_none)
        box.setSuffix(suffix)
        return box

    def _lay_out(self) -> None:
        size = QHBoxLayout()
        for field in (self.width_px, QLabel(self.tr("by")), self.height_px, self.enlarge):
            size.addWidget(field)
        size.addStretch(1)
        weight = QHBoxLayout()
        for field in (self.quality, QLabel(self.tr("at most")), self.most_kb):
            weight.addWidget(field)
        weight.addStretch(1)
        self.height_px.setAccessibleName(self.tr("Height"))
        self.most_kb.setAccessibleName(self.tr("At most so many kilobytes"))
        form = QFormLayout()
        form.setSpacing(10)
        add_row(form, self.tr("&Title"), self.title)
        add_row(form, self.tr("&Picture"), self.fit)
        add_row(form, self.tr("&Size"), self.width_px, size)
        self.width_px.setAccessibleName(self.tr("Width"))
        add_row(form, self.tr("&Border"), self.border)
        add_row(form, self.tr("&Quality"), self.quality, weight)
        add_row(form, self.tr("Shar&pen"), self.sharpen)
        form.addRow(self.watermark)
        add_row(form, self.tr("&Metadata"), self.kept)
        form.addRow("", self.place)
        form.addRow("", self.private)
        self.remove_button.setVisible(self._is_own)
        self.remove_button.setAutoDefault(False)
        self.border.setAutoDefault(False)
        save = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        save.setProperty("role", "primary")
        below = QHBoxLayout()
        below.addWidget(self.remove_button)
        below.addWidget(self.buttons, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 20)
        column.setSpacing(14)
        column.addLayout(form)
        column.addWidget(self.complaint)
        column.addStretch(1)
        column.addLayout(below)
        self._align_labels()
        self.resize(520, self.sizeHint().height())

    def _align_labels(self) -> None:
        """The watermark's fields stand below the others, though they are a form of their own."""
        labels = [label for label in self.findChildren(QLabel) if label.buddy() is not None]
        width_px = max(label.sizeHint().width() for label in labels)
        for label in labels:
            label.setMinimumWidth(width_px)
