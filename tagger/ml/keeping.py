"""What a lesson on some classes takes over from the model before it: quick learning's parent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.keywords import class_key
from tagger.ml.head import HeadFit, Learned
from tagger.ml.info import Calibration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagger.ml.info import BundleInfo


@dataclass(frozen=True, slots=True)
class Parent:
    """A model with the head it came with; the new model has the same body."""

    info: BundleInfo
    head: Learned


def find_start(names: Sequence[str], parent: Parent) -> Learned:
    """The parent's rows for classes it knows, nothing for new ones."""
    rows = {class_key(entry.name): row for row, entry in enumerate(parent.info.classes)}
    weight = np.zeros((len(names), parent.head.weight.shape[1]), np.float32)
    bias = np.zeros(len(names), np.float32)
    for place, name in enumerate(names):
        row = rows.get(class_key(name))
        if row is not None:
            weight[place], bias[place] = parent.head.weight[row], parent.head.bias[row]
    return Learned(weight, bias)


def keep_classes(
    fit: HeadFit, classes: Mapping[str, tuple[str, ...]], parent: Parent
) -> tuple[HeadFit, dict[str, tuple[str, ...]]]:
    """The fit together with the parent's classes that were not taught, exactly as they were.

    Their rows of the head, calibration, thresholds and figures are the parent's.

    Args:
        fit: of the taught classes.
        classes: their names and keyword paths, in the order of the fit.
        parent: gives several tags, as the fit does.

    Returns:
        The fit and all classes: kept ones first, in the parent's order, then the taught ones.
    """
    taught = {class_key(name) for name in classes}
    entries = parent.info.classes
    rows = [row for row, entry in enumerate(entries) if class_key(entry.name) not in taught]
    kept = [entries[row] for row in rows]
    old, figures = parent.info.calibration, parent.info.metrics.per_class
    calibration = Calibration(
        scale=tuple(old.scale[row] for row in rows) + fit.calibration.scale,
        shift=tuple(old.shift[row] for row in rows) + fit.calibration.shift,
        method=fit.calibration.method,
    )
    metrics = fit.metrics.model_copy(
        update={
            "per_class": {entry.name: figures.get(entry.name, {}) for entry in kept}
            | fit.metrics.per_class
        }
    )
    merged = replace(
        fit,
        learned=_stack(parent.head, rows, fit.learned),
        calibration=calibration,
        thresholds=tuple(entry.threshold for entry in kept) + fit.thresholds,
        precise_thresholds=tuple(e.precise_threshold for e in kept) + fit.precise_thresholds,
        metrics=metrics,
    )
    return merged, {entry.name: entry.keyword_path for entry in kept} | dict(classes)


def _stack(old: Learned, rows: Sequence[int], new: Learned) -> Learned:
    chosen = list(rows)
    return Learned(
        np.concatenate([old.weight[chosen], new.weight]),
        np.concatenate([old.bias[chosen], new.bias]),
        new.penalty,
    )
