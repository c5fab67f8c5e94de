"""Deep learning: all layers of a network in one cycle, the best epoch kept."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import torch

from tagger.core.errors import CancelledError
from tagger.ml.checkpoint import CheckpointFile, RunState
from tagger.ml.inference import infer
from tagger.ml.metrics import mean_average_precision, mean_f1
from tagger.ml.network import restore_batch_norm
from tagger.ml.optimise import compute_loss
from tagger.ml.plan import EpochReport, StepReport
from tagger.ml.steps import TrainRun, draw_batches, start_run, take_step

if TYPE_CHECKING:
    from torch import Tensor

    from tagger.ml.network import ResNet50
    from tagger.ml.plan import Observer, TrainPlan
    from tagger.ml.samples import Samples


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of a run.

    Attributes:
        network: with batch norms, on the processor, in float32.
        reports: one an epoch.
        best_epoch: the one whose weights these are.
        was_stopped: somebody stopped it before the last epoch.
    """

    network: ResNet50
    reports: tuple[EpochReport, ...]
    best_epoch: int
    was_stopped: bool = False


@dataclass(slots=True)
class _Done:
    """The epochs that are done: their reports, and the weights of the best."""

    reports: list[EpochReport] = field(default_factory=list)
    best: dict[str, Tensor] = field(default_factory=dict)
    best_epoch: int = -1

    def add(self, run: TrainRun, report: EpochReport) -> None:
        self.reports.append(report)
        if all(_quality(report) >= _quality(earlier) for earlier in self.reports):
            self.best = {name: value.clone() for name, value in run.average.state_dict().items()}
            self.best_epoch = report.epoch


def train_network(
    network: ResNet50,
    train: Samples,
    valid: Samples | None,
    plan: TrainPlan,
    observer: Observer,
    checkpoint: CheckpointFile | None = None,
) -> Trained:
    """Train all layers in one cycle; keep the epoch with the best macro-F1 on the validation.

    There is no early stopping: in one cycle the loss rises before it falls to its lowest.

    Args:
        network: with a head that fits the targets (`fit_first_head`); stays as it is.
        train: to learn from.
        valid: of other shoots; None keeps the last epoch.
        plan: settings and device.
        observer: told of steps and epochs; its stop keeps the best epoch so far.
        checkpoint: written after each epoch; a run that is in it goes on from there.

    Raises:
        CancelledError: stopped before the first epoch was done.
        ModelError: the loss is no number any more.
    """
    torch.set_num_threads(plan.threads)
    with ThreadPoolExecutor(plan.threads, "augment") as pool:
        run = start_run(network, train, plan, pool)
        done = _resume(run, None if checkpoint is None else checkpoint.load())
        for epoch in range(len(done.reports), plan.settings.epochs):
            try:
                report = _run_epoch(run, epoch, valid, observer)
            except CancelledError:
                if not done.reports:
                    raise
                break
            done.add(run, report)
            if checkpoint is not None:
                _store(run, done, checkpoint, observer)
            observer.on_epoch(report)
    run.average.load_state_dict(done.best)
    run.average.cpu().to(memory_format=torch.contiguous_format)
    return Trained(
        restore_batch_norm(run.average),
        tuple(done.reports),
        done.best_epoch,
        was_stopped=len(done.reports) < plan.settings.epochs,
    )


def _quality(report: EpochReport) -> float:
    return float(report.epoch) if report.macro_f1 is None else report.macro_f1


def _store(run: TrainRun, done: _Done, checkpoint: CheckpointFile, observer: Observer) -> None:
    is_newest = done.best_epoch == done.reports[-1].epoch
    try:
        checkpoint.save(
            RunState(
                network=run.network.state_dict(),
                average=run.average.state_dict(),
                best=None if is_newest else done.best,
                optimiser=run.optimiser.state_dict(),
                schedule=run.schedule.state_dict(),
                reports=[asdict(report) for report in done.reports],
            )
        )
    except OSError:
        observer.on_warning(
            "The state of the training can't be stored, since the disk is full or refuses. It goes "
            "on, but after a crash it would begin anew. Free some space."
        )


def _resume(run: TrainRun, state: RunState | None) -> _Done:
    """Put a run where it was after its newest epoch; without a state it is at its beginning."""
    if state is None:
        return _Done()
    run.network.load_state_dict(state["network"])
    run.average.load_state_dict(state["average"])
    run.optimiser.load_state_dict(state["optimiser"])
    run.schedule.load_state_dict(state["schedule"])
    reports = [EpochReport(**report) for report in state["reports"]]  # type: ignore[arg-type]  # as `asdict` wrote them
    best_epoch = max(reports, key=lambda report: (_quality(report), report.epoch)).epoch
    return _Done(reports, state["best"] or state["average"], best_epoch)


def _run_epoch(run: TrainRun, epoch: int, valid: Samples | None, observer: Observer) -> EpochReport:
    start_s = time.monotonic()
    losses = []
    for number, batch in enumerate(draw_batches(run, epoch)):
        observer.cancel.raise_if_cancelled()
        losses.append(take_step(run, batch))
        run.schedule.step()
        observer.on_step(StepReport(epoch, number, run.batches, losses[-1]))
    train_loss = float(np.mean(losses))
    if valid is None:
        return EpochReport(epoch, time.monotonic() - start_s, train_loss)
    _, logits = infer(run.average, valid.images, run.plan.transform, run.plan.choice)
    valid_loss = compute_loss(
        torch.from_numpy(logits),
        torch.from_numpy(valid.targets),
        smoothing=0,
        exclusive=run.plan.exclusive,
    )
    return EpochReport(
        epoch,
        time.monotonic() - start_s,
        train_loss,
        valid_loss.item(),
        mean_f1(logits, valid.targets, exclusive=run.plan.exclusive),
        mean_average_precision(logits, valid.targets),
    )
