"""Telling whoever started long work how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable

from tagger.core.progress import Progress

Report = Callable[[Progress], None]
"""Called from the working thread, often; the receiver decides how much of it to show."""


class Stopwatch:
    """Turns counts into `Progress` for one task."""

    def __init__(
        self,
        task: str,
        total: int | None,
        report: Report,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._task = task
        self._total = total
        self._report = report
        self._clock = clock
        self._started = clock()
        self._done = 0

    def advance(self, count: int = 1) -> None:
        """Count photos as done and report; never more than there are, as a last page may count."""
        done = self._done + count
        self._done = done if self._total is None else min(done, self._total)
        self.report()

    def report(self) -> None:
        """Report where the task stands."""
        self._report(Progress(self._task, self._done, self._total, self.seconds))

    @property
    def seconds(self) -> float:
        """Since the task began."""
        return self._clock() - self._started
