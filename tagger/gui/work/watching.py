"""Folders are watched while the window is open: what arrives is read and tagged by itself."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.gui.work.jobs import JobKind, Status
from tagger.gui.work.mailbox import Mailbox
from tagger.gui.work.worker import Worker
from tagger.services.watching import Arrivals, watch_folders

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.core.cancel import CancelToken
    from tagger.gui.work.jobs import Jobs
    from tagger.gui.work.worker import Work
    from tagger.services.reporting import Report
    from tagger.services.watching import Arrival
    from tagger.services.workspace import Workspace

_WATCH = "watch"
_ALL = "Nothing was reported, so everything is looked at."


@dataclass(frozen=True)
class _Sentence:
    text: str


class _Drives:
    """Another drive is away than before, or one is back."""


class Arriving:
    """Decides what the job that reads photos has to look at: what arrived, or everything.

    Args:
        scan: looks through all folders.
        index: reads what arrived.
    """

    def __init__(self, scan: Work, index: Callable[[Arrivals], Work]) -> None:
        self._scan = scan
        self._index = index
        self._lock = Lock()
        self._arrivals = Arrivals()

    def add(self, arrival: Arrival) -> None:
        """Keep what the watcher reported until the job takes it."""
        with self._lock:
            self._arrivals.add(arrival)

    def run(self, cancel: CancelToken, report: Report) -> object:
        """The job: what arrived where that is all there is to know, else all folders.

        What it was to look at is kept for the next time when it is stopped or fails.

        Raises:
            CancelledError: it was stopped.
        """
        with self._lock:
            arrivals, self._arrivals = self._arrivals, Arrivals()
        if not arrivals:
            arrivals.add(_ALL)
        try:
            work = self._scan if arrivals.rescan_reason else self._index(arrivals)
            return work(cancel, report)
        except Exception:
            with self._lock:
                for root, paths in arrivals.paths.items():
                    self._arrivals.add((root, sorted(paths)))
                if arrivals.rescan_reason:
                    self._arrivals.add(arrivals.rescan_reason)
            raise


class Watching(QObject):
    """Watches from `start` to `close`.

    Signals:
        noticed(str): why a folder can't be watched at once, and what is done instead.
        drives_changed(): the drive of a folder went away, or is back.
    """

    noticed = Signal(str)
    drives_changed = Signal()

    def __init__(
        self, workspace: Workspace, jobs: Jobs, arriving: Arriving, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._jobs = jobs
        self._arriving = arriving
        self._mailbox = Mailbox(self._deliver, self)
        self._worker = Worker(_WATCH, self)
        self._notes: dict[str, None] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """Every sentence so far."""
        return tuple(self._notes)

    def start(self) -> None:
        """Begin; what happened before is looked for first."""

        def watch(cancel: CancelToken, _: Report) -> None:
            put = self._mailbox.put
            watch_folders(
                self._workspace, cancel, put, self._say, tell_drives=lambda: put(_Drives())
            )

        if not self._worker.is_busy:
            self._worker.start(_WATCH, watch)

    def close(self) -> None:
        """End watching. Does not wait."""
        self._mailbox.close()
        self._worker.close()

    def join(self, seconds: float) -> bool:
        """Wait for the thread. Returns whether it has ended."""
        return self._worker.join(seconds)

    def _say(self, text: str) -> None:
        self._mailbox.put(_Sentence(text))

    def _deliver(self, items: list[object]) -> None:
        has_arrivals = False
        for item in items:
            if isinstance(item, _Sentence):
                self._notes[item.text] = None
                self.noticed.emit(item.text)
            elif isinstance(item, _Drives):
                self.drives_changed.emit()
            elif isinstance(item, tuple | str):
                self._arriving.add(item)
                has_arrivals = True
        if has_arrivals and self._jobs.state(JobKind.INDEX).status is not Status.PAUSED:
            self._jobs.start(JobKind.INDEX)
