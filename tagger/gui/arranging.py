"""How the window stands: its place on the screen, its panels, the size of photos, the welcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Qt

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from tagger.gui.teach.teaching import Teaching
    from tagger.gui.widgets import Widgets
    from tagger.services.listing import Overview

_GEOMETRY = "window/geometry"
_CELL = "grid/cell_px"
_SCORES = "grid/scores"
_STEP = 1.2


class Arranging(QObject):
    """Shows the welcome or the photos, and keeps how the person arranged them."""

    def __init__(
        self, window: QMainWindow, widgets: Widgets, teaching: Teaching, settings: QSettings
    ) -> None:
        super().__init__(window)
        self._window = window
        self._widgets = widgets
        self._teaching = teaching
        self._settings = settings
        widgets.grid.zoomed.connect(self.zoom_to)
        widgets.zoom.valueChanged.connect(self.zoom_to)

    def restore(self) -> None:
        """As it was when the window was closed; the panels come with the first photos."""
        geometry = self._settings.value(_GEOMETRY)
        if geometry is not None:
            self._window.restoreGeometry(geometry)
        self.zoom_to(int(str(self._settings.value(_CELL, self._widgets.grid.cell_px))))
        self._widgets.grid.show_scores(bool(self._settings.value(_SCORES, False, type=bool)))
        self._widgets.side.restore(self._settings)
        self._widgets.show_browsing(False)
        self._widgets.pages.setCurrentWidget(self._widgets.grid)

    def remember(self) -> None:
        """Store how the window stands."""
        self._settings.setValue(_GEOMETRY, self._window.saveGeometry())
        self._settings.setValue(_CELL, self._widgets.grid.cell_px)
        self._settings.setValue(_SCORES, self._widgets.grid.has_scores)

    def zoom_to(self, width_px: int) -> None:
        """Photos of this width, or as near as there are."""
        self._widgets.grid.set_cell_px(width_px)
        self._widgets.zoom.setValue(self._widgets.grid.cell_px)

    def zoom_in(self) -> None:
        """Larger photos."""
        self.zoom_to(round(self._widgets.grid.cell_px * _STEP))

    def zoom_out(self) -> None:
        """Smaller photos."""
        self.zoom_to(round(self._widgets.grid.cell_px / _STEP))

    def toggle_scores(self) -> None:
        """Tell below each photo how sure the classifier is, or leave it out."""
        self._widgets.grid.show_scores(not self._widgets.grid.has_scores)

    def toggle_left(self) -> None:
        """Show or hide classes and folders."""
        self._widgets.left.setVisible(self._widgets.left.isHidden())

    def toggle_right(self) -> None:
        """Show or hide the inspector."""
        self._widgets.right.setVisible(self._widgets.right.isHidden())

    def find(self) -> None:
        """Type a search."""
        line = self._widgets.search.line
        line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        line.selectAll()

    def show_overview(self, overview: Overview) -> None:
        """The welcome while the library has no folder, else the photos and the panels."""
        is_new = not overview.places
        was_welcome = self._widgets.pages.currentWidget() is self._widgets.welcome
        is_first = self._widgets.top.isHidden() and not self._teaching.is_open
        if is_new and not was_welcome and not self._teaching.is_open:
            self._widgets.show_browsing(False)
            self._widgets.welcome.setFocus()
        elif not is_new and (was_welcome or is_first):
            self._widgets.show_browsing(True)
            self._widgets.grid.setFocus()
        if not overview.photos and not is_new:
            message = self.tr("Looking for photos in your folders…")
            self._widgets.grid.set_empty_message(message)
