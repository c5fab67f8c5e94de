"""The current photo in the inspector, and in the loupe while that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from tagger.gui.inspector.panel import PREVIEW_PX
from tagger.gui.pictures.previews import Preview
from tagger.services.inspecting import Inspection, inspect_photo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.core.changes import Changes
    from tagger.core.ids import PhotoId
    from tagger.gui.inspector.enlarging import Enlarging
    from tagger.gui.selection import Selection
    from tagger.gui.session import Session
    from tagger.gui.widgets import Widgets


class Looking(QObject):
    """Follows the current photo."""

    def __init__(
        self,
        session: Session,
        widgets: Widgets,
        selection: Selection,
        enlarging: Enlarging,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._inspector = widgets.inspector
        self._selection = selection
        self._enlarging = enlarging
        self._inspected: PhotoId | None = None
        selection.current_changed.connect(self._on_current_changed)
        selection.changed.connect(self._inspector.show_selection)
        session.details.answered.connect(self._on_inspected)
        session.previews.ready.connect(self._on_preview_ready)
        session.feed.changed.connect(self._on_changed)

    def _on_current_changed(self) -> None:
        current = self._selection.current
        if current != self._inspected:
            self._inspected = current
            self._enlarging.follow()
            if current is None:
                self._inspector.show_nothing()
            else:
                self._inspector.show_preview(self._small_picture(current))
                self._session.previews.show(current, PREVIEW_PX)
        self._inspect()

    def _small_picture(self, photo_id: PhotoId) -> Preview:
        """The one of the grid, or none, until its larger one is there."""
        small = self._session.thumbnails.pixmap(photo_id)
        image = None if small is None else small.toImage()
        return Preview(photo_id, image, is_final=False)

    def _inspect(self) -> None:
        current = self._selection.current
        if current is None:
            return

        def read() -> Iterator[Inspection | None]:
            yield inspect_photo(self._session.workspace, current)

        self._session.details.ask(read)

    def _on_inspected(self, inspection: Inspection | None) -> None:
        if inspection is not None and inspection.photo.id == self._selection.current:
            self._inspector.show_inspection(inspection)
            self._enlarging.show_inspection(inspection)

    def _on_preview_ready(self, preview: Preview) -> None:
        if preview.photo_id == self._selection.current:
            self._inspector.show_preview(preview)

    def _on_changed(self, changes: Changes) -> None:
        current = self._selection.current
        if current is not None and current in changes.read_again:
            self._session.previews.show(current, PREVIEW_PX)
            self._enlarging.follow()
        if not changes.photo_ids or current in changes.photo_ids:
            self._inspect()
