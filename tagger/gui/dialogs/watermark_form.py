"""What stands on every exported picture: nothing, a text, or a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from tagger.export import Corner, Watermark
from tagger.gui.dialogs.fields import with_room

if TYPE_CHECKING:
    from collections.abc import Iterable

_TEXT, _IMAGE = "text", "image"


class WatermarkForm(QWidget):
    """Kind, text or file, place, opacity and size.

    Signals:
        changed(): something else is wanted.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = combo_of(
            (self.tr("none"), None), (self.tr("a text"), _TEXT), (self.tr("a picture"), _IMAGE)
        )
        self.text = QLineEdit()
        self.text.setPlaceholderText(self.tr("{credit} stands for your credit line"))
        self.file = QLineEdit()
        self.file.setPlaceholderText(self.tr("a PNG with transparency"))
        self.choose_button = QPushButton(self.tr("Choose…"))
        self.choose_button.setAutoDefault(False)
        self._source = QWidget()
        self.place = combo_of(*self._places())
        self.opacity = _percent(1)
        self.share = _percent(2)
        self._lay_out()
        self._connect()
        self.show_watermark(None)

    @property
    def watermark(self) -> Watermark | None:
        """What the fields say; None for no watermark, and while text or file is missing."""
        kind = self.kind.currentData()
        text, file = self.text.text().strip(), self.file.text().strip()
        if kind is None or not (text if kind == _TEXT else file):
            return None
        return Watermark(
            text=text if kind == _TEXT else None,
            image=Path(file).expanduser() if kind == _IMAGE else None,
            place=self.place.currentData(),
            opacity=self.opacity.value() / 100,
            size=self.share.value() / 100,
        )

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing."""
        return self.kind.currentData() is None or self.watermark is not None

    def show_watermark(self, watermark: Watermark | None) -> None:
        """Fill the fields."""
        shown = watermark or Watermark(text="{credit}")
        kind = None if watermark is None else _TEXT if watermark.text else _IMAGE
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self.text.setText(shown.text or "")
        self.file.setText("" if shown.image is None else str(shown.image))
        self.place.setCurrentIndex(self.place.findData(shown.place))
        self.opacity.setValue(round(shown.opacity * 100))
        self.share.setValue(round(shown.size * 100))
        self._show_kind()

    def _places(self) -> Iterable[tuple[str, Corner]]:
        return (
            (self.tr("top left"), Corner.TOP_LEFT),
            (self.tr("top"), Corner.TOP),
            (self.tr("top right"), Corner.TOP_RIGHT),
            (self.tr("left"), Corner.LEFT),
            (self.tr("centre"), Corner.CENTRE),
            (self.tr("right"), Corner.RIGHT),
            (self.tr("bottom left"), Corner.BOTTOM_LEFT),
            (self.tr("bottom"), Corner.BOTTOM),
            (self.tr("bottom right"), Corner.BOTTOM_RIGHT),
        )

    def _show_kind(self) -> None:
        kind = self.kind.currentData()
        for field in (self.place, self.opacity, self.share):
            self._form.setRowVisible(field, kind is not None)
        self._form.setRowVisible(self.text, kind == _TEXT)
        self._form.setRowVisible(self._source, kind == _IMAGE)

    def _on_changed(self) -> None:
        self._show_kind()
        self.changed.emit()

    def _choose(self) -> None:
        chooser = QFileDialog(self, self.tr("Watermark"))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilter(self.tr("Pictures (*.png *.webp *.jpg)"))
        chooser.fileSelected.connect(self.file.setText)
        chooser.open()

    def _connect(self) -> None:
        self.choose_button.clicked.connect(self._choose)
        self.kind.currentIndexChanged.connect(self._on_changed)
        self.place.currentIndexChanged.connect(self._on_changed)
        for line in (self.text, self.file):
            line.textChanged.connect(self._on_changed)
        for box in (self.opacity, self.share):
            box.valueChanged.connect(self._on_changed)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self._source)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.file, 1)
        row.addWidget(self.choose_button)
        self._form = QFormLayout(self)
        self._form.setSpacing(10)
        self._form.setContentsMargins(0, 0, 0, 0)
        add_row(self._form, self.tr("&Watermark"), self.kind)
        add_row(self._form, self.tr("Te&xt"), self.text)
        add_row(self._form, self.tr("&File"), self.file, self._source)
        add_row(self._form, self.tr("Where"), self.place)
        add_row(self._form, self.tr("Opacity"), self.opacity)
        add_row(self._form, self.tr("Its size"), self.share)
        self.share.setToolTip(self.tr("A share of the picture's shorter side"))


def add_row(
    form: QFormLayout, words: str, field: QWidget, shown: QWidget | QLayout | None = None
) -> None:
    """A field with its words, which screen readers get too; `shown` is what it stands in."""
    field.setAccessibleName(words.replace("&", ""))
    label = QLabel(words)
    label.setBuddy(field)
    field.ensurePolished()
    label.setMinimumHeight(field.sizeHint().height())  # so that it stands beside the field's text
    if isinstance(shown, QLayout):
        form.addRow(label, shown)
    else:
        form.addRow(label, shown or field)


def combo_of(*choices: tuple[str, object]) -> QComboBox:
    """A box of words, each with what it stands for."""
    box = QComboBox()
    for words, meaning in choices:
        box.addItem(words, meaning)
    return box


def _percent(least: int) -> QSpinBox:
    box = with_room(QSpinBox())
    box.setRange(least, 100)
    box.setSuffix(" %")
    return box
