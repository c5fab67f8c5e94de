"""What is written to files, what computes, where pictures are kept, and how it looks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
)

from tagger.gui.appearance.colors import Theme
from tagger.gui.dialogs.fields import with_room
from tagger.gui.settings.page import Page
from tagger.metadata import PROFILES
from tagger.services.preferences import apply_setting, empty_cache
from tagger.services.setting_values import DEVICES
from tagger.services.settings import TAG_DEVICE, THUMBNAILS_GB, WRITE_EXIFTOOL, WRITE_PROFILE

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tagger.services.preferences import Preferences

_PREDICTIONS_FROM = "write.predictions_from"
_SURE = 0.9


class WritingPage(Page):
    """What is written, for which programs, and when."""

    def __init__(self, title: str, lead: str, parent: QWidget | None = None) -> None:
        super().__init__(title, lead, parent)
        self.profile = QComboBox()
        titles = {
            "lightroom": self.tr("Lightroom, Bridge, Capture One and most others"),
            "digikam-immich": self.tr("digiKam, Immich and darktable too"),
            "windows": self.tr("Windows Explorer too"),
            "agency": self.tr("Agencies, Photo Mechanic and old programs too"),
            "sidecars-only": self.tr("No file is changed: sidecars only"),
        }
        for name in PROFILES:
            self.profile.addItem(titles[name], name)
        self._meaning = QLabel()
        self._meaning.setWordWrap(True)
        self._meaning.setProperty("role", "muted")
        self.predictions = QCheckBox(
            self.tr("Also write tags that nobody confirmed, from a &score of")
        )
        self.score = with_room(QDoubleSpinBox())
        self.score.setRange(0.5, 1.0)
        self.score.setSingleStep(0.01)
        self.score.setValue(_SURE)
        self.score.setAccessibleName(self.tr("Score from which predictions are written"))
        self.exiftool = QCheckBox(
            self.tr("Write into &TIFF, DNG, HEIC and AVIF too, by your exiftool; else beside them")
        )
        self.profile.activated.connect(
            lambda _: self._set(WRITE_PROFILE, self.profile.currentData())
        )
        self.predictions.clicked.connect(lambda _: self._set_score())
        self.score.editingFinished.connect(self._set_score)
        self.exiftool.clicked.connect(
            lambda is_on: self._set(WRITE_EXIFTOOL, "on" if is_on else "off")
        )
        form = QFormLayout()
        form.setVerticalSpacing(12)
        form.addRow(self.tr("&Programs"), self.profile)
        form.addRow("", self._meaning)
        self.score.setFixedWidth(84)
        self.column.addLayout(form)
        self.column.addSpacing(8)
        row = QHBoxLayout()
        row.addWidget(self.predictions)
        row.addWidget(self.score)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addWidget(self.exiftool)
        self.column.addStretch(1)

    def show_preferences(self, preferences: Preferences) -> None:
        """Show what is written now."""
        self.exiftool.setChecked(preferences.values[WRITE_EXIFTOOL] != "off")
        profile = preferences.values[WRITE_PROFILE]
        self.profile.setCurrentIndex(self.profile.findData(profile))
        self._meaning.setText(PROFILES[profile].meaning)
        score = preferences.values[_PREDICTIONS_FROM]
        self.predictions.setChecked(score != "off")
        self.score.setEnabled(score != "off")
        if score != "off" and not self.score.hasFocus():  # it may be half typed
            self.score.setValue(float(score))

    def _set_score(self) -> None:
        is_on = self.predictions.isChecked()
        self._set(_PREDICTIONS_FROM, f"{self.score.value():.2f}" if is_on else "off")

    def _set(self, key: str, value: str) -> None:
        self.wanted.emit(partial(apply_setting, key=key, text=value))


class ComputerPage(Page):
    """What the classifier runs on, and the thumbnails that are kept."""

    def __init__(self, title: str, lead: str, parent: QWidget | None = None) -> None:
        super().__init__(title, lead, parent)
        self.device = QComboBox()
        names = {
            "auto": self.tr("Whatever is fastest"),
            "cuda": self.tr("NVIDIA or AMD graphics (cuda)"),
            "mps": self.tr("Apple graphics (mps)"),
            "xpu": self.tr("Intel graphics (xpu)"),
            "cpu": self.tr("Processor"),
        }
        for device in DEVICES:
            self.device.addItem(names[device], device)
        self.device.activated.connect(
            lambda _: self.wanted.emit(
                partial(apply_setting, key=TAG_DEVICE, text=self.device.currentData())
            )
        )
        self._place = QLabel()
        self._place.setWordWrap(True)
        self._size = QLabel()
        self.limit = with_room(QDoubleSpinBox())
        self.limit.setRange(0.1, 10_000)
        self.limit.setDecimals(1)
        self.limit.setSuffix(self.tr(" GB"))
        self.limit.setKeyboardTracking(False)
        self.limit.setToolTip(self.tr("The oldest go first. Counts from the next start on."))
        self.limit.editingFinished.connect(self._set_limit)
        self.empty_button = QPushButton(self.tr("&Empty cache"))
        self.empty_button.setToolTip(self.tr("Thumbnails are made again when you look at them."))
        self.empty_button.clicked.connect(lambda: self.wanted.emit(empty_cache))
        form = QFormLayout()
        form.setVerticalSpacing(12)
        form.addRow(self.tr("&Tagging runs on"), self.device)
        form.addRow(self.tr("Thumbnails"), self._size)
        form.addRow(self.tr("At &most"), self.limit)
        form.addRow(self.tr("They are in"), self._place)
        self.column.addLayout(form)
        self.add_buttons(self.empty_button)
        self.column.addStretch(1)

    def show_preferences(self, preferences: Preferences) -> None:
        """Show device and cache as they are."""
        self.device.setCurrentIndex(DEVICES.index(preferences.values[TAG_DEVICE]))
        size = self.locale().formattedDataSize(preferences.cache_bytes)
        self._size.setText(size)
        self._place.setText(str(preferences.cache_path))
        if not self.limit.hasFocus():  # it may be half typed
            self.limit.setValue(float(preferences.values[THUMBNAILS_GB]))

    def _set_limit(self) -> None:
        text = f"{self.limit.value():g}"
        self.wanted.emit(partial(apply_setting, key=THUMBNAILS_GB, text=text))


class AppearancePage(Page):
    """Dark, light, or as the desktop.

    Signals:
        theme_chosen(Theme): use this from now on.
    """

    theme_chosen = Signal(object)

    def __init__(self, title: str, lead: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(title, lead, parent)
        self.theme = QComboBox()
        names = {
            Theme.DARK: self.tr("Dark"),
            Theme.LIGHT: self.tr("Light"),
            Theme.SYSTEM: self.tr("As the system"),
        }
        for choice, name in names.items():
            self.theme.addItem(name, choice)
        self.theme.setCurrentIndex(list(names).index(theme))
        self.theme.activated.connect(
            lambda _: self.theme_chosen.emit(Theme(self.theme.currentData()))
        )
        form = QFormLayout()
        form.addRow(self.tr("&Theme"), self.theme)
        self.column.addLayout(form)
        self.column.addStretch(1)

    def show_preferences(self, preferences: Preferences) -> None:
        """The theme is the window's own and known already."""
