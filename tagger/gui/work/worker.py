"""One thread for one kind of work, for as long as the window is open.

A Python thread rather than a `QThread`: the library keeps one connection a Python thread and closes
it when the thread has ended, which Python can't tell of threads that Qt started.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError, TaggerError
from tagger.core.progress import Progress
from tagger.gui.work.mailbox import Mailbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.services.reporting import Report

    Work = Callable[[CancelToken, Report], object]


@dataclass(frozen=True)
class Outcome:
    """How a piece of work ended.

    Attributes:
        result: what the function returned; None when it did not end well.
        error: one sentence, None when it ended well or was cancelled.
        is_cancelled: somebody asked it to stop.
    """

    result: object = None
    error: str | None = None
    is_cancelled: bool = False


@dataclass(frozen=True)
class _Job:
    name: str
    work: Work
    cancel: CancelToken


class Worker(QObject):
    """Runs plain functions one after the other in a thread of its own.

    Args:
        finishes: what was started is done also when the window is closed meanwhile.

    Signals, all in the window's thread:
        progressed(str, Progress): of the job with this name; only the newest since the last look.
        finished(str, Outcome): every job that was started comes here once.
    """

    progressed = Signal(str, object)
    finished = Signal(str, object)

    def __init__(self, name: str, parent: QObject | None = None, *, finishes: bool = False) -> None:
        super().__init__(parent)
        self._finishes = finishes
        self._mailbox = Mailbox(self._deliver, self)
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._open: list[_Job] = []
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        """Whether any job is waiting or running, as the window's thread knows it."""
        return bool(self._open)

    def start(self, name: str, work: Work) -> None:
        """Queue a function. It gets a token to look at and a function to report to."""
        job = _Job(name, work, CancelToken())
        self._open.append(job)
        self._queue.put(job)

    def cancel(self) -> None:
        """Ask everything waiting or running to stop at its next safe point."""
        for job in self._open:
            job.cancel.cancel()

    def close(self) -> None:
        """Cancel, unless it finishes, and end the thread after the last job. Does not wait."""
        if not self._finishes:
            self.cancel()
        self._mailbox.close()
        self._queue.put(None)

    def join(self, seconds: float) -> bool:
        """Wait for the thread. Returns whether it has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            outcome = self._attempt(job)
            self._mailbox.put((job, outcome))

    def _attempt(self, job: _Job) -> Outcome:
        def report(progress: Progress) -> None:
            self._mailbox.put((job, progress))

        try:
            job.cancel.raise_if_cancelled()
            return Outcome(result=job.work(job.cancel, report))
        except CancelledError:
            return Outcome(is_cancelled=True)
        except TaggerError as error:
            return Outcome(error=str(error))
        except Exception as error:
            logging.getLogger(__name__).exception("unexpected error in %s", job.name)
            return Outcome(error=f"Something unexpected went wrong: {error!r}")

    def _deliver(self, items: list[object]) -> None:
        newest: dict[str, Progress] = {}
        for item in items:
            assert isinstance(item, tuple)
            job, news = item
            if isinstance(news, Progress):
                newest[job.name] = news
                continue
            if job.name in newest:
                self.progressed.emit(job.name, newest.pop(job.name))
            self._open.remove(job)
            self.finished.emit(job.name, news)
        for name, progress in newest.items():
            self.progressed.emit(name, progress)
