"""Between the page of folders and the services: read, clean, teach, report."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from tagger.gui.teach.wording import describe_estimate
from tagger.services.cleaning import CleaningReview
from tagger.services.lessons.data_sets import (
    DataSet,
    SuspectPicture,
    find_suspects,
    load_suspect,
    read_data_set,
    report_on_folders,
    settle_suspect,
)
from tagger.services.lessons.estimating import LessonEstimate, estimate_lesson
from tagger.services.lessons.proposing import Proposal, teach_and_propose

if TYPE_CHECKING:
    from tagger.core.progress import Progress
    from tagger.gui.session import Session
    from tagger.gui.teach.folders_page import FoldersPage
    from tagger.gui.work.worker import Outcome
    from tagger.services.backstage.messages import Task
    from tagger.services.cleaning import Suspect
    from tagger.services.label_decisions import LabelVerdict
    from tagger.services.teaching.request import TeachRequest

_READ, _SETTLE, _PICTURE = "read data set", "settle label", "load label's picture"
_CLEAN, _TEACH, _ESTIMATE = "find wrong labels", "lesson from folders", "estimate for folders"
_REPORT = "report on folders"
_LONG = {_CLEAN, _TEACH, _ESTIMATE, _REPORT}


class DataSets(QObject):
    """One data set at a time.

    Signals:
        proposed(Proposal): a lesson is done.
        troubled(str): why it can't be done, in one sentence; empty takes it away.
        progressed(str, Progress or None): what is being done.
        ended(): it is over.
        full_wanted(TeachRequest): a full lesson, which has a page of its own.
    """

    proposed = Signal(object)
    troubled = Signal(str)
    progressed = Signal(str, object)
    ended = Signal()
    full_wanted = Signal(object)

    def __init__(self, session: Session, page: FoldersPage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._page = page
        self._folder = Path()
        self._cleaned = Path()
        page.folder_chosen.connect(self.read)
        page.cleaning_wanted.connect(self._clean)
        page.quick_wanted.connect(
            lambda request: self._start(_TEACH, partial(teach_and_propose, request=request))
        )
        page.full_wanted.connect(lambda one: self.full_wanted.emit(replace(one, is_deep=True)))
        page.estimate_wanted.connect(self._estimate)
        page.report_wanted.connect(
            lambda name, folder: self._start(
                _REPORT, partial(report_on_folders, name=name, folder=folder)
            )
        )
        page.suspects.settled.connect(self._settle)
        page.suspects.shown.connect(self._load_picture)
        session.decisions.finished.connect(self._on_read)
        session.lessons.finished.connect(self._on_finished)
        session.lessons.progressed.connect(self._on_progressed)

    def read(self, folder: Path) -> None:
        """Say what lies in a folder."""
        self.troubled.emit("")
        self._session.decisions.start(_READ, lambda *_: read_data_set(folder))

    def _clean(self, folder: Path) -> None:
        if self._start(_CLEAN, partial(find_suspects, folder=folder)):
            self._cleaned = folder

    def _estimate(self, request: TeachRequest) -> None:
        deep = replace(request, is_deep=True)
        self._start(_ESTIMATE, partial(estimate_lesson, request=deep))

    def _settle(self, suspect: Suspect, verdict: LabelVerdict) -> None:
        home, folder = self._session.workspace.home, self._folder
        self._session.decisions.start(
            _SETTLE, lambda *_: settle_suspect(home, folder, suspect, verdict)
        )

    def _load_picture(self, suspect: Suspect) -> None:
        path = suspect.path
        self._session.decisions.start(_PICTURE, lambda *_: load_suspect(path))

    def _start(self, name: str, task: Task) -> bool:
        if self._session.lessons.is_busy:
            self.troubled.emit(self.tr("Something is being learned now. Wait until it is done."))
            return False
        self.troubled.emit("")
        self.progressed.emit(self.tr("Waking the classifier; this takes some seconds."), None)
        self._session.lessons.start(name, self._session.work_on(task))
        return True

    def _on_progressed(self, name: str, progress: Progress) -> None:
        if name in _LONG:
            self.progressed.emit(progress.task, progress)

    def _on_read(self, name: str, outcome: Outcome) -> None:
        if name in {_READ, _SETTLE, _PICTURE} and outcome.error is not None:
            self.troubled.emit(outcome.error)
        if isinstance(outcome.result, DataSet):
            self._folder = outcome.result.folder
            self._page.show_data_set(outcome.result)
        elif isinstance(outcome.result, SuspectPicture):
            self._page.suspects.show_picture(outcome.result)

    def _on_finished(self, name: str, outcome: Outcome) -> None:
        if name not in _LONG:
            return
        self.ended.emit()
        self.troubled.emit(outcome.error or "")
        result = outcome.result
        if isinstance(result, CleaningReview) and self._cleaned == self._folder:
            self._page.suspects.show_review(result)
        elif isinstance(result, LessonEstimate):
            self._page.result.setText(describe_estimate(result))
        elif isinstance(result, Path):
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(result)))
        elif isinstance(result, Proposal):
            self.show_lesson(result)

    def show_lesson(self, proposal: Proposal) -> None:
        """A lesson is done: say how it went, and what it would change."""
        if proposal.lesson is not None:
            self._page.show_lesson(proposal.lesson)
        self.proposed.emit(proposal)
