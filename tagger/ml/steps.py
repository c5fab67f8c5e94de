"""The steps of deep learning: batches changed anew in each epoch, and what one does to the weights.

All that is drawn is drawn from the seed, the epoch and the batch, never from a generator that
others use too: a run that was stopped goes on with the very numbers it would have had.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from tagger.core.errors import ModelError
from tagger.ml.augment import change_light, change_shape, mix_up
from tagger.ml.inference import autocast
from tagger.ml.memory import free_memory, is_out_of_memory
from tagger.ml.network import fold_batch_norm
from tagger.ml.optimise import build_optimiser, build_schedule, compute_loss, update_average
from tagger.ml.pixels import normalise
from tagger.ml.samples import Samples, draw_epoch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future, ThreadPoolExecutor

    from numpy.typing import NDArray
    from torch import Tensor

    from tagger.ml.network import ResNet50
    from tagger.ml.plan import TrainPlan

_LONGEST_GRADIENT = 5.0
RAN_AWAY = "The training ran away: its error is no number any more. Use a lower learning rate."
_NO_MEMORY = (
    "There is too little memory to learn from a single photo. Close other programs, or train on "
    "the processor with --device cpu."
)


@dataclass(slots=True)
class TrainRun:
    """What the steps of one run share.

    Attributes:
        network: folded, on the device; it learns.
        average: running mean of its weights.
        batches: of an epoch.
        pool: changes photos ahead.
        parts: in which a batch is computed, one after the other: more where memory is short.
    """

    plan: TrainPlan
    train: Samples
    network: ResNet50
    average: ResNet50
    optimiser: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.OneCycleLR
    batches: int
    pool: ThreadPoolExecutor
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Photos `[N, side, side, 3] uint8` with targets `[N, C]`; `seed` draws all that is left."""

    pixels: NDArray[np.uint8]
    targets: NDArray[np.float32]
    seed: tuple[int, ...]


def start_run(
    network: ResNet50, train: Samples, plan: TrainPlan, pool: ThreadPoolExecutor
) -> TrainRun:
    """A run on a copy of the network.

    The batch norms keep the statistics they came with: batches of 32 would only blur them. They are
    folded into the convolutions, whose weights and biases all learn.
    """
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
    return TrainRun(plan, train, folded, copy.deepcopy(folded), optimiser, schedule, batches, pool)


def draw_batches(run: TrainRun, epoch: int) -> Iterator[Batch]:
    """The batches of an epoch, each made while the one before is computed."""
    settings, train = run.plan.settings, run.train
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
        pixels = np.stack([future.result() for future in current])
        yield Batch(pixels, train.targets[rows], (settings.seed, epoch, batch))


def take_step(run: TrainRun, batch: Batch) -> float:
    """Learn from a batch at the rates as they stand. Returns its loss.

    Raises:
        ModelError: the loss is no number any more, or there is no memory for a single photo.
    """
    loss = _compute_gradients(run, batch)
    torch.nn.utils.clip_grad_norm_(run.network.parameters(), _LONGEST_GRADIENT)
    run.optimiser.step()
    update_average(run.average, run.network, run.plan.settings.average)
    return loss


def _compute_gradients(run: TrainRun, batch: Batch) -> float:
    """The gradients of the batch; with too little memory in twice as many parts from now on."""
    while True:
        run.optimiser.zero_grad()
        try:
            return _add_gradients(run, batch)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            if run.parts >= len(batch.targets):
                raise ModelError(_NO_MEMORY) from error
        run.parts *= 2
        run.optimiser.zero_grad()
        free_memory(run.plan.choice.name)


def _add_gradients(run: TrainRun, batch: Batch) -> float:
    pixels, targets = _draw_looks(run, batch)
    loss = 0.0
    for part, wanted in zip(pixels.chunk(run.parts), targets.chunk(run.parts), strict=True):
        share = len(part) / len(pixels)
        part_loss = share * _compute_loss(run, part, wanted)
        if not part_loss.isfinite():
            raise ModelError(RAN_AWAY)
        part_loss.backward()  # type: ignore[no-untyped-call]  # torch has no types here
        loss += part_loss.item()
    return loss


def _draw_looks(run: TrainRun, batch: Batch) -> tuple[Tensor, Tensor]:
    """Photos in another light, blended, on the device; and what they show then."""
    settings, device = run.plan.settings, run.plan.choice.name
    rng = np.random.default_rng(batch.seed)
    pixels = torch.from_numpy(batch.pixels).to(device).permute(0, 3, 1, 2).float()
    wanted = torch.from_numpy(batch.targets).to(device)
    pixels = change_light(pixels, settings.augmentation, rng)
    return mix_up(pixels, wanted, settings.mixing, rng) if settings.mixing else (pixels, wanted)


def _compute_loss(run: TrainRun, pixels: Tensor, wanted: Tensor) -> Tensor:
    plan = run.plan
    with autocast(plan.choice):
        logits = run.network(normalise(pixels, plan.transform))
    return compute_loss(
        logits.float(), wanted, smoothing=plan.settings.smoothing, exclusive=plan.exclusive
    )
