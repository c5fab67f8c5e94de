"""The learning-rate finder (Smith 2017): raise the rate from nothing until the loss runs away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, islice
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import torch

from tagger.core.errors import ModelError
from tagger.ml.plan import StepReport
from tagger.ml.steps import draw_batches, start_run, take_step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.ml.network import ResNet50
    from tagger.ml.plan import Observer, TrainPlan
    from tagger.ml.samples import Samples
    from tagger.ml.steps import Batch, TrainRun

STEPS = 40
_LOWEST, _HIGHEST = 1e-6, 1e-1  # of the head
_MEMORY = 0.8  # of the mean loss, by step
_RUNAWAY = 3.0  # times the lowest loss: further on there is nothing to learn
_BELOW = 10.0  # a tenth of the rate with the lowest loss, where it still falls


@dataclass(frozen=True, slots=True)
class RateCurve:
    """What the finder saw.

    Attributes:
        rates: of the head, rising.
        losses: smoothed, one a rate.
        rate: the head's rate to train with.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    rate: float


def find_rate(
    network: ResNet50, train: Samples, plan: TrainPlan, observer: Observer, steps: int = STEPS
) -> RateCurve:
    """Try rising rates on a copy of the network, all layers in the plan's proportions.

    The head is fitted already, so that the loss has no steep slope to look for: what counts is
    where it is lowest before it runs away, and a tenth of that rate is safe for a whole cycle.

    Raises:
        CancelledError: somebody asked for a stop.
        ModelError: the loss is no number from the first step on.
    """
    torch.set_num_threads(plan.threads)
    rates: list[float] = []
    losses: list[float] = []
    mean = 0.0
    with ThreadPoolExecutor(plan.threads, "augment") as pool:
        run = start_run(network, train, plan, pool)
        shares = [group["initial_lr"] / plan.settings.head_rate for group in _groups(run)]
        for step, batch in enumerate(islice(_endless(run), steps)):
            observer.cancel.raise_if_cancelled()
            rate = _LOWEST * (_HIGHEST / _LOWEST) ** (step / max(steps - 1, 1))
            for group, share in zip(_groups(run), shares, strict=True):
                group["lr"] = rate * share
            loss = _try_step(run, batch)
            observer.on_step(StepReport(0, step, steps, loss))
            mean = _MEMORY * mean + (1 - _MEMORY) * loss
            smooth = mean / (1 - _MEMORY ** (step + 1))
            if not isfinite(smooth) or (losses and smooth > _RUNAWAY * min(losses)):
                break
            rates.append(rate)
            losses.append(smooth)
    return RateCurve(tuple(rates), tuple(losses), choose_rate(rates, losses))


def choose_rate(rates: list[float], losses: list[float]) -> float:
    """A tenth of the rate at which the loss is lowest.

    Raises:
        ModelError: there is no loss at all.
    """
    if not losses:
        raise ModelError(
            "No learning rate can be found: the error is no number from the first step on. "
            "The photos or the start are damaged."
        )
    return rates[int(np.argmin(losses))] / _BELOW


def _groups(run: TrainRun) -> list[dict[str, float]]:
    return run.optimiser.param_groups


def _endless(run: TrainRun) -> Iterator[Batch]:
    for epoch in count():
        yield from draw_batches(run, epoch)


def _try_step(run: TrainRun, batch: Batch) -> float:
    try:
        return take_step(run, batch)
    except ModelError:  # what the finder looks for
        return float("inf")
