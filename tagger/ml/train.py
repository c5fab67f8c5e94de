"""Deep learning: all layers of a network in one cycle, the best epoch kept."""

from __future__ import annotations

import copy
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from tagger.core.errors import CancelledError, ModelError
from tagger.ml.augment import change_light, change_shape, mix_up
from tagger.ml.inference import autocast, infer
from tagger.ml.metrics import mean_average_precision, mean_f1
from tagger.ml.network import fold_batch_norm, restore_batch_norm
from tagger.ml.optimise import build_optimiser, build_schedule, compute_loss, update_average
from tagger.ml.pixels import normalise
from tagger.ml.plan import EpochReport, TrainPlan
from tagger.ml.samples import Samples, draw_epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from tagger.core.cancel import CancelToken
    from tagger.ml.network import ResNet50


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of a run.

    Attributes:
        network: with batch norms, on the processor, in float32.
        reports: one an epoch.
        best_epoch: the one whose weights these are.
    """

    network: ResNet50
    reports: tuple[EpochReport, ...]
    best_epoch: int


@dataclass(slots=True)
class _Run:
    """What the steps of one run share."""

    plan: TrainPlan
    network: ResNet50
    average: ResNet50
    optimiser: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.OneCycleLR
    pool: ThreadPoolExecutor


def train_network(
    network: ResNet50,
    train: Samples,
    valid: Samples | None,
    plan: TrainPlan,
    *,
    cancel: CancelToken,
    on_epoch: Callable[[EpochReport], None] = lambda _: None,
) -> Trained:
    """Train all layers in one cycle; keep the epoch with the best macro-F1 on the validation.

    The batch norms keep the statistics they came with: batches of 32 would only blur them. They are
    folded into the convolutions, whose weights and biases all learn.

    Args:
        network: with a head that fits the targets (`fit_first_head`); stays as it is.
        train: to learn from.
        valid: of other shoots; None keeps the last epoch.
        plan: settings and device.
        cancel: looked at before each step.
        on_epoch: called after each epoch.

    Raises:
        CancelledError: stopped before the first epoch was done; later the best so far is kept.
        ModelError: the loss is no number any more.
    """
    torch.set_num_threads(plan.threads)
    torch.manual_seed(plan.settings.seed)
    reports: list[EpochReport] = []
    best = network
    with ThreadPoolExecutor(plan.threads, "augment") as pool:
        run = _start(network, train, plan, pool)
        for epoch in range(plan.settings.epochs):
            try:
                report = _run_epoch(run, epoch, train, valid, cancel)
            except CancelledError:
                if not reports:
                    raise
                break
            if all(_quality(report) >= _quality(earlier) for earlier in reports):
                best = copy.deepcopy(run.average)
            reports.append(report)
            on_epoch(report)
    best_epoch = max(reports, key=lambda r: (_quality(r), r.epoch)).epoch
    best.cpu().to(memory_format=torch.contiguous_format)
    return Trained(restore_batch_norm(best), tuple(reports), best_epoch)


def _quality(report: EpochReport) -> float:
    return float(report.epoch) if report.macro_f1 is None else report.macro_f1


def _start(network: ResNet50, train: Samples, plan: TrainPlan, pool: ThreadPoolExecutor) -> _Run:
    settings = plan.settings
    folded = fold_batch_norm(copy.deepcopy(network)).requires_grad_(requires_grad=True)
    folded.to(plan.choice.name)
    folded.to(memory_format=torch.channels_last)
    optimiser = build_optimiser(
        folded,
        head_rate=settings.head_rate,
        body_rate=settings.body_rate,
        depth_decay=settings.depth_decay,
        decay=settings.weight_decay,
    )
    batches = len(draw_epoch(train.targets, settings.batch_size, np.random.default_rng(0)))
    schedule = build_schedule(optimiser, settings.epochs * batches, settings.warm_up)
    return _Run(plan, folded, copy.deepcopy(folded), optimiser, schedule, pool)


def _run_epoch(
    run: _Run, epoch: int, train: Samples, valid: Samples | None, cancel: CancelToken
) -> EpochReport:
    start_s = time.monotonic()
    losses = []
    for pixels, targets in _augmented_batches(run, epoch, train):
        cancel.raise_if_cancelled()
        losses.append(_step(run, pixels, targets))
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


def _augmented_batches(
    run: _Run, epoch: int, train: Samples
) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float32]]]:
    """The batches of an epoch, each made while the one before is computed."""
    settings = run.plan.settings
    drawn = draw_epoch(
        train.targets, settings.batch_size, np.random.default_rng((settings.seed, epoch))
    )

    def change(place: tuple[int, int, int]) -> NDArray[np.uint8]:
        batch, slot, row = place
        rng = np.random.default_rng((settings.seed, epoch, batch, slot))
        return change_shape(train.images[row], settings.side_px, settings.augmentation, rng)

    def submit(batch: int) -> list[Future[NDArray[np.uint8]]]:
        rows = drawn[batch] if batch < len(drawn) else ()
        return [run.pool.submit(change, (batch, slot, row)) for slot, row in enumerate(rows)]

    ahead = submit(0)
    for batch, rows in enumerate(drawn):
        current, ahead = ahead, submit(batch + 1)
        yield np.stack([future.result() for future in current]), train.targets[rows]


def _step(run: _Run, pixels: NDArray[np.uint8], targets: NDArray[np.float32]) -> float:
    plan, settings, device = run.plan, run.plan.settings, run.plan.choice.name
    batch = torch.from_numpy(pixels).to(device).permute(0, 3, 1, 2).float()
    wanted = torch.from_numpy(targets).to(device)
    batch = change_light(batch, settings.augmentation)
    if settings.mixing:
        batch, wanted = mix_up(batch, wanted, settings.mixing)
    with autocast(plan.choice):
        logits = run.network(normalise(batch, plan.transform))
    loss = compute_loss(
        logits.float(), wanted, smoothing=settings.smoothing, exclusive=plan.exclusive
    )
    if not loss.isfinite():
        raise ModelError(
            "The training ran away: its error is no number any more. Use a lower learning rate."
        )
    run.optimiser.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]  # torch has no types here
    torch.nn.utils.clip_grad_norm_(run.network.parameters(), 5.0)
    run.optimiser.step()
    run.schedule.step()
    update_average(run.average, run.network, settings.average)
    return loss.item()
