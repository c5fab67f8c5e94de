"""The figures that go into a bundle and on the screen, from scores on held-out photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagger.ml.info import Figure, Metrics
from tagger.ml.metrics import average_precision, bootstrap, mean_average_precision, wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def measure_tags(
    scores: NDArray[np.float32],
    targets: NDArray[np.float32],
    groups: Sequence[str],
    names: Sequence[str],
    thresholds: Sequence[float],
    precise: Sequence[float | None],
) -> Metrics:
    """Average precision, precision, recall and F1 by class on photos not learned from.

    Args:
        scores: `[N, C]`, calibrated.
        targets: `[N, C]` of 0, 1 or NaN for unknown.
        groups: shoot or source of each photo, for the intervals.
        names: of the classes.
        thresholds: from which scores count as tags.
        precise: the same for 95 % precision, None where that was not to be had.
    """
    overall = {
        "mean_average_precision": bootstrap(
            lambda rows: mean_average_precision(scores[rows], targets[rows]), groups
        )
    }
    per_class = {
        name: _measure_class(scores[:, c], targets[:, c], groups, thresholds[c], precise[c])
        for c, name in enumerate(names)
    }
    return Metrics(
        on="out of fold, split by source", n=len(scores), overall=overall, per_class=per_class
    )


def _measure_class(
    scores: NDArray[np.float32],
    targets: NDArray[np.float32],
    groups: Sequence[str],
    threshold: float,
    precise: float | None,
) -> dict[str, Figure]:
    positives = int((targets == 1).sum())
    figures = {
        "average_precision": bootstrap(
            lambda rows: average_precision(scores[rows], targets[rows]), groups
        ).model_copy(update={"n": positives}),
        "precision": precision_at(scores, targets, threshold),
        "recall": recall_at(scores, targets, threshold),
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
