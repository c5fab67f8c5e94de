"""How long the first look at many photos takes, from what this disk and this device really do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.gui.text import duration, number
from tagger.gui.work.jobs import JobKind, Status

if TYPE_CHECKING:
    from tagger.core.progress import Progress
    from tagger.gui.work.jobs import Jobs, JobState

_MANY = 50
"""Fewer photos are done before anybody has read a sentence."""

_ENOUGH = 16
_ENOUGH_S = 1.0
"""So many photos and seconds tell what the rest will take."""


class Forecasting(QObject):
    """Listens to the jobs.

    Signals:
        said(str): one sentence for each run on many photos, as soon as it can be told.
    """

    said = Signal(str)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reading_rate = 0.0
        self._has_said = False
        jobs.changed.connect(self._on_job_changed)

    def _on_job_changed(self, state: JobState) -> None:
        progress = state.progress
        if state.kind is JobKind.INDEX and progress is not None and progress.total:
            self._reading_rate = progress.rate
        elif state.kind is JobKind.TAG:
            if state.status is Status.IDLE:
                self._has_said = False
            elif progress is not None and not self._has_said and _tells_enough(progress):
                self._has_said = True
                self.said.emit(self._describe(progress))

    def _describe(self, progress: Progress) -> str:
        words = self.tr(
            "{count} photos are tagged in about {time}: {rates}. You can go on meanwhile."
        )
        tagging = self.tr("this computer tags {rate} a second").format(rate=_show(progress.rate))
        reading = self.tr("this disk gives {rate} a second").format(rate=_show(self._reading_rate))
        rates = f"{reading}, {tagging}" if self._reading_rate else tagging
        return words.format(
            count=number((progress.total or 0) - progress.done),
            time=duration(progress.seconds_left or 0.0),
            rates=rates,
        )


def _tells_enough(progress: Progress) -> bool:
    left = (progress.total or 0) - progress.done
    return left >= _MANY and progress.done >= _ENOUGH and progress.seconds >= _ENOUGH_S


def _show(rate: float) -> str:
    return f"{rate:.0f}" if rate >= 10 else f"{rate:.1f}"
