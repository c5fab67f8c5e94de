from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.core.progress import Progress
from tagger.gui.forecasting import Forecasting
from tagger.gui.work.jobs import JobKind, JobState, Status

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class _Jobs(QObject):
    changed = Signal(object)

    def tell(self, kind: JobKind, done: int, total: int, seconds: float) -> None:
        progress = Progress(kind, done, total, seconds)
        self.changed.emit(JobState(kind, Status.RUNNING, progress))


def test_a_sentence_tells_what_disk_and_device_really_do(qtbot: QtBot) -> None:
    jobs = _Jobs()
    said: list[str] = []
    forecasting = Forecasting(jobs)  # type: ignore[arg-type]  # all it needs
    forecasting.said.connect(said.append)

    jobs.tell(JobKind.INDEX, 4_000, 4_000, 20)
    jobs.tell(JobKind.TAG, 8, 4_000, 0.25)
    assert said == []

    jobs.tell(JobKind.TAG, 64, 4_000, 2)
    jobs.tell(JobKind.TAG, 128, 4_000, 4)

    [sentence] = said
    assert sentence.replace(",", "").startswith("3936 photos are tagged in about 2 min")
    assert "disk gives 200 a second" in sentence
    assert "computer tags 32 a second" in sentence


def test_few_photos_need_no_forecast_and_a_new_run_gets_its_own(qtbot: QtBot) -> None:
    jobs = _Jobs()
    said: list[str] = []
    forecasting = Forecasting(jobs)  # type: ignore[arg-type]  # all it needs
    forecasting.said.connect(said.append)

    jobs.tell(JobKind.TAG, 20, 60, 10)
    assert said == []

    for _ in range(2):
        jobs.tell(JobKind.TAG, 20, 100, 10)
        jobs.changed.emit(JobState(JobKind.TAG))
    assert len(said) == 2
    assert "2.0 a second" in said[0]
