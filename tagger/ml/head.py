"""Quick learning: the head alone, on stored features. Seconds, and not one photo is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from tagger.core.errors import ModelError
from tagger.ml.calibration import (
    choose_precise_threshold,
    choose_threshold,
    fit_calibration,
)
from tagger.ml.evaluation import measure_tags
from tagger.ml.folds import split_folds
from tagger.ml.scoring import score_logits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.ml.info import Calibration, Metrics

_PENALTIES = (3e-4, 1e-3, 3e-3, 1e-2)
"""Of the mean squared weight, for features of unit spread; the best was never at an end."""


@dataclass(frozen=True, slots=True)
class HeadFit:
    """A head that was learned, and what held-out shoots say of it.

    Attributes:
        weight, bias: `[C, 2048]` and `[C]`, float32: learned from all photos.
        calibration, thresholds, precise_thresholds, metrics: from out-of-fold predictions.
        scores: `[N, C]`, calibrated out-of-fold scores of the photos learned from.
        penalty: chosen strength of the L2 penalty.
    """

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    calibration: Calibration
    thresholds: tuple[float, ...]
    precise_thresholds: tuple[float | None, ...]
    metrics: Metrics
    scores: NDArray[np.float32]
    penalty: float


def fit_head(
    features: NDArray[np.float16] | NDArray[np.float32],
    targets: NDArray[np.float32],
    groups: Sequence[str],
    names: Sequence[str],
    *,
    exclusive: bool = False,
    seed: int = 0,
) -> HeadFit:
    """Learn a head: logistic regression, L2 chosen and everything measured on held-out groups.

    Args:
        features: `[N, 2048]` of one backbone.
        targets: `[N, C]` of 1 (has the class), 0 (has not), NaN (unknown).
        groups: shoot or source of each photo.
        names: of the classes.
        exclusive: one label a photo; each row of `targets` has exactly one 1.
        seed: of the split.

    Raises:
        ModelError: a class that no or every photo has, or photos of one group only.
    """
    check_targets(targets, names)
    fold_of = split_folds(groups, targets, seed=seed)
    x = torch.from_numpy(features.astype(np.float32))
    y = torch.from_numpy(targets)
    logits, penalty = _cross_validate(x, y, torch.from_numpy(fold_of), exclusive=exclusive)
    weight, bias = fit_logistic(x, y, penalty, exclusive=exclusive)
    calibration = fit_calibration(logits, targets, exclusive=exclusive)
    scores = score_logits(logits, calibration, exclusive=exclusive)
    columns = [(scores[:, c], targets[:, c]) for c in range(len(names))]
    thresholds = tuple(choose_threshold(*column) for column in columns)
    precise = tuple(choose_precise_threshold(*column) for column in columns)
    return HeadFit(
        weight.numpy(),
        bias.numpy(),
        calibration,
        thresholds,
        precise,
        measure_tags(scores, targets, groups, names, thresholds, precise),
        scores,
        penalty,
    )


def check_targets(targets: NDArray[np.float32], names: Sequence[str]) -> None:
    """Raise `ModelError` for a class that can't be learned from these targets `[N, C]`."""
    for name, column in zip(names, targets.T, strict=True):
        positives = int((column == 1).sum())
        if positives < 2:
            raise ModelError(
                f"The class “{name}” has {'one photo' if positives else 'no photo'}. "
                "It needs two at least, and ten to be any good."
            )
        if not (column == 0).any():
            raise ModelError(f"Every photo has the class “{name}”. Add photos without it.")


def _cross_validate(
    x: Tensor, y: Tensor, fold_of: Tensor, *, exclusive: bool
) -> tuple[NDArray[np.float32], float]:
    """Out-of-fold logits `[N, C]` under the penalty whose loss on them is smallest."""
    logits = torch.zeros(len(_PENALTIES), *y.shape)
    for fold in range(int(fold_of.max()) + 1):
        held = fold_of == fold
        start: tuple[Tensor, Tensor] | None = None
        for i, penalty in enumerate(reversed(_PENALTIES)):
            start = fit_logistic(x[~held], y[~held], penalty, exclusive=exclusive, start=start)
            logits[-1 - i, held] = functional.linear(x[held], *start)
    losses = [_loss(z, y, torch.ones_like(y), exclusive=exclusive) for z in logits]
    best = int(torch.stack(losses).argmin())
    return logits[best].numpy(), _PENALTIES[best]


def fit_logistic(
    x: Tensor,
    y: Tensor,
    penalty: float,
    *,
    exclusive: bool,
    start: tuple[Tensor, Tensor] | None = None,
) -> tuple[Tensor, Tensor]:
    """Weight `[C, D]` and bias `[C]` of a masked logistic regression, by L-BFGS in float32.

    Rare classes weigh more: each class's positives count as the root of their imbalance.
    """
    mean, spread = x.mean(dim=0), x.std() + 1e-6
    unit = (x - mean) / spread
    rarity = ((y == 0).sum(dim=0) / (y == 1).sum(dim=0).clamp(min=1)).clamp(1, 100).sqrt()
    balance = torch.where(y == 1, rarity, 1.0)
    weight = torch.zeros(y.shape[1], x.shape[1])
    bias = torch.zeros(y.shape[1])
    if start is not None:
        weight, bias = start[0] * spread, start[1] + start[0] @ mean
    weight.requires_grad_()
    bias.requires_grad_()
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=60, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        value = _loss(functional.linear(unit, weight, bias), y, balance, exclusive=exclusive)
        value = value + penalty * weight.square().sum()
        torch.autograd.backward(value)
        return value

    optimizer.step(loss)  # type: ignore[no-untyped-call]  # torch has no types here
    with torch.no_grad():
        original = weight / spread
        return original, bias - original @ mean


def _loss(z: Tensor, y: Tensor, balance: Tensor, *, exclusive: bool) -> Tensor:
    """Sum over the classes of the mean loss of a known photo."""
    if exclusive:
        return functional.cross_entropy(z, y.argmax(dim=1))
    known = ~y.isnan()
    loss = functional.binary_cross_entropy_with_logits(
        z, y.nan_to_num(), weight=balance * known, reduction="none"
    )
    return (loss.sum(dim=0) / known.sum(dim=0).clamp(min=1)).sum()
