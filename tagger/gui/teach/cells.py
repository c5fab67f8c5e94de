"""Cells of tables of moves and confusions: their photos in the grid, one word on all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.core.query import HasTag
from tagger.gui.teach.findings import describe_confusion
from tagger.gui.teach.wording import describe_move
from tagger.services.lessons.accepting import Acceptance, accept_move

if TYPE_CHECKING:
    from tagger.core.ids import PhotoId
    from tagger.gui.browsing import Browsing
    from tagger.gui.session import Session
    from tagger.gui.teach.cell_bar import CellBar
    from tagger.gui.work.worker import Outcome
    from tagger.services.models.comparing import Move

_DECIDE = "decide cell"


class Cells(QObject):
    """Shows photos that a table or a wall speaks of.

    Signals:
        left_for_photos(): the grid is wanted; comes before the photos.
        back_wanted(): the person is done with the photos of a cell.
        said(str): one sentence on what was decided.
        troubled(str): why it could not be.
    """

    left_for_photos = Signal()
    back_wanted = Signal()
    said = Signal(str)
    troubled = Signal(str)

    def __init__(
        self, session: Session, bar: CellBar, browsing: Browsing, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._browsing = browsing
        self._bar = bar
        self._move: Move | None = None
        bar.left.connect(self.back_wanted)
        bar.decided.connect(self._decide_shown)
        browsing.left_photos.connect(self.leave)
        session.decisions.finished.connect(self._on_decided)

    def open_move(self, move: Move) -> None:
        """Show the photos of a cell in the grid; what is proposed can be decided there."""
        self._move = move
        self._show_photos(move, describe_move(move))

    def open_confusion(self, move: Move) -> None:
        """Show the photos of a cell of the report in the grid."""
        self._move = None
        self._show_photos(move, describe_confusion(move))

    def open_photo(self, photo_id: PhotoId) -> None:
        """Show this photo alone."""
        self.left_for_photos.emit()
        self._browsing.show_photos((photo_id,))

    def open_class(self, name: str) -> None:
        """Show the photos of a class."""
        self.left_for_photos.emit()
        self._browsing.narrow(HasTag(name))

    def decide(self, move: Move, is_right: bool) -> None:
        """A person says so of all photos of a cell."""
        library = self._session.workspace.library
        self._session.decisions.start(
            _DECIDE, lambda *_: accept_move(library, move, is_right=is_right)
        )

    def leave(self) -> None:
        """The photos of a cell are no longer on screen."""
        self._move = None
        self._bar.hide()

    def _show_photos(self, move: Move, words: str) -> None:
        self._bar.show_words(words, can_decide=self._move is not None)
        self.left_for_photos.emit()
        self._browsing.show_photos(move.photo_ids)

    def _decide_shown(self, is_right: bool) -> None:
        if self._move is not None:
            self.decide(self._move, is_right)

    def _on_decided(self, name: str, outcome: Outcome) -> None:
        if name != _DECIDE:
            return
        self.troubled.emit(outcome.error or "")
        if isinstance(outcome.result, Acceptance):
            self.said.emit(self._describe(outcome.result))

    def _describe(self, done: Acceptance) -> str:
        decided = self.tr("Decided on %Ln photo(s). Ctrl+Z takes it back.", "", done.decided)
        kept = self.tr("You said otherwise of %Ln photo(s), and that stays.", "", done.kept)
        counted = ((decided, done.decided), (kept, done.kept))
        return " ".join(sentence for sentence, count in counted if count)
