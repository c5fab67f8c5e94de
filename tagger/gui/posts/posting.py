"""Opens what has to do with posts: the builder, the ledger, the shooting list."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from tagger.gui.posts.builder import PostBuilder
from tagger.gui.posts.coverage_dialog import CoverageDialog
from tagger.gui.posts.ledger_dialog import LedgerDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from tagger.gui.appearance.look import Look
    from tagger.gui.browsing import Browsing
    from tagger.gui.selection import Selection
    from tagger.gui.session import Session
    from tagger.gui.working import Working

_Dialog = TypeVar("_Dialog", bound=QDialog)


class Posting(QObject):
    """Each of them is there once, and comes to the front the next time."""

    def __init__(
        self,
        session: Session,
        look: Look,
        browsing: Browsing,
        selection: Selection,
        working: Working,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._look = look
        self._browsing = browsing
        self._selection = selection
        self._working = working
        self._window = window

    def open_builder(self) -> PostBuilder:
        """Build a post from a wish."""
        return self._bring(PostBuilder, self._make_builder)

    def open_ledger(self) -> LedgerDialog:
        """What was posted where and when."""
        return self._bring(LedgerDialog, self._make_ledger)

    def open_coverage(self) -> CoverageDialog:
        """Every wedding against the shooting list."""
        return self._bring(CoverageDialog, self._make_coverage)

    def _make_builder(self) -> PostBuilder:
        builder = PostBuilder(self._session, self._window)
        builder.export_wanted.connect(self._working.open_export_of)
        return builder

    def _make_ledger(self) -> LedgerDialog:
        ledger = LedgerDialog(self._session, self._window)
        ledger.photos_wanted.connect(self._browsing.show_photos)
        ledger.note_wanted.connect(lambda: ledger.note(self._selection.photo_ids()))
        return ledger

    def _make_coverage(self) -> CoverageDialog:
        coverage = CoverageDialog(self._session, self._look, self._window)
        coverage.photos_wanted.connect(self._browsing.narrow)
        return coverage

    def _bring(self, kind: type[_Dialog], make: Callable[[], _Dialog]) -> _Dialog:
        there = self._window.findChildren(kind)
        dialog = next((one for one in there if one.isVisible()), None) or make()
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        return dialog
