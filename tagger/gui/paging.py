"""A page that stands in the grid's place for a while: the loupe, photos side by side, review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tagger.gui.widgets import Widgets


class Paging(QObject):
    """Opens one page and goes back to the grid.

    Another page may take its place at any moment, by a key or a menu. So what a page changes
    around itself is put back in `_on_left`, which is called however it was left.
    """

    def __init__(self, widgets: Widgets, page: QWidget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._widgets = widgets
        self._own_page = page
        self._was_open = False
        widgets.pages.currentChanged.connect(self._on_page_changed)

    @property
    def is_open(self) -> bool:
        """Whether the page stands in the grid's place now."""
        return self._widgets.pages.currentWidget() is self._own_page

    def toggle(self) -> None:
        """Open the page, or go back to the grid."""
        if self.is_open:
            self.close()
        else:
            self.open()

    def open(self) -> None:
        """Show the page, if there is anything to show on it."""
        self._show_page()

    def close(self) -> None:
        """Back to the grid."""
        self._widgets.pages.setCurrentWidget(self._widgets.grid)
        self._widgets.grid.setFocus()

    def _show_page(self) -> None:
        self._widgets.pages.setCurrentWidget(self._own_page)
        self._own_page.setFocus()

    def _on_left(self) -> None:
        """The page has been left, for the grid or for another page."""

    def _on_page_changed(self) -> None:
        if self._was_open and not self.is_open:
            self._on_left()
        self._was_open = self.is_open
