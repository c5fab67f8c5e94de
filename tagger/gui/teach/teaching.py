"""Between the teaching pages and what they ask for: lessons, comparisons, adopting."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from tagger.gui.paging import Paging
from tagger.gui.teach.cells import Cells
from tagger.gui.teach.data_sets import DataSets
from tagger.gui.teach.full_lessons import FullLessons
from tagger.gui.teach.keeping import Keeping
from tagger.gui.teach.measuring import Measuring
from tagger.gui.teach.tidying import Tidying
from tagger.gui.teach.wording import describe_adoption
from tagger.gui.work.pace import Paced
from tagger.services.lessons.overview import ENOUGH_DECISIONS, LessonsOverview, read_overview
from tagger.services.lessons.proposing import (
    Proposal,
    adopt,
    propose,
    teach_and_propose,
)
from tagger.services.models.adopting import Adoption
from tagger.services.teaching.request import TeachRequest

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from tagger.core.changes import Changes
    from tagger.core.progress import Progress
    from tagger.gui.browsing import Browsing
    from tagger.gui.selection import Selection
    from tagger.gui.session import Session
    from tagger.gui.widgets import Widgets
    from tagger.gui.work.worker import Outcome
    from tagger.services.backstage.messages import Task

_READ = "read lessons"
_TEACH, _USE = "quick lesson", "use classifier"
_TASKS = {_TEACH, _USE}
_PACE_MS = 1_000
"""While photos are tagged: reading takes a tenth of a second of the thread that decides."""


class Teaching(Paging):
    """Opens the pages, asks the services in threads, and shows what they answer.

    Signals:
        said(str): one sentence on what was done.
        waiting_changed(int): so many new decisions are worth a lesson; 0 for too few.
    """

    said = Signal(str)
    waiting_changed = Signal(int)

    def __init__(
        self,
        session: Session,
        widgets: Widgets,
        browsing: Browsing,
        selection: Selection,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(widgets, widgets.teach, parent)
        self._session = session
        self._page = widgets.teach
        self._is_reading = False
        self._is_stale = False
        self._reading = Paced(self.refresh, _PACE_MS, self)
        self.cells = Cells(session, widgets.cell_bar, browsing, self)
        self.full = FullLessons(session, self._page.full, self)
        self.keeping = Keeping(session, self._page.models, self)
        pages = (self._page.classes, self._page.clean)
        self.tidying = Tidying(session, pages, selection, self)
        self.data_sets = DataSets(session, self._page.folders, self)
        self.measuring = Measuring(session, self._page.report, self)
        self._connect()
        self.refresh()

    def open(self) -> None:
        """Show the pages; what they say is read anew."""
        self.cells.leave()
        self._show_page()
        self._widgets.show_around(False)
        self.refresh()
        self.keeping.refresh()
        self.tidying.refresh()

    def close(self) -> None:
        """Back to the photos, or to the welcome where there are none yet."""
        super().close()
        if not self._session.workspace.library.folders():
            self._widgets.show_browsing(False)

    def open_classes(self) -> None:
        """Make a class of the selected photos."""
        self.open()
        self._page.open_section(self._page.classes)
        self._page.classes.name.setFocus()

    def refresh(self) -> None:
        """Read what was decided; a reading on its way is let finish first."""
        if self._is_reading:
            self._is_stale = True
            return
        self._is_reading = True
        workspace = self._session.workspace
        self._session.decisions.start(_READ, lambda *_: read_overview(workspace))

    def teach(self) -> None:
        """A quick lesson from all decisions."""
        self._start(_TEACH, partial(teach_and_propose, request=TeachRequest()))

    def compare(self, name: str) -> None:
        """What this classifier would change."""
        self._start(_TEACH, partial(propose, name=name))

    def adopt(self, name: str) -> None:
        """Put a classifier in use; a person asked for it."""
        self._start(_USE, partial(adopt, name=name))

    def _on_left(self) -> None:
        self._widgets.show_around(True)

    def _start(self, name: str, task: Task) -> None:
        if self._session.lessons.is_busy:
            self._page.say(self.tr("Something is being learned now. Wait until it is done."))
            return
        self._page.say("")
        self._page.show_progress(self.tr("Waking the classifier; this takes some seconds."))
        self._session.lessons.start(name, self._session.work_on(task))

    def _connect(self) -> None:
        page, session = self._page, self._session
        page.left.connect(self.close)
        page.stop_wanted.connect(session.lessons.cancel)
        page.overview.lesson_wanted.connect(self.teach)
        page.overview.photos_wanted.connect(self.cells.open_class)
        page.changes.adopted.connect(self.adopt)
        page.changes.declined.connect(self._decline)
        page.changes.opened.connect(self.cells.open_move)
        page.changes.decided.connect(self.cells.decide)
        page.models.comparison_wanted.connect(self.compare)
        page.models.adopted.connect(self.adopt)
        self.full.proposed.connect(self._show_full_proposal)
        self.data_sets.proposed.connect(self._show_proposal)
        for busy in (self.data_sets, self.measuring):
            busy.progressed.connect(page.show_progress)
            busy.ended.connect(page.show_idle)
        self.data_sets.full_wanted.connect(self._teach_fully)
        parts = (self.full, self.keeping, self.tidying, self.data_sets, self.measuring)
        for source in (*parts, self.cells):
            source.troubled.connect(page.say)
        for part in (self.keeping, self.tidying, self.cells):
            part.said.connect(self.said)
        self.tidying.began.connect(page.show_progress)
        self.tidying.ended.connect(page.show_idle)
        self.waiting_changed.connect(self._widgets.jobs.show_lesson)
        self._widgets.jobs.lesson_wanted.connect(self.open)
        page.report.opened.connect(self.cells.open_confusion)
        page.report.photo_opened.connect(self.cells.open_photo)
        self.cells.left_for_photos.connect(self.close)
        self.cells.back_wanted.connect(self.open)
        session.lessons.progressed.connect(self._on_progressed)
        session.lessons.finished.connect(self._on_finished)
        session.decisions.finished.connect(self._on_read)
        session.feed.changed.connect(self._on_changed)

    def _decline(self) -> None:
        self._page.changes.show_proposal(None)
        self._page.open_section(self._page.overview)

    def _on_changed(self, changes: Changes) -> None:
        if changes.tags:
            self._reading.ask()

    def _on_progressed(self, name: str, progress: Progress) -> None:
        if name in _TASKS:
            self._page.show_progress(progress.task, progress)

    def _on_finished(self, name: str, outcome: Outcome) -> None:
        if name not in _TASKS:
            return
        self._page.show_idle()
        self._page.say(outcome.error or "")
        if isinstance(outcome.result, Proposal):
            self._show_proposal(outcome.result)
        elif isinstance(outcome.result, Adoption):
            self._on_adopted(outcome.result)

    def _teach_fully(self, request: TeachRequest) -> None:
        self._page.open_section(self._page.full)
        self.full.give(request)

    def _show_full_proposal(self, proposal: Proposal) -> None:
        if proposal.lesson is not None and proposal.lesson.from_folders:
            self._page.folders.show_lesson(proposal.lesson)
        self._show_proposal(proposal)

    def _show_proposal(self, proposal: Proposal) -> None:
        self._page.changes.show_proposal(proposal)
        self.keeping.refresh()
        self._page.open_section(self._page.changes)
        self.refresh()

    def _on_adopted(self, adoption: Adoption) -> None:
        self.said.emit(describe_adoption(adoption))
        self._page.changes.show_proposal(None)
        self._page.open_section(self._page.overview)
        self.refresh()
        self.keeping.refresh()
        if adoption.waiting:
            self._session.tag_again()

    def _on_read(self, name: str, outcome: Outcome) -> None:
        if name != _READ:
            return
        self._is_reading = False
        if isinstance(outcome.result, LessonsOverview):
            self._page.overview.show_overview(outcome.result)
            news = outcome.result.news if outcome.result.can_learn else 0
            self.waiting_changed.emit(news if news >= ENOUGH_DECISIONS else 0)
        if self._is_stale:
            self._is_stale = False
            self.refresh()
