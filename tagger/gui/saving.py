"""Saved searches: kept, renamed and forgotten in a thread, shown in the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.gui.query_text import query_title
from tagger.services.facets import query_parts
from tagger.services.saved_searches import (
    list_searches,
    remove_search,
    rename_search,
    save_search,
)
from tagger.services.searching import format_query

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.gui.browsing import Browsing
    from tagger.gui.panels.side_panel import SidePanel
    from tagger.gui.session import Session
    from tagger.gui.work.worker import Outcome
    from tagger.library import Library

_SAVED = "saved searches"
_LONGEST_SUGGESTION = 40


class Saving(QObject):
    """Between the list of saved searches and the library.

    Signals:
        said(str): one sentence when there is nothing to save.
    """

    said = Signal(str)

    def __init__(
        self,
        session: Session,
        side: SidePanel,
        browsing: Browsing,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._library = session.workspace.library
        self._worker = session.decisions
        self._side = side
        self._browsing = browsing
        saved = side.saved
        saved.chosen.connect(browsing.ask)
        saved.named.connect(lambda name, text: self._do(lambda lib: save_search(lib, name, text)))
        saved.renamed.connect(lambda old, new: self._do(lambda lib: rename_search(lib, old, new)))
        saved.removed.connect(lambda name: self._do(lambda lib: remove_search(lib, name)))
        self._worker.finished.connect(self._on_finished)
        self._do(lambda _: None)

    def save_current(self) -> None:
        """Write a name for the search that is on screen."""
        query = self._browsing.query
        if query is None:
            self.said.emit(self.tr("Search for something first: all photos need no name."))
            return
        suggestion = ", ".join(query_title(part) for part in query_parts(query))
        self._side.sections["saved"].set_open(True)
        self._side.saved.begin_naming(format_query(query), suggestion[:_LONGEST_SUGGESTION])

    def _do(self, change: Callable[[Library], object]) -> None:
        """Change something, then read the list again; also when it was refused."""
        self._worker.start(_SAVED, lambda *_: change(self._library))
        self._worker.start(_SAVED, lambda *_: list_searches(self._library))

    def _on_finished(self, name: str, outcome: Outcome) -> None:
        if name == _SAVED and isinstance(outcome.result, list):
            self._side.saved.show_searches(outcome.result)
