"""Between the pages of classes and doubts and the services."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.gui.teach.class_changing import ClassChanging
from tagger.gui.text import class_title
from tagger.services.lessons.tidying import (
    Doubts,
    add_class_from,
    find_doubtful,
    settle_doubt,
)
from tagger.services.models.new_classes import NewClass

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.gui.selection import Selection
    from tagger.gui.session import Session
    from tagger.gui.teach.classes_page import ClassesPage
    from tagger.gui.teach.clean_page import CleanPage
    from tagger.gui.work.worker import Outcome
    from tagger.services.lessons.tidying import DoubtfulTag, Settlement

_SETTLE = "settle doubt"
_ADD, _SEARCH = "new class", "find doubtful"
_SIDE_PX = 1200


class Tidying(QObject):
    """Classes and doubtful decisions.

    Signals:
        said(str): what was done.
        troubled(str): why it can't be done, in one sentence; empty takes it away.
        began(str): something that takes seconds, in words.
        ended(): it is over.
    """

    said = Signal(str)
    troubled = Signal(str)
    began = Signal(str)
    ended = Signal()

    def __init__(
        self,
        session: Session,
        pages: tuple[ClassesPage, CleanPage],
        selection: Selection,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._classes, self._clean = pages
        self._selection = selection
        self.changing = ClassChanging(session, self._classes, self)
        self.changing.said.connect(self.said)
        self.changing.troubled.connect(self.troubled)
        selection.changed.connect(lambda _: self._show_selected())
        self._classes.class_wanted.connect(self.add_class)
        self._clean.search_wanted.connect(self._search)
        self._clean.settled.connect(self._settle)
        self._clean.shown.connect(self._load_picture)
        session.closeups.ready.connect(self._clean.show_preview)
        session.decisions.finished.connect(self._on_changed)
        session.lessons.finished.connect(self._on_finished)

    def refresh(self) -> None:
        """Read the classes."""
        self._show_selected()
        self.changing.refresh()

    def add_class(self, name: str) -> None:
        """A new class from the selected photos."""
        photo_ids = tuple(self._selection.photo_ids())
        self._start(
            _ADD, partial(add_class_from, name=name, photo_ids=photo_ids), self.tr("New class")
        )

    def _show_selected(self) -> None:
        self._classes.show_selected(self._selection.count)

    def _search(self) -> None:
        self._start(_SEARCH, find_doubtful, self.tr("Looking at every decision"))

    def _start(self, name: str, task: Callable[..., object], words: str) -> None:
        if self._session.lessons.is_busy:
            self.troubled.emit(self.tr("Something is being learned now. Wait until it is done."))
            return
        self.troubled.emit("")
        self.began.emit(words)
        self._session.lessons.start(name, self._session.work_on(task))

    def _settle(self, tag: DoubtfulTag, how: Settlement) -> None:
        workspace = self._session.workspace
        self._session.decisions.start(_SETTLE, lambda *_: settle_doubt(workspace, tag, how))

    def _load_picture(self, tag: DoubtfulTag) -> None:
        self._session.closeups.show(tag.photo_id, _SIDE_PX, [])

    def _on_changed(self, name: str, outcome: Outcome) -> None:
        if name == _SETTLE:
            self.troubled.emit(outcome.error or "")

    def _on_finished(self, name: str, outcome: Outcome) -> None:
        if name not in {_ADD, _SEARCH}:
            return
        self.ended.emit()
        self.troubled.emit(outcome.error or "")
        if isinstance(outcome.result, Doubts):
            self._clean.show_doubts(outcome.result)
        elif isinstance(outcome.result, NewClass):
            self._show_new(outcome.result)

    def _show_new(self, new: NewClass) -> None:
        words = self.tr("{title} is a class now; {photos} more have it. {advice}")
        photos = self.tr("%Ln photo(s)", "", new.tagged)
        self._classes.name.clear()
        self._classes.result.setText(
            words.format(title=class_title(new.name), photos=photos, advice=new.advice[0])
        )
        self.refresh()
