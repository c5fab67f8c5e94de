"""The figures that go into a bundle and on the screen, from scores on held-out photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagger.ml.figures import interval_of_f1
from tagger.ml.info import Figure, Metrics
from tagger.ml.metrics import average_precision, mean_average_precision, wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


_RESAMPLES = 200


def measure_tags(
    scores: NDArray[np.float32],
    targets: NDArray[np.float32],
    groups: Sequence[str],
    names: Sequence[str],
    thresholds: Sequence[float],
    precise: Sequence[float | None],
) -> Metrics:
    """Average precision, precision, recall and F1 by class on photos not learned from.

    Nothing for a class of which nobody said of any photo whether it shows it.

    Args:
        scores: `[N, C]`, calibrated.
        targets: `[N, C]` of 0, 1 or NaN for unknown.
        groups: shoot or source of each photo, for the intervals.
        names: of the classes.
        thresholds: from which scores count as tags.
        precise: the same for 95 % precision, None where that was not to be had.
    """
    resampled = _resample_average_precision(scores, targets, groups)
    overall = {
        "mean_average_precision": _with_interval(
            mean_average_precision(scores, targets), _mean_known(resampled), len(scores)
        )
    }
    per_class = {
        name: {
            **_measure_ranking(scores[:, c], targets[:, c], resampled[:, c]),
            **_measure_thresholds(scores[:, c], targets[:, c], thresholds[c], precise[c]),
        }
        if not np.isnan(targets[:, c]).all()
        else {}
        for c, name in enumerate(names)
    }
    return Metrics(
        on="out of fold, split by source", n=len(scores), overall=overall, per_class=per_class
    )


def _measure_ranking(
    scores: NDArray[np.float32], targets: NDArray[np.float32], resampled: NDArray[np.float64]
) -> dict[str, Figure]:
    """Nothing for a class that no photo has."""
    positives = int((targets == 1).sum())
    if not positives:
        return {}
    value = average_precision(scores, targets)
    return {"average_precision": _with_interval(value, resampled, positives)}


def _with_interval(value: float, values: NDArray[np.float64], n: int) -> Figure:
    known = values[~np.isnan(values)]
    low, high = np.quantile(known, [0.025, 0.975]) if len(known) else (0.0, 1.0)
    return Figure(value=value, low=min(value, low), high=max(value, high), n=n)


def _mean_known(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of each row, classes that were not drawn left out."""
    known = ~np.isnan(values)
    means: NDArray[np.float64] = np.nansum(values, axis=1) / np.maximum(known.sum(axis=1), 1)
    return means


def _resample_average_precision(
    scores: NDArray[np.float32], targets: NDArray[np.float32], groups: Sequence[str]
) -> NDArray[np.float64]:
    """Average precision `[R, C]` over R resamplings of whole shoots (Efron 1979).

    Sorted once: a resampling only changes how often each photo counts.
    """
    names, index = np.unique(np.asarray(groups), return_inverse=True)
    rng = np.random.default_rng(0)
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), _RESAMPLES)
    columns = []
    for c in range(scores.shape[1]):
        known = ~np.isnan(targets[:, c])
        order = np.argsort(-scores[known, c], kind="stable")
        times = drawn[:, index[known][order]]
        right = times * targets[known, c][order]
        hits, taken = np.cumsum(right, axis=1), np.cumsum(times, axis=1)
        with np.errstate(invalid="ignore"):
            precisions = right * hits / np.maximum(taken, 1)
            columns.append(precisions.sum(axis=1) / right.sum(axis=1))
    return np.column_stack(columns)


def _measure_thresholds(
    scores: NDArray[np.float32],
    targets: NDArray[np.float32],
    threshold: float,
    precise: float | None,
) -> dict[str, Figure]:
    taken, shown = (scores >= threshold) & ~np.isnan(targets), targets == 1
    figures = {
        "precision": precision_at(scores, targets, threshold),
        "recall": recall_at(scores, targets, threshold),
        "f1": interval_of_f1(int((taken & shown).sum()), int((taken | shown).sum())),
    }
    if precise is not None:
        figures["precision_at_95"] = precision_at(scores, targets, precise)
        figures["recall_at_95"] = recall_at(scores, targets, precise)
    return figures


def precision_at(
    scores: NDArray[np.float32], targets: NDArray[np.float32], threshold: float
) -> Figure:
    """Share of right ones among the predictions from the threshold on, `[N]` each."""
    taken = (scores >= threshold) & ~np.isnan(targets)
    return wilson(int((targets[taken] == 1).sum()), int(taken.sum()))


def recall_at(
    scores: NDArray[np.float32], targets: NDArray[np.float32], threshold: float
) -> Figure:
    """Share of the class's photos that score the threshold or more, `[N]` each."""
    positive = targets == 1
    return wilson(int((scores[positive] >= threshold).sum()), int(positive.sum()))
