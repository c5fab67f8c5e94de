"""The ribbon follows the shoot of the current photo."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

from tagger.core.query import HasTag
from tagger.gui.panels.filter_row import Choice
from tagger.services.ribbon import Ribbon, read_ribbon

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagger.core.changes import Changes
    from tagger.core.ids import PhotoId
    from tagger.gui.selection import Selection
    from tagger.gui.session import Session
    from tagger.gui.widgets import Widgets

_PACE_MS = 700
"""While photos are tagged the colours grow at this pace; nobody could follow a faster one."""


class Ribboning(QObject):
    """Asks for the hours of a shoot, shows them, and acts on what is marked there."""

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
        self._shoot: str | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PACE_MS)
        self._pause.timeout.connect(self._ask)
        self._strip = widgets.ribbon
        self._strip.stretch_chosen.connect(self._select)
        self._strip.class_chosen.connect(
            lambda name, choice: widgets.side.chosen.emit(HasTag(name), choice)
        )
        self._strip.time_chosen.connect(lambda span: widgets.side.chosen.emit(span, Choice.ONLY))
        selection.current_changed.connect(self._follow)
        session.ribbons.answered.connect(self._on_answered)
        session.feed.changed.connect(self._on_changed)

    def _follow(self) -> None:
        """Another shoot has another ribbon; without a current photo the last one stays."""
        row = self._selection.current_row
        photo = self._widgets.grid.photos.photo_at(row) if row >= 0 else None
        if photo is not None and photo.shoot != self._shoot:
            self._shoot = photo.shoot
            self._ask()

    def _ask(self) -> None:
        if not self._shoot:
            self._strip.show_ribbon(Ribbon(""))
            return

        def read(shoot: str) -> Iterator[Ribbon]:
            yield read_ribbon(self._session.workspace, shoot)

        self._session.ribbons.ask(partial(read, self._shoot))

    def _on_answered(self, ribbon: Ribbon) -> None:
        if ribbon.shoot == self._shoot:
            self._strip.show_ribbon(ribbon)

    def _on_changed(self, _changes: Changes) -> None:
        self._follow()
        if not self._pause.isActive():
            self._pause.start()

    def _select(self, photos: Sequence[PhotoId]) -> None:
        """Select those of them that are shown; the grid goes to the first."""
        if self._selection.select_photos(photos):
            self._widgets.grid.setFocus(Qt.FocusReason.OtherFocusReason)
