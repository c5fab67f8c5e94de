"""A lesson with all layers in the background: estimate, start, pause, go on, forget."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QObject, Qt, Signal

from tagger.gui.work.jobs import JobKind, Status
from tagger.services.lessons.estimating import LessonEstimate, estimate_lesson
from tagger.services.lessons.giving import (
    UnfinishedLesson,
    discard_lesson,
    list_unfinished,
    name_lesson,
)
from tagger.services.lessons.proposing import Proposal, teach_and_propose
from tagger.services.teaching.request import TeachRequest

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.core.progress import Progress
    from tagger.gui.session import Session
    from tagger.gui.teach.full_page import FullPage
    from tagger.gui.work.worker import Outcome
    from tagger.services.reporting import Report

STARTS_AT = "lesson.starts_at"
"""The setting with the local time at which a full lesson shall start."""
_TEACH, _ESTIMATE, _READ = "full lesson", "estimate lesson", "unfinished lessons"
_PLAN, _KEEP = "read plan of lesson", "keep plan of lesson"


class FullLessons(QObject):
    """One at a time; tagging waits meanwhile, so that they never fight for the device.

    Signals:
        proposed(Proposal): a lesson is done.
        troubled(str): why it can't be given, in one sentence; empty when it begins.
    """

    proposed = Signal(object)
    troubled = Signal(str)

    def __init__(self, session: Session, page: FullPage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._page = page
        self._unfinished: UnfinishedLesson | None = None
        self._given: TeachRequest | None = None  # the lesson that runs, with its name
        self._is_running = self._is_forgetting = False
        self._has_stopped_tagging = False
        page.estimate_wanted.connect(self._measure)
        page.started.connect(self.start)
        page.paused.connect(session.lessons.cancel)
        page.forgotten.connect(self._forget)
        page.planned.connect(self._keep_plan)
        session.lessons.progressed.connect(self._on_progressed)
        session.lessons.finished.connect(self._on_finished)
        session.decisions.finished.connect(self._on_read)
        self.refresh()
        library = session.workspace.library
        session.decisions.start(_PLAN, lambda *_: library.setting(STARTS_AT))

    def refresh(self) -> None:
        """Look for a lesson that was paused or killed."""
        home = self._session.workspace.home
        self._session.decisions.start(_READ, lambda *_: list_unfinished(home))

    def start(self) -> None:
        """Begin, or go on where a lesson was stopped."""
        if self._session.lessons.is_busy:
            self.troubled.emit(
                self.tr("Something else is being learned now. Wait until it is done.")
            )
            return
        waiting = self._unfinished
        self._give(TeachRequest(is_deep=True) if waiting is None else waiting.request)

    def give(self, request: TeachRequest) -> None:
        """Begin this very lesson; one that waits goes on later."""
        if self._session.lessons.is_busy:
            self.troubled.emit(
                self.tr("Something else is being learned now. Wait until it is done.")
            )
            return
        self._give(request)

    def _give(self, request: TeachRequest) -> None:
        self._hold_tagging()
        self.troubled.emit("")
        self._page.show_running(True)
        self._is_running, self._is_forgetting = True, False
        self._given = None if request.name is None else request
        self._session.lessons.start(_TEACH, partial(self._teach, request))

    def _teach(self, request: TeachRequest, cancel: CancelToken, report: Report) -> object:
        """In the thread of lessons: which one it is has to be known to forget it."""
        self._given = name_lesson(self._session.workspace.home, request)
        task = partial(teach_and_propose, request=self._given)
        return self._session.work_on(task)(cancel, report)

    def _keep_plan(self, moment: QDateTime | None) -> None:
        library = self._session.workspace.library
        text = None if moment is None else moment.toString(Qt.DateFormat.ISODate)
        self._session.decisions.start(_KEEP, lambda *_: library.change_setting(STARTS_AT, text))

    def _show_plan(self, text: str) -> None:
        moment = QDateTime.fromString(text, Qt.DateFormat.ISODate)
        now = QDateTime.currentDateTime()
        if moment.isValid():
            self._page.show_plan(moment, now)
        if not moment.isValid() or moment <= now:
            self._keep_plan(None)

    def _measure(self) -> None:
        if self._session.lessons.is_busy:
            self.troubled.emit(
                self.tr("Something else is being learned now. Wait until it is done.")
            )
            return
        self.troubled.emit("")
        self._page.estimate.setText(self.tr("Making a few steps on this computer…"))
        task = partial(estimate_lesson, request=TeachRequest(is_deep=True))
        self._session.lessons.start(_ESTIMATE, self._session.work_on(task))

    def _forget(self) -> None:
        """The lesson that runs, else the one that waits; whatever else is learned goes on."""
        if self._is_running:
            self._is_forgetting = True
            self._session.lessons.cancel()
        elif self._unfinished is not None:
            self._discard(self._unfinished.request)

    def _discard(self, request: TeachRequest) -> None:
        home = self._session.workspace.home
        self._session.decisions.start(_READ, lambda *_: _forget(home, request))

    def _hold_tagging(self) -> None:
        jobs = self._session.jobs
        if jobs.state(JobKind.TAG).status in {Status.IDLE, Status.RUNNING}:
            self._has_stopped_tagging = True
            jobs.pause(JobKind.TAG)

    def _release_tagging(self) -> None:
        jobs = self._session.jobs
        if self._has_stopped_tagging and jobs.state(JobKind.TAG).status is Status.PAUSED:
            jobs.start(JobKind.TAG)
        self._has_stopped_tagging = False

    def _on_progressed(self, name: str, progress: Progress) -> None:
        if name == _TEACH:
            self._page.show_progress(progress)

    def _on_finished(self, name: str, outcome: Outcome) -> None:
        if name == _ESTIMATE:
            self._page.estimate.setText("")
            if isinstance(outcome.result, LessonEstimate):
                self._page.show_estimate(outcome.result)
        if name == _TEACH:
            self._release_tagging()
            self._page.show_running(False)
            self._is_running = False
            if self._is_forgetting and self._given is not None:
                self._discard(self._given)
            else:
                self.refresh()
            if isinstance(outcome.result, Proposal):
                self.proposed.emit(outcome.result)
        if name in {_TEACH, _ESTIMATE} and outcome.error is not None:
            self.troubled.emit(outcome.error)

    def _on_read(self, name: str, outcome: Outcome) -> None:
        if name == _PLAN and isinstance(outcome.result, str):
            self._show_plan(outcome.result)
        if name == _READ and isinstance(outcome.result, list):
            self._unfinished = outcome.result[0] if outcome.result else None
            self._page.show_unfinished(self._unfinished)


def _forget(home: Path, request: TeachRequest) -> list[UnfinishedLesson]:
    discard_lesson(home, request)
    return list_unfinished(home)
