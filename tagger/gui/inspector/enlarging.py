"""The current photo in the loupe, with its neighbours decoded ahead and the heat map over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.gui.inspector.heating import Heating
from tagger.gui.inspector.loupe import LOUPE_PX
from tagger.gui.paging import Paging
from tagger.gui.pictures.previews import Preview

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from tagger.core.ids import PhotoId
    from tagger.gui.selection import Selection
    from tagger.gui.session import Session
    from tagger.gui.widgets import Widgets
    from tagger.services.inspecting import Inspection

_AHEAD = (1, -1, 2)
"""Pictures decoded before they are asked for, by their distance from the current one."""


class Enlarging(Paging):
    """Follows the current photo for as long as the loupe is open; actions are about it alone."""

    def __init__(
        self,
        session: Session,
        widgets: Widgets,
        selection: Selection,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(widgets, widgets.loupe, parent)
        self._session = session
        self._selection = selection
        self._loupe = widgets.loupe
        self._heating = Heating(session, self._loupe, self)
        session.closeups.ready.connect(self._on_ready)
        self._loupe.moved.connect(self._on_moved)
        self._loupe.left.connect(self.close)
        widgets.inspector.closer_look_wanted.connect(self.toggle)

    def open(self) -> None:
        """Open the loupe on the current photo."""
        if self._selection.current is not None:
            self._show_page()
            self._selection.look_at_one(True)
            self.follow()

    def follow(self) -> None:
        """Another photo is current: look at that one, or close if there is none."""
        if not self.is_open:
            return
        if self._selection.current is None:
            self.close()
        else:
            self._show_photo()

    def show_inspection(self, inspection: Inspection) -> None:
        """What is known of the photo in the loupe has changed."""
        if self.is_open:
            self._loupe.show_photo(inspection.photo)

    def toggle_heat(self) -> None:
        """Show what the network looked at, or the plain photo again."""
        if not self.is_open:
            self.open()
        if self.is_open and self._selection.current is not None:
            self._heating.toggle(self._selection.current)

    def _on_left(self) -> None:
        self._heating.close()
        self._selection.look_at_one(False)

    def _show_photo(self) -> None:
        row = self._selection.current_row
        model = self._widgets.grid.photos
        photo = model.photo_at(row)
        if photo is None:
            return
        self._loupe.show_photo(photo)
        self._show_small_picture(photo.id)
        self._heating.follow(photo.id)
        count = model.rowCount()
        neighbours = [model.id_at(row + step) for step in _AHEAD if 0 <= row + step < count]
        self._session.closeups.show(photo.id, LOUPE_PX, neighbours)

    def _show_small_picture(self, photo_id: PhotoId) -> None:
        """The one of the grid, until a larger one has been read."""
        small = self._session.thumbnails.pixmap(photo_id)
        if small is not None and not self._loupe.picture.has_picture:
            self._loupe.show_preview(Preview(photo_id, small.toImage(), is_final=False))

    def _on_ready(self, preview: Preview) -> None:
        if preview.photo_id == self._selection.current:
            self._loupe.show_preview(preview)

    def _on_moved(self, step: int) -> None:
        self._selection.move_to(self._selection.current_row + step)
