"""How good a model is, with intervals that admit how few photos that was measured on."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from tagger.ml.info import Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Measure = Callable[[NDArray[np.intp]], float]


def wilson(right: int, n: int) -> Figure:
    """A share with its 95 % interval (Wilson 1927), which is honest for few photos as well."""
    if n == 0:
        return Figure(value=0, low=0, high=1, n=0)
    share, z = right / n, 1.96
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Figure(
        value=share,
        low=max(0.0, min(share, middle - half)),
        high=min(1.0, max(share, middle + half)),
        n=n,
    )


def bootstrap(
    measure: Measure, groups: Sequence[str], *, resamples: int = 200, seed: int = 0
) -> Figure:
    """A measure with its 95 % interval over resampled shoots (photos of one shoot are alike).

    Args:
        measure: takes row numbers, with repetitions.
        groups: shoot or source of each photo.
        resamples: how often shoots are drawn anew.
        seed: of the drawing.
    """
    names, index = np.unique(np.asarray(groups), return_inverse=True)
    rows = np.split(np.argsort(index, kind="stable"), np.cumsum(np.bincount(index))[:-1])
    rng = np.random.default_rng(seed)
    values = [
        measure(np.concatenate([rows[i] for i in rng.integers(0, len(names), len(names))]))
        for _ in range(resamples)
    ]
    value = measure(np.arange(len(index)))
    low, high = np.nanquantile(values, [0.025, 0.975])
    return Figure(
        value=value, low=max(0.0, min(value, low)), high=min(1.0, max(value, high)), n=len(index)
    )


def average_precision(scores: NDArray[np.float32], targets: NDArray[np.float32]) -> float:
    """Area under precision over recall, step-wise as scikit-learn has it; NaN targets are left out.

    NaN where no photo has the class.
    """
    known = ~np.isnan(targets)
    order = np.argsort(-scores[known], kind="stable")
    ranked = scores[known][order]
    hits = np.cumsum(targets[known][order])
    if len(hits) == 0 or hits[-1] == 0:
        return float("nan")
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)  # ties count as one step
    recall = hits[last] / hits[-1]
    return float(np.sum(np.diff(recall, prepend=0) * hits[last] / (last + 1)))


def mean_average_precision(scores: NDArray[np.float32], targets: NDArray[np.float32]) -> float:
    """Mean over the classes that have photos."""
    return float(
        np.nanmean([average_precision(scores[:, c], targets[:, c]) for c in range(scores.shape[1])])
    )


def mean_f1(logits: NDArray[np.float32], targets: NDArray[np.float32], *, exclusive: bool) -> float:
    """Macro-F1 of logits `[N, C]`: of the largest one if exclusive, else of those above 0.

    NaN where no photo has a class.
    """
    classes = logits.shape[1]
    if exclusive:
        return macro_f1(logits.argmax(axis=1), targets.argmax(axis=1), classes)
    taken = (logits > 0) & ~np.isnan(targets)
    hits = (taken & (targets == 1)).sum(axis=0)
    sizes = (targets == 1).sum(axis=0)
    present = sizes > 0
    if not present.any():
        return float("nan")
    return float(np.mean(2 * hits[present] / (taken.sum(axis=0) + sizes)[present]))


def macro_f1(predicted: NDArray[np.intp], truth: NDArray[np.intp], classes: int) -> float:
    """Mean F1 over the classes that have photos; one label a photo, as class numbers."""
    hits = np.bincount(truth[predicted == truth], minlength=classes)
    sizes = np.bincount(truth, minlength=classes)
    total = sizes + np.bincount(predicted, minlength=classes)
    present = sizes > 0
    return float(np.mean(2 * hits[present] / total[present]))
