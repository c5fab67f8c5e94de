"""The search in force: its text and order, and the answers as they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.core.query import Sort
from tagger.gui.work.latest import LatestWins
from tagger.services.browsing import Browser
from tagger.services.listing import Counts, Listing, Overview

if TYPE_CHECKING:
    from tagger.core.changes import Changes
    from tagger.services.workspace import Workspace


class Search(QObject):
    """One text and one order; whatever changes them, the newest answer wins.

    Signals:
        listed(Listing): the photos.
        counted(Counts): the numbers beside the choices.
        surveyed(Overview): the library as a whole.
        refused(Exception): the text can't be understood, or the library can't be read.
    """

    listed = Signal(object)
    counted = Signal(object)
    surveyed = Signal(object)
    refused = Signal(object)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._browser = Browser(workspace)
        self._needs_overview = True
        self._worker = LatestWins("search", self)
        self._worker.answered.connect(self._deliver)
        self._worker.failed.connect(self.refused)
        self._worker.settled.connect(self._on_settled)
        self._is_asking = False
        self._is_stale = False
        self.text = ""
        self.sort = Sort.TAKEN

    def ask(self, text: str) -> None:
        """Search for this from now on, whatever is being looked for."""
        self.text = text
        self._ask()

    def set_sort(self, sort: Sort) -> None:
        """Show photos in this order from now on."""
        self.sort = sort
        self._ask()

    def refresh(self, changes: Changes) -> None:
        """Ask again, for the library has changed; a running search is let finish first.

        Otherwise a library that changes all the time would never get its counts.
        """
        self._needs_overview = True
        if changes.membership:
            self._browser.forget()
        if self._is_asking:
            self._is_stale = True
        else:
            self._ask()

    def close(self) -> None:
        """End the thread. Does not wait."""
        self._worker.close()

    def join(self, seconds: float) -> bool:
        """Wait for the thread. Returns whether it has ended."""
        return self._worker.join(seconds)

    def _ask(self) -> None:
        self._is_asking, self._is_stale = True, False
        text, sort, with_overview = self.text, self.sort, self._needs_overview
        self._worker.ask(lambda: self._browser.browse(text, sort, with_overview=with_overview))

    def _on_settled(self) -> None:
        self._is_asking = False
        if self._is_stale:
            self._ask()

    def _deliver(self, answer: object) -> None:
        if isinstance(answer, Listing):
            self.listed.emit(answer)
        elif isinstance(answer, Counts):
            self.counted.emit(answer)
        elif isinstance(answer, Overview):
            self._needs_overview = self._is_stale
            self.surveyed.emit(answer)
