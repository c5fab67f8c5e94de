"""Goes through the review queue: plans it, shows one question after the other, tells the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.tag import Verdict
from tagger.gui.paging import Paging
from tagger.services.review_queue import Precision, Question, estimate_precision, plan_review

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from tagger.gui.browsing import Browsing
    from tagger.gui.deciding import Deciding
    from tagger.gui.pictures.previews import Preview
    from tagger.gui.selection import Selection
    from tagger.gui.session import Session
    from tagger.gui.widgets import Widgets
    from tagger.gui.work.worker import Outcome

LENGTH = 50
"""Questions a round: a few minutes, with the end in sight."""

_SIDE_PX = 1600
_AHEAD = 2
_PLAN, _MEASURE = "plan review", "measure review"


class Reviewing(Paging):
    """One round at a time, over the photos of the search in force."""

    def __init__(
        self,
        session: Session,
        widgets: Widgets,
        browsing: Browsing,
        selection: Selection,
        deciding: Deciding,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(widgets, widgets.review, parent)
        self._session = session
        self._browsing = browsing
        self._selection = selection
        self._deciding = deciding
        self._page = widgets.review
        self._queue: list[Question] = []
        self._place = 0
        self._had_inspector = True
        self._asked_at: tuple[object, ...] | None = None
        self._page.answered.connect(self._on_answered)
        self._page.moved.connect(self._move)
        self._page.left.connect(self.close)
        session.decisions.finished.connect(self._on_finished)
        session.closeups.ready.connect(self._on_ready)

    def open(self) -> None:
        """Begin a round with the photos on screen, if nobody has turned to something else then."""
        self._asked_at = self._describe_place()
        library, listing = self._session.workspace.library, self._widgets.grid.photos.listing
        only = None if self._browsing.shows_all else listing.ids
        self._session.decisions.start(_PLAN, lambda *_: plan_review(library, LENGTH, only=only))

    def _on_left(self) -> None:
        """Everything that was answered is kept. A closer look is at the photo that was asked."""
        asked = self._queue[self._place : self._place + 1]
        self._selection.widen()
        if self._widgets.pages.currentWidget() is self._widgets.loupe:
            self._selection.select_photos([question.photo_id for question in asked])
        self._widgets.right.setVisible(self._had_inspector)

    def _describe_place(self) -> tuple[object, ...]:
        """What keys are about: those of a person who went on while it was planned answer nothing.

        The widget with the focus is that of the window, which may be in the background.
        """
        window = self._widgets.frame.window()
        return self._widgets.pages.currentWidget(), window.focusWidget(), self._selection.current

    def _begin(self, queue: list[Question]) -> None:
        asked_at, self._asked_at = self._asked_at, None
        if asked_at == self._describe_place():
            self._queue, self._place = queue, 0
            self._open_page()
            self._show()

    def _open_page(self) -> None:
        """Scores beside the question would tell which answers the classifier is sure of."""
        if not self.is_open:
            self._show_page()
            self._had_inspector = not self._widgets.right.isHidden()
            self._widgets.right.hide()

    def _on_finished(self, name: str, outcome: Outcome) -> None:
        if name == _PLAN and isinstance(outcome.result, list):
            self._begin(outcome.result)
        elif name == _MEASURE and self.is_open and outcome.error is None:
            precision = outcome.result if isinstance(outcome.result, Precision) else None
            self._page.show_end(len(self._queue), precision)

    def _on_answered(self, is_right: bool) -> None:
        question = self._queue[self._place]
        verdict = Verdict.CONFIRMED if is_right else Verdict.REJECTED
        self._deciding.decide_class([question.photo_id], question.name, verdict)
        self._move(1)

    def _move(self, step: int) -> None:
        self._place = max(0, min(len(self._queue), self._place + step))
        self._show()

    def _show(self) -> None:
        if self._place >= len(self._queue):
            self._selection.narrow_to()  # no photo is shown, so keys decide on none
            library = self._session.workspace.library
            self._page.show_end(len(self._queue), None)
            self._session.decisions.start(_MEASURE, lambda *_: estimate_precision(library))
            return
        question = self._queue[self._place]
        self._selection.narrow_to(question.photo_id)
        self._page.show_question(question, self._place, len(self._queue))
        ahead = self._queue[self._place + 1 : self._place + 1 + _AHEAD]
        self._session.closeups.show(question.photo_id, _SIDE_PX, [q.photo_id for q in ahead])

    def _on_ready(self, preview: Preview) -> None:
        is_asked = self.is_open and self._place < len(self._queue)
        if is_asked and preview.photo_id == self._queue[self._place].photo_id:
            self._page.show_preview(preview)
