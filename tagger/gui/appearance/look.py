"""The look in use: one object that widgets ask for colours and icons and that tells of changes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, QRectF, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from tagger.gui.appearance.colors import Colors, Theme, load_colors, load_style_sheet
from tagger.services.places import bundled_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QAbstractButton

_KEY = "appearance/theme"


class Look(QObject):
    """Colours and icons of the theme in use.

    Signals:
        changed(): another theme; `colors` is new already.
        chosen(Theme): a person chose this one.
    """

    changed = Signal()
    chosen = Signal(object)

    def __init__(self, settings: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        stored = str(settings.value(_KEY, Theme.DARK.value))
        self.theme = Theme(stored) if stored in set(Theme) else Theme.DARK
        self._class_colors: tuple[str, ...] = ()
        self.colors = load_colors(_name_of(self.theme))
        self._dressed: list[tuple[QAction | QAbstractButton, str]] = []
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_color_scheme_changed)

    def choose(self, theme: Theme) -> None:
        """Use this theme from now on, in the next session too."""
        self._settings.setValue(_KEY, theme.value)
        self.theme = theme
        self.apply()
        self.chosen.emit(theme)

    def color_classes(self, own: Sequence[str]) -> None:
        """A person's colours for classes in their order, empty for the theme's."""
        if tuple(own) != self._class_colors:
            self._class_colors = tuple(own)
            colors = self._load_colors()
            if colors != self.colors:
                self.colors = colors
                self.changed.emit()

    def apply(self) -> None:
        """Dress the application."""
        self.colors = self._load_colors()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        sheet = load_style_sheet(self.colors)
        # Qt dresses every widget anew, for half a second, even when nothing is different.
        if application.styleSheet() != sheet:
            application.setPalette(_make_palette(self.colors))
            application.setStyleSheet(sheet)
        self._dressed = [(wearer, name) for wearer, name in self._dressed if isValid(wearer)]
        for wearer, name in self._dressed:
            wearer.setIcon(self.icon(name))
        self.changed.emit()

    def icon(self, name: str, color: str | None = None) -> QIcon:
        """An icon of the program's own set, in the text's colour."""
        icon = QIcon()
        for size in (16, 24, 32, 48):
            icon.addPixmap(draw_icon(name, color or self.colors.text, size))
            icon.addPixmap(draw_icon(name, self.colors.faint, size), QIcon.Mode.Disabled)
        return icon

    def dress(self, wearer: QAction | QAbstractButton, name: str) -> None:
        """Give an icon and keep it in the theme's colour."""
        wearer.setIcon(self.icon(name))
        self._dressed.append((wearer, name))

    def _load_colors(self) -> Colors:
        return load_colors(_name_of(self.theme)).with_class_colors(self._class_colors)

    def _on_color_scheme_changed(self) -> None:
        if self.theme is Theme.SYSTEM:
            self.apply()


@lru_cache(maxsize=512)
def draw_icon(name: str, color: str, size_px: int, ratio: float = 2.0) -> QPixmap:
    """An icon as a pixmap of `size_px` device-independent pixels; window's thread only."""
    path = bundled_folder("resources") / "icons" / f"{name}.svg"
    drawing = path.read_text(encoding="utf-8").replace("currentColor", color)
    side = round(size_px * ratio)
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _name_of(theme: Theme) -> str:
    if theme is not Theme.SYSTEM:
        return theme.value
    scheme = QGuiApplication.styleHints().colorScheme()
    return "light" if scheme is Qt.ColorScheme.Light else "dark"


def _make_palette(colors: Colors) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colors.window,
        QPalette.ColorRole.WindowText: colors.text,
        QPalette.ColorRole.Base: colors.raised,
        QPalette.ColorRole.AlternateBase: colors.panel,
        QPalette.ColorRole.Text: colors.text,
        QPalette.ColorRole.Button: colors.raised,
        QPalette.ColorRole.ButtonText: colors.text,
        QPalette.ColorRole.Highlight: colors.accent,
        QPalette.ColorRole.HighlightedText: colors.on_accent,
        QPalette.ColorRole.PlaceholderText: colors.muted,
        QPalette.ColorRole.ToolTipBase: colors.raised,
        QPalette.ColorRole.ToolTipText: colors.text,
        QPalette.ColorRole.Link: colors.accent,
    }
    for role, color in roles.items():
        palette.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colors.faint))
    return palette
