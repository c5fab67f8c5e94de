"""The figures of a new model, from scores of photos it has not learned from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagger.core.errors import ModelError
from tagger.ml.evaluation import measure_tags
from tagger.ml.figures import Labels, measure_answers
from tagger.ml.metrics import bootstrap, mean_f1

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.ml.figures import Figures
    from tagger.ml.info import Figure, Metrics

Thresholds = tuple[tuple[float, ...], tuple[float | None, ...]]
"""By class: from which score on it is a tag, and is right 95 times of 100."""


def measure_held_out(
    scores: NDArray[np.float32],
    targets: NDArray[np.float32],
    groups: Sequence[str],
    names: Sequence[str],
    thresholds: Thresholds,
    *,
    exclusive: bool,
) -> Metrics:
    """Mean average precision, macro-F1 and figures by class, all with 95 % intervals.

    An exclusive model answers with its best class, and is measured by that; `accuracy` is added.

    Args:
        scores: `[N, C]`, calibrated.
        targets: `[N, C]` of 1, 0 or NaN for unknown.
        groups: shoot or source of each photo.
        names: of the classes.
        thresholds: those of the model.
        exclusive: one label a photo.

    Raises:
        ModelError: no photo has any of the classes.
    """
    if not (targets == 1).any():
        raise ModelError(
            "The photos held out for measuring show none of the classes. Add photos of each class "
            "to them."
        )
    if len(set(groups)) == 1:  # a single shoot can't be resampled, but its photos can
        groups = [str(row) for row in range(len(targets))]
    metrics = measure_tags(scores, targets, groups, names, *thresholds)
    if exclusive:
        return _add_answers(metrics, scores, targets, groups, names)
    margins = scores - np.asarray(thresholds[0], np.float32)
    macro = bootstrap(lambda rows: mean_f1(margins[rows], targets[rows], exclusive=False), groups)
    return metrics.model_copy(update={"overall": {**metrics.overall, "macro_f1": macro}})


def _add_answers(
    metrics: Metrics,
    scores: NDArray[np.float32],
    targets: NDArray[np.float32],
    groups: Sequence[str],
    names: Sequence[str],
) -> Metrics:
    unsure = np.zeros(len(targets), bool)
    labels = Labels(targets.argmax(axis=1), np.full(len(targets), -1), unsure, groups)
    found = measure_answers(scores, labels, names, exclusive=True)
    per_class = {
        name: {**figures, **_answer_figures(found, name)}
        for name, figures in metrics.per_class.items()
    }
    overall = {"accuracy": found.accuracy, "macro_f1": found.macro_f1}
    return metrics.model_copy(
        update={"overall": {**metrics.overall, **overall}, "per_class": per_class}
    )


def _answer_figures(found: Figures, name: str) -> dict[str, Figure]:
    one = found.per_class.get(name)
    if one is None:
        return {}
    return {"precision": one.precision, "recall": one.recall, "f1": one.f1}
