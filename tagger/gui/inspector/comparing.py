"""Opens the selected photos side by side, and lets keys decide on the one that is chosen there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from tagger.gui.inspector.compare import MOST_COMPARED
from tagger.gui.paging import Paging

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from tagger.core.changes import Changes
    from tagger.gui.pictures.previews import Preview
    from tagger.gui.selection import Selection
    from tagger.gui.session import Session
    from tagger.gui.widgets import Widgets

_SIDE_PX = 2048


class Comparing(Paging):
    """Two to four photos in the grid's place.

    Signals:
        said(str): why nothing was opened.
    """

    said = Signal(str)

    def __init__(
        self,
        session: Session,
        widgets: Widgets,
        selection: Selection,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(widgets, widgets.compare, parent)
        self._session = session
        self._selection = selection
        self._view = widgets.compare
        self._view.left.connect(self.close)
        self._view.chosen.connect(self._on_chosen)
        session.closeups.ready.connect(self._on_ready)
        session.feed.changed.connect(self._on_changed)

    def open(self) -> None:
        """Put the selected photos side by side."""
        ids = self._selection.selected_ids()
        if not 2 <= len(ids) <= MOST_COMPARED:
            self.said.emit(self.tr("Select two, three or four photos to see them side by side."))
            return
        photos = self._session.workspace.library.photo_rows(ids)
        self._show_page()
        self._view.show_photos(photos)
        self._session.closeups.show_all([photo.id for photo in photos], _SIDE_PX)

    def _on_left(self) -> None:
        """The same photos are selected as before. A closer look is at the one that was chosen."""
        chosen = self._view.current
        self._selection.widen()
        if chosen is not None and self._widgets.pages.currentWidget() is self._widgets.loupe:
            self._selection.focus(chosen)

    def _on_chosen(self) -> None:
        chosen = self._view.current
        if self.is_open and chosen is not None:
            self._selection.narrow_to(chosen)

    def _on_ready(self, preview: Preview) -> None:
        if self.is_open:
            self._view.show_preview(preview)

    def _on_changed(self, changes: Changes) -> None:
        shown = self._view.photo_ids if self.is_open else []
        if shown and (not changes.photo_ids or changes.photo_ids.intersection(shown)):
            self._view.update_photos(self._session.workspace.library.photo_rows(shown))
