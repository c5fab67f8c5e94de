"""The current photo in the inspector and in the loupe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.gui.inspector.heating import Heating
from tagger.gui.inspector.loupe import LOUPE_PX
from tagger.gui.inspector.panel import PREVIEW_PX
from tagger.services.inspecting import Inspection, inspect_photo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.core.changes import Changes
    from tagger.core.ids import PhotoId
    from tagger.gui.pictures.previews import Preview
    from tagger.gui.selection import Selection
    from tagger.gui.session import Session
    from tagger.gui.widgets import Widgets

_AHEAD = (1, -1, 2)
"""Pictures decoded before they are asked for, by their distance from the current one."""


class Looking(QObject):
    """Follows the current photo.

    Signals:
        loupe_toggled(bool): the loupe has taken the grid's place, or given it back.
    """

    loupe_toggled = Signal(bool)

    def __init__(
        self,
        session: Session,
        widgets: Widgets,
        selection: Selection,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._widgets = widgets
        self._selection = selection
        self._inspected: PhotoId | None = None
        self._heating = Heating(session, widgets.loupe, self)
        selection.current_changed.connect(self._on_current_changed)
        selection.changed.connect(widgets.inspector.show_selection)
        session.details.answered.connect(self._on_inspected)
        session.previews.ready.connect(self._on_preview_ready)
        session.closeups.ready.connect(self._on_closeup_ready)
        session.feed.changed.connect(self._on_changed)
        widgets.loupe.moved.connect(self._on_moved)
        widgets.loupe.left.connect(self.toggle_loupe)
        widgets.inspector.closer_look_wanted.connect(self.toggle_loupe)

    @property
    def is_loupe_open(self) -> bool:
        """Whether the loupe stands in the grid's place."""
        return self._widgets.pages.currentWidget() is self._widgets.loupe

    def toggle_loupe(self) -> None:
        """Open the loupe on the current photo, or go back to the grid."""
        widgets = self._widgets
        if self.is_loupe_open:
            self._heating.stop()
            widgets.pages.setCurrentWidget(widgets.grid)
            widgets.grid.setFocus()
        elif self._selection.current is not None:
            widgets.pages.setCurrentWidget(widgets.loupe)
            widgets.loupe.setFocus()
            self._show_closeup()
        self.loupe_toggled.emit(self.is_loupe_open)

    def toggle_heat(self) -> None:
        """Show in the loupe what the network looked at, or the plain photo again."""
        if not self.is_loupe_open:
            self.toggle_loupe()
        if self.is_loupe_open and self._selection.current is not None:
            self._heating.toggle(self._selection.current)

    def _on_current_changed(self) -> None:
        current = self._selection.current
        if current is None:
            self._inspected = None
            self._widgets.inspector.show_nothing()
            if self.is_loupe_open:
                self.toggle_loupe()
            return
        if current != self._inspected:
            self._inspected = current
            self._session.previews.show(current, PREVIEW_PX)
            if self.is_loupe_open:
                self._show_closeup()
        self._inspect()

    def _inspect(self) -> None:
        current = self._selection.current
        if current is None:
            return

        def read() -> Iterator[Inspection | None]:
            yield inspect_photo(self._session.workspace, current)

        self._session.details.ask(read)

    def _show_closeup(self) -> None:
        row = self._selection.current_row
        model = self._widgets.grid.photos
        photo = model.photo_at(row)
        if photo is None:
            return
        self._widgets.loupe.show_photo(photo)
        self._heating.follow(photo.id)
        count = model.rowCount()
        neighbours = [model.id_at(row + step) for step in _AHEAD if 0 <= row + step < count]
        self._session.closeups.show(photo.id, LOUPE_PX, neighbours)

    def _on_inspected(self, inspection: Inspection | None) -> None:
        if inspection is None or inspection.photo.id != self._selection.current:
            return
        self._widgets.inspector.show_inspection(inspection)
        if self.is_loupe_open:
            self._widgets.loupe.show_photo(inspection.photo)

    def _on_preview_ready(self, preview: Preview) -> None:
        if preview.photo_id == self._selection.current:
            self._widgets.inspector.show_preview(preview)

    def _on_closeup_ready(self, preview: Preview) -> None:
        if preview.photo_id == self._selection.current:
            self._widgets.loupe.show_preview(preview)

    def _on_changed(self, changes: Changes) -> None:
        if not changes.photo_ids or self._selection.current in changes.photo_ids:
            self._inspect()

    def _on_moved(self, step: int) -> None:
        self._selection.move_to(self._selection.current_row + step)
