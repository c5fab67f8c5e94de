"""The long work behind the window: looking for photos, tagging, writing, exporting.

Work is rows in the library, so stopping loses nothing: a paused job is cancelled and started again.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.core.errors import LibraryError
from tagger.gui.work.ending import join_all
from tagger.gui.work.worker import Outcome, Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.core.progress import Progress
    from tagger.gui.work.worker import Work
    from tagger.services.watching import Arrivals
    from tagger.services.workspace import Workspace


class JobKind(StrEnum):
    """Each has a thread of its own."""

    INDEX = "index"
    TAG = "tag"
    WRITE = "write"
    EXPORT = "export"


class Status(Enum):
    """How a job stands."""

    IDLE = auto()
    RUNNING = auto()
    PAUSED = auto()
    FAILED = auto()


@dataclass(frozen=True)
class JobState:
    """What is shown of a job.

    Attributes:
        progress: None before the first report.
        problem: one sentence when it failed; of an export, also while the next one runs.
    """

    kind: JobKind
    status: Status = Status.IDLE
    progress: Progress | None = None
    problem: str | None = None


@dataclass(frozen=True)
class Steps:
    """What each job does, wherever it is done.

    Attributes:
        scan: looks through all folders.
        index: reads what the watcher reported, and nothing else.
        undo: takes a run of writing back, by its number.
    """

    scan: Work
    index: Callable[[Arrivals], Work]
    tag: Work
    write: Work
    undo: Callable[[int], Work]


class Jobs(QObject):
    """Starts, pauses and cancels.

    Signals:
        changed(JobState): of one job.
        succeeded(JobKind, object): with what the service returned.
    """

    changed = Signal(object)
    succeeded = Signal(object, object)

    def __init__(self, workspace: Workspace, steps: Steps, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._place = ExitStack()
        self._has_place = False
        self._wants_again: set[JobKind] = set()
        self._undoing: Work | None = None
        self._states = {kind: JobState(kind) for kind in JobKind}
        self._work: dict[JobKind, Work] = {
            JobKind.INDEX: steps.scan,
            JobKind.TAG: steps.tag,
            JobKind.WRITE: steps.write,
        }
        self._workers = {kind: self._make_worker(kind) for kind in JobKind}

    def state(self, kind: JobKind) -> JobState:
        """How this job stands."""
        return self._states[kind]

    def start(self, kind: JobKind) -> None:
        """Run it; when it runs already, once more after that, for what has come meanwhile."""
        if self._states[kind].status is Status.RUNNING:
            self._wants_again.add(kind)
        else:
            self._begin(kind)

    def nudge(self, kind: JobKind) -> None:
        """Run it if nobody paused it and it did not fail; when it runs, once more after that."""
        if self._states[kind].status in {Status.IDLE, Status.RUNNING}:
            self.start(kind)

    def start_export(self, work: Work) -> None:
        """Export once; a running export is waited for."""
        self._work[JobKind.EXPORT] = work
        self._begin(JobKind.EXPORT)

    def start_undo(self, work: Work) -> bool:
        """Take a run of writing back, once, in the thread that writes; False while it is busy.

        When it was paused it is this that goes on, and nothing is written.
        """
        if self._workers[JobKind.WRITE].is_busy or not self._enter_place(JobKind.WRITE):
            return False
        self._undoing = work
        self._begin(JobKind.WRITE)
        return True

    def pause(self, kind: JobKind) -> None:
        """Stop at the next safe point, to go on with `start`."""
        self._stop(kind, Status.PAUSED)

    def cancel(self, kind: JobKind) -> None:
        """Stop at the next safe point. What was finished stays."""
        self._stop(kind, Status.IDLE)

    def close(self) -> None:
        """Ask everything to stop. Does not wait."""
        for worker in self._workers.values():
            worker.close()

    def join(self, seconds: float) -> bool:
        """Wait for the threads. Returns whether all have ended."""
        has_ended = join_all(self._workers.values(), seconds)
        self._leave_place()
        return has_ended

    def _make_worker(self, kind: JobKind) -> Worker:
        worker = Worker(kind, self)
        worker.progressed.connect(lambda _, progress: self._on_progressed(kind, progress))
        worker.finished.connect(lambda _, outcome: self._on_finished(kind, outcome))
        return worker

    def _begin(self, kind: JobKind) -> None:
        if kind is not JobKind.EXPORT and not self._enter_place(kind):
            return
        # Of an export before this one, while others still wait.
        problem = self._states[kind].problem if self._workers[kind].is_busy else None
        self._change(JobState(kind, Status.RUNNING, problem=problem))
        undoing = self._undoing if kind is JobKind.WRITE else None
        self._workers[kind].start(kind, undoing or self._work[kind])

    def _stop(self, kind: JobKind, status: Status) -> None:
        self._wants_again.discard(kind)
        self._workers[kind].cancel()
        if kind is JobKind.WRITE and status is Status.IDLE:
            self._undoing = None
        self._change(replace(self._states[kind], status=status, problem=None))

    def _on_progressed(self, kind: JobKind, progress: Progress) -> None:
        if self._states[kind].status is Status.RUNNING:
            self._change(replace(self._states[kind], progress=progress))

    def _on_finished(self, kind: JobKind, outcome: Outcome) -> None:
        is_busy = self._workers[kind].is_busy
        if is_busy and kind is not JobKind.EXPORT:  # started again while the old run was ending
            return
        if kind is JobKind.WRITE and not outcome.is_cancelled:
            self._end_undo()
        problem = outcome.error or self._states[kind].problem
        if is_busy:  # the next export begins; what was wrong with this one is told after it
            self._change(replace(self._states[kind], progress=None, problem=problem))
        elif problem is not None:
            self._change(JobState(kind, Status.FAILED, problem=problem))
        elif self._states[kind].status is Status.RUNNING:
            self._change(JobState(kind))
        if outcome.error is None and not outcome.is_cancelled:
            self.succeeded.emit(kind, outcome.result)
        if kind in self._wants_again:
            self._wants_again.discard(kind)
            self._begin(kind)
        self._leave_place_when_idle()

    def _end_undo(self) -> None:
        """It is over, also when it was to be paused in its last moment: nothing is to go on."""
        if self._undoing is not None and self._states[JobKind.WRITE].status is Status.PAUSED:
            self._change(JobState(JobKind.WRITE))
        self._undoing = None

    def _enter_place(self, kind: JobKind) -> bool:
        """Be the only program that works on this library, as long as any job runs."""
        if self._has_place:
            return True
        try:
            self._place.enter_context(self._workspace.working())
        except LibraryError as error:
            self._change(JobState(kind, Status.FAILED, problem=str(error)))
            return False
        self._has_place = True
        return True

    def _leave_place_when_idle(self) -> None:
        kinds = (JobKind.INDEX, JobKind.TAG, JobKind.WRITE)
        if not any(self._workers[kind].is_busy for kind in kinds):
            self._leave_place()

    def _leave_place(self) -> None:
        self._place.close()
        self._has_place = False

    def _change(self, state: JobState) -> None:
        self._states[state.kind] = state
        self.changed.emit(state)
