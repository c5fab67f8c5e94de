"""The search in force: its text and order, and the answers as they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from tagger.core.cancel import CancelToken
from tagger.core.errors import QueryError
from tagger.core.query import Sort
from tagger.gui.work.ending import join_all
from tagger.gui.work.latest import LatestWins
from tagger.services.browsing import Browser
from tagger.services.listing import Counts, Overview

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.core.changes import Changes
    from tagger.core.query import Query
    from tagger.services.listing import Listing
    from tagger.services.workspace import Workspace

_PAINT_MS = 25
"""So long counting waits for the photos to be painted: both want Python's lock."""
_CALM_MS = 500
"""So long nothing is asked and nothing changes before anything is read ahead."""


class Search(QObject):
    """One text and one order; whatever changes them, the newest answer wins.

    Photos are found in one thread and counted in another: a click never waits for the counts of
    the click before, which end where they are. Counting begins when the photos are painted; when
    all is calm after it, what sorting takes longest to read is read ahead.

    Attributes:
        is_refused: the text can't be understood, so that the photos of the one before stay.

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
        self._finding = LatestWins("search", self)
        self._finding.answered.connect(self._on_found)
        self._finding.failed.connect(self._on_failed)
        self._cancel = CancelToken()
        self._query: Query | None = None
        self._is_counted = False
        self._painting = QTimer(self, singleShot=True, interval=_PAINT_MS)
        self._painting.timeout.connect(self._count)
        self._counting = LatestWins("counts", self)
        self._counting.answered.connect(self._on_counted)
        self._counting.failed.connect(self.refused)
        self._counting.settled.connect(self._on_settled)
        self._calm = QTimer(self, singleShot=True, interval=_CALM_MS)
        self._calm.timeout.connect(self._read_ahead)
        self._is_finding = False
        self._is_asking = False
        self._is_stale = False
        self.text = ""
        self._understood = ""
        self.is_refused = False
        self.sort = Sort.TAKEN

    def ask(self, text: str) -> None:
        """Search for this from now on, whatever is being looked for."""
        self.text = text
        self.is_refused = False
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
        self._is_counted = False
        if changes.membership:
            self._browser.forget()
        if self._is_asking:
            self._is_stale = True
        else:
            self._ask()

    def close(self) -> None:
        """End the threads. Does not wait."""
        self._cancel.cancel()
        self._painting.stop()
        self._calm.stop()
        self._finding.close()
        self._counting.close()

    def join(self, seconds: float) -> bool:
        """Wait for the threads. Returns whether both have ended."""
        return join_all([self._finding, self._counting], seconds)

    def _ask(self) -> None:
        self._is_finding = self._is_asking = True
        self._is_stale = False
        self._cancel.cancel()
        self._painting.stop()
        self._calm.stop()
        self._counting.drop()
        text, sort, cancel = self.text, self.sort, CancelToken()
        if self.is_refused:
            text = self._understood  # what is on screen goes on being true
        self._cancel = cancel

        def find() -> Iterator[Listing]:
            yield self._browser.find(text, sort, cancel)

        self._finding.ask(find)

    def _on_found(self, listing: Listing) -> None:
        self._is_finding = False
        self._is_counted &= listing.query == self._query
        self._query, self._understood = listing.query, listing.text
        self.listed.emit(listing)
        if self._is_counted and not self._needs_overview:
            self._on_settled()
        elif not self._is_finding:
            self._painting.start()

    def _count(self) -> None:
        query, cancel, with_overview = self._query, self._cancel, self._needs_overview

        def count() -> Iterator[Counts | Overview]:
            yield self._browser.count(query, cancel)
            if with_overview:
                yield self._browser.survey()

        self._counting.ask(count)

    def _on_counted(self, answer: Counts | Overview) -> None:
        if self._is_finding:
            return
        if isinstance(answer, Counts):
            self._is_counted = not self._is_stale
            self.counted.emit(answer)
        else:
            self._needs_overview = self._is_stale
            self.surveyed.emit(answer)

    def _on_failed(self, error: Exception) -> None:
        self._is_finding = False
        self.is_refused |= isinstance(error, QueryError)
        self.refused.emit(error)
        self._on_settled()

    def _on_settled(self) -> None:
        """All is answered, unless these were the counts of a search that is over."""
        if self._is_finding or not self._is_asking:
            return
        self._is_asking = False
        if self._is_stale:
            self._ask()
        else:
            self._calm.start()

    def _read_ahead(self) -> None:
        """In the thread that counts, until the next search."""
        cancel = self._cancel

        def read() -> Iterator[None]:
            self._browser.read_ahead(cancel)
            yield from ()

        self._counting.ask(read)
