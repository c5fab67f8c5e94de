"""Between the page of the report and the service that measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.services.lessons.quality import QualityReport, report_quality

if TYPE_CHECKING:
    from tagger.core.progress import Progress
    from tagger.gui.session import Session
    from tagger.gui.teach.report_page import ReportPage
    from tagger.gui.work.worker import Outcome

_REPORT = "report quality"


class Measuring(QObject):
    """Holds the classifier in use against decisions.

    Signals:
        troubled(str): why it can't be done, in one sentence; empty takes it away.
        progressed(str, Progress or None): what is being done.
        ended(): it is over.
    """

    troubled = Signal(str)
    progressed = Signal(str, object)
    ended = Signal()

    def __init__(self, session: Session, page: ReportPage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._page = page
        page.report_wanted.connect(self.measure)
        session.lessons.progressed.connect(self._on_progressed)
        session.lessons.finished.connect(self._on_finished)

    def measure(self) -> None:
        """Measure now."""
        if self._session.lessons.is_busy:
            self.troubled.emit(self.tr("Something is being learned now. Wait until it is done."))
            return
        self.troubled.emit("")
        self.progressed.emit(self.tr("Waking the classifier; this takes some seconds."), None)
        self._session.lessons.start(_REPORT, self._session.work_on(report_quality))

    def _on_progressed(self, name: str, progress: Progress) -> None:
        if name == _REPORT:
            self.progressed.emit(progress.task, progress)

    def _on_finished(self, name: str, outcome: Outcome) -> None:
        if name != _REPORT:
            return
        self.ended.emit()
        self.troubled.emit(outcome.error or "")
        if isinstance(outcome.result, QualityReport):
            self._page.show_report(outcome.result, self._session.thumbnails)
