"""Telling people how a training goes: steps as progress, epochs as lines."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tagger.core.progress import Progress

if TYPE_CHECKING:
    from tagger.ml.plan import EpochReport, Observer, StepReport, TrainPlan
    from tagger.services.teaching.request import Audience

_MEMORY = 0.9  # of the loss that is shown, by step


def follow_training(plan: TrainPlan, audience: Audience, where: str) -> Observer:
    """An observer that reports loss and time left, and says how each epoch went.

    Args:
        plan: knows how many epochs there are.
        audience: who is told.
        where: added to the time left, when there is more than this training.
    """
    from tagger.ml.plan import Observer  # noqa: PLC0415  loads torch

    followed = _Followed(plan.settings.epochs, audience, where)
    return Observer(audience.cancel, followed.step, followed.tell_epoch, audience.say)


def follow_search(audience: Audience) -> Observer:
    """An observer of the search for a learning rate."""
    from tagger.ml.plan import Observer  # noqa: PLC0415  loads torch

    started_s = time.monotonic()

    def step(report: StepReport) -> None:
        done_s = time.monotonic() - started_s
        audience.report(
            Progress("Finding a learning rate", report.batch + 1, report.batches, done_s, "steps")
        )

    return Observer(audience.cancel, step, on_warning=audience.say)


class _Followed:
    """One training after the other, each counted from its own first step."""

    def __init__(self, epochs: int, audience: Audience, where: str) -> None:
        self._epochs = epochs
        self._audience = audience
        self._where = where
        self._last: tuple[int, int] | None = None
        self._first = 0
        self._started_s = self._idle_since_s = time.monotonic()
        self._loss = 0.0
        self._quality = ""

    def step(self, report: StepReport) -> None:
        place = (report.epoch, report.batch)
        number = report.epoch * report.batches + report.batch
        if self._last is None or place < self._last:
            self._begin(number, report.loss)
        self._last = place
        self._loss = _MEMORY * self._loss + (1 - _MEMORY) * report.loss
        self._audience.on_step(report)
        self._audience.report(
            Progress(
                f"Epoch {report.epoch + 1} of {self._epochs}{self._where}, "
                f"loss {self._loss:.3f}{self._quality}",
                number - self._first + 1,
                self._epochs * report.batches - self._first,
                time.monotonic() - self._started_s,
                "steps",
            )
        )

    def _begin(self, number: int, loss: float) -> None:
        """A training that goes on counts what is left, so that its rate is true."""
        self._first, self._loss, self._quality = number, loss, ""
        self._started_s = self._idle_since_s
        if number:
            self._audience.say("A training that was stopped goes on from its last epoch.")

    def tell_epoch(self, report: EpochReport) -> None:
        self._idle_since_s = time.monotonic()
        self._audience.on_epoch(report)
        parts = [f"Epoch {report.epoch + 1} of {self._epochs}: loss {report.train_loss:.3f}"]
        if report.macro_f1 is not None:
            self._quality = f", macro-F1 {report.macro_f1:.3f}"
            parts.append(f"on held-out photos {report.valid_loss:.3f}{self._quality}")
        self._audience.say(f"{', '.join(parts)} ({report.seconds:.0f} s).")
