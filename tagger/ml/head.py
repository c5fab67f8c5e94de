"""Quick learning: the head alone, on stored features. Seconds, and not one photo is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from tagger.ml.calibration import (
    choose_precise_threshold,
    choose_threshold,
    fit_calibration,
)
from tagger.ml.devices import count_cores
from tagger.ml.folds import split_folds
from tagger.ml.judging import measure_held_out
from tagger.ml.logistic import Compressed, fit_path, mean_loss
from tagger.ml.scoring import score_logits
from tagger.ml.targets import check_targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from tagger.ml.info import Calibration, Metrics

_PENALTIES = (1e-2, 3e-2, 1e-1, 3e-1, 1.0)
"""Of the squared weights, for features of unit spread."""
_PENALTIES_OF_CHANGE = (*_PENALTIES, 3.0, 10.0)
"""Of what differs from the weights that learning starts from: so strong that they may stay."""
_FEW = 2000
Limits = tuple[float, ...]
"""By class, from which score on it is a tag."""
Promises = tuple[float | None, ...]
"""By class, from which score on it is right 95 times of 100; None where that can't be said."""


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

    def compute_logits(
        self, features: NDArray[np.float16] | NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Logits `[N, C]` of features `[N, 2048]`."""
        logits: NDArray[np.float32] = features.astype(np.float32) @ self.weight.T + self.bias
        return logits


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What a model says of N photos that it has not learned from.

    Attributes:
        logits: `[N, C]`.
        targets: `[N, C]` of 1 (has the class), 0 (has not), NaN (unknown).
        groups: shoot or source of each photo.
    """

    logits: NDArray[np.float32]
    targets: NDArray[np.float32]
    groups: Sequence[str]


@dataclass(frozen=True, slots=True)
class HeadFit:
    """A head that was learned, and what held-out shoots say of it.

    Attributes:
        thresholds: from which scores count as tags, a class each.
        precise_thresholds: the same for 95 % precision, None where that can't be promised.
        scores: `[N, C]`, calibrated scores of the photos it was measured on.
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
    learned, held = learn_head(features, targets, groups, exclusive=exclusive, seed=seed)
    return judge_fit(learned, held, names, exclusive=exclusive)


def learn_head(
    features: NDArray[np.float16] | NDArray[np.float32],
    targets: NDArray[np.float32],
    groups: Sequence[str],
    *,
    exclusive: bool,
    seed: int = 0,
    start: Learned | None = None,
) -> tuple[Learned, HeldOut]:
    """A head learned from all photos, and what its likes say of photos of groups they did not see.

    Args:
        features: `[N, 2048]` of one backbone.
        targets: `[N, C]` of 1 (has the class), 0 (has not), NaN (unknown).
        groups: shoot or source of each photo.
        exclusive: one label a photo.
        seed: of the split.
        start: a head of the same classes that knows something already: what is learned is the
            difference to it, so that few photos change little.

    Raises:
        ModelError: photos of one group only.
    """
    # The number of threads decides the last bits of every sum, and for few photos one is faster.
    # All cores but one: with other work beside it, threads would spend their time in waiting.
    torch.set_num_threads(1 if len(features) < _FEW else max(1, count_cores() - 1))
    fold_of = split_folds(groups, targets, seed=seed)
    x = Compressed(torch.from_numpy(features.astype(np.float32)))
    y = torch.from_numpy(targets)
    offset = torch.zeros_like(y)
    if start is not None:
        offset = torch.from_numpy(start.compute_logits(features))
    penalties = _PENALTIES if start is None else _PENALTIES_OF_CHANGE
    logits, penalty = _cross_validate(x.values, y, offset, fold_of, penalties, exclusive=exclusive)
    fit = fit_path(x.values, y, [penalty], exclusive=exclusive, offset=offset)[0]
    weight, bias = (part.numpy() for part in x.expand(fit))
    if start is not None:
        weight, bias = weight + start.weight, bias + start.bias
    return Learned(weight, bias, penalty), HeldOut(logits, targets, groups)


def calibrate(held: HeldOut, *, exclusive: bool) -> tuple[Calibration, Limits, Promises]:
    """What makes probabilities of the logits, and the thresholds, from photos not learned from.

    Those of an exclusive model are one half at least, so that no photo gets two classes.
    """
    calibration = fit_calibration(held.logits, held.targets, exclusive=exclusive)
    scores = score_logits(held.logits, calibration, exclusive=exclusive)
    columns = list(zip(scores.T, held.targets.T, strict=True))
    lowest = 0.5 if exclusive else 0.0
    thresholds = tuple(max(choose_threshold(*column), lowest) for column in columns)
    return calibration, thresholds, tuple(choose_precise_threshold(*column) for column in columns)


def judge_fit(
    learned: Learned,
    held: HeldOut,
    names: Sequence[str],
    *,
    exclusive: bool,
    test: HeldOut | None = None,
) -> HeadFit:
    """Calibrate a head, choose its thresholds and measure it, all on photos it has not seen.

    Args:
        learned: the head that will be used.
        held: for calibrating and choosing.
        names: of the classes.
        exclusive: one label a photo.
        test: for measuring; None measures on `held` too.

    Raises:
        ModelError: not one of the photos to measure on has a class.
    """
    calibration, thresholds, precise = calibrate(held, exclusive=exclusive)
    held = held if test is None else test
    scores = score_logits(held.logits, calibration, exclusive=exclusive)
    metrics = measure_held_out(
        scores, held.targets, held.groups, names, (thresholds, precise), exclusive=exclusive
    )
    return HeadFit(learned, calibration, thresholds, precise, metrics, scores)


def _cross_validate(
    x: Tensor,
    y: Tensor,
    offset: Tensor,
    fold_of: NDArray[np.int64],
    penalties: Sequence[float],
    *,
    exclusive: bool,
) -> tuple[NDArray[np.float32], float]:
    """Out-of-fold logits `[N, C]` under the penalty whose loss on them is smallest."""
    logits = torch.zeros(len(penalties), *y.shape)
    for fold in range(int(fold_of.max()) + 1):
        held = torch.from_numpy(fold_of == fold)
        fits = fit_path(x[~held], y[~held], penalties, exclusive=exclusive, offset=offset[~held])
        for i, fit in enumerate(fits):
            logits[i, held] = functional.linear(x[held], *fit) + offset[held]
    losses = [mean_loss(z, y, torch.ones_like(y), exclusive=exclusive) for z in logits]
    best = int(torch.stack(losses).argmin())
    return logits[best].numpy(), penalties[best]
