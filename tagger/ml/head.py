"""Quick learning: the head alone, on stored features. Seconds, and not one photo is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from tagger.core.errors import ModelError
from tagger.ml.calibration import (
    choose_precise_threshold,
    choose_threshold,
    fit_calibration,
)
from tagger.ml.evaluation import measure_tags
from tagger.ml.folds import split_folds
from tagger.ml.logistic import Compressed, fit_path, mean_loss
from tagger.ml.scoring import score_logits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from tagger.ml.info import Calibration, Metrics

_PENALTIES = (1e-2, 3e-2, 1e-1, 3e-1, 1.0)
"""Of the squared weights, for features of unit spread."""


@dataclass(frozen=True, slots=True)
class Learned:
    """The last layer.

    Attributes:
        weight: `[C, 2048] float32`.
        bias: `[C] float32`.
        penalty: strength of the L2 penalty that was chosen; None where there was none.
    """

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    penalty: float | None = None


@dataclass(frozen=True, slots=True)
class HeadFit:
    """A head that was learned from all photos, and what held-out shoots say of it.

    Attributes:
        thresholds: from which scores count as tags, a class each.
        precise_thresholds: the same for 95 % precision, None where that can't be promised.
        scores: `[N, C]`, calibrated out-of-fold scores of the photos learned from.
    """

    learned: Learned
    calibration: Calibration
    thresholds: tuple[float, ...]
    precise_thresholds: tuple[float | None, ...]
    metrics: Metrics
    scores: NDArray[np.float32]


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
    x = Compressed(torch.from_numpy(features.astype(np.float32)))
    y = torch.from_numpy(targets)
    logits, penalty = _cross_validate(x.values, y, fold_of, exclusive=exclusive)
    weight, bias = x.expand(fit_path(x.values, y, [penalty], exclusive=exclusive)[0])
    learned = Learned(weight.numpy(), bias.numpy(), penalty)
    return judge_fit(learned, logits, targets, groups, names, exclusive=exclusive)


def judge_fit(
    learned: Learned,
    logits: NDArray[np.float32],
    targets: NDArray[np.float32],
    groups: Sequence[str],
    names: Sequence[str],
    *,
    exclusive: bool,
) -> HeadFit:
    """Calibrate a head, choose its thresholds and measure it, all on out-of-fold logits `[N, C]`.

    Args:
        learned: from all photos.
        logits: of models that had not learned from the photo.
        targets: `[N, C]` of 1, 0 or NaN for unknown.
        groups: shoot or source of each photo.
        names: of the classes.
        exclusive: one label a photo.
    """
    calibration = fit_calibration(logits, targets, exclusive=exclusive)
    scores = score_logits(logits, calibration, exclusive=exclusive)
    columns = [(scores[:, c], targets[:, c]) for c in range(len(names))]
    thresholds = tuple(choose_threshold(*column) for column in columns)
    precise = tuple(choose_precise_threshold(*column) for column in columns)
    return HeadFit(
        learned,
        calibration,
        thresholds,
        precise,
        measure_tags(scores, targets, groups, names, thresholds, precise),
        scores,
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
    x: Tensor, y: Tensor, fold_of: NDArray[np.int64], *, exclusive: bool
) -> tuple[NDArray[np.float32], float]:
    """Out-of-fold logits `[N, C]` under the penalty whose loss on them is smallest."""
    logits = torch.zeros(len(_PENALTIES), *y.shape)
    for fold in range(int(fold_of.max()) + 1):
        held = torch.from_numpy(fold_of == fold)
        fits = fit_path(x[~held], y[~held], _PENALTIES, exclusive=exclusive)
        for i, fit in enumerate(fits):
            logits[i, held] = functional.linear(x[held], *fit)
    losses = [mean_loss(z, y, torch.ones_like(y), exclusive=exclusive) for z in logits]
    best = int(torch.stack(losses).argmin())
    return logits[best].numpy(), _PENALTIES[best]
