"""The settings page and the library: read and changed in a thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from tagger.gui.settings.dialog import SettingsDialog
from tagger.services.preferences import Preferences, apply_setting, read_preferences
from tagger.services.settings import THEME

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from tagger.gui.appearance.look import Look
    from tagger.gui.session import Session
    from tagger.gui.work.worker import Outcome
    from tagger.services.workspace import Workspace

_READ, _CHANGE = "read settings", "change settings"


class Configuring(QObject):
    """Opens the settings once, and brings them to the front the next time.

    Args:
        choose_folder: asks for a folder to add.
    """

    def __init__(
        self,
        session: Session,
        look: Look,
        choose_folder: Callable[[], object],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._workspace = session.workspace
        self._worker = session.decisions
        self._look = look
        self._choose_folder = choose_folder
        self._window = window
        self._dialog: SettingsDialog | None = None
        self._worker.finished.connect(self._on_finished)
        look.chosen.connect(
            lambda theme: self._change(partial(apply_setting, key=THEME, text=theme.value))
        )
        session.search.surveyed.connect(lambda overview: look.color_classes(overview.class_colors))
        session.feed.changed.connect(lambda changes: self._read() if changes.membership else None)

    def open(self) -> SettingsDialog:
        """Show the settings."""
        dialog = self._shown()
        if dialog is None:
            dialog = self._dialog = SettingsDialog(self._look, self._window)
            dialog.wanted.connect(self._change)
            dialog.folder_wanted.connect(self._choose_folder)
        self._read()
        dialog.show()
        dialog.raise_()
        return dialog

    def _shown(self) -> SettingsDialog | None:
        return self._dialog if self._dialog is not None and isValid(self._dialog) else None

    def _read(self) -> None:
        if self._shown() is not None:
            self._worker.start(_READ, lambda *_: read_preferences(self._workspace))

    def _change(self, change: Callable[[Workspace], object]) -> None:
        self._worker.start(_CHANGE, lambda *_: change(self._workspace))
        self._read()

    def _on_finished(self, name: str, outcome: Outcome) -> None:
        dialog = self._shown()
        if dialog is None:
            return
        if name == _CHANGE:
            dialog.say(outcome.error or "")
        elif name == _READ and isinstance(outcome.result, Preferences):
            dialog.show_preferences(outcome.result)
