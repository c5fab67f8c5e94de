"""What thresholds buy: how often a prediction is right, how many photos are caught, what is left.

They are measured here, not chosen for a model: that belongs to its training.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.ml.evaluation import precision_at, recall_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.ml.info import ClassInfo, Figure

FEWEST_FOR_PROMISE = 20
"""Photos above a threshold without which nothing is promised."""


@dataclass(frozen=True, slots=True)
class PrecisionOffer:
    """What asking for a precision costs, measured on the photos it was chosen on.

    Attributes:
        wanted: share of answers that shall be right.
        threshold: lowest probability of the answer that reaches it; None where no threshold with
            twenty photos above it does. The others are then None too.
        precision: share of right ones among the answers from the threshold on.
        recall: share of all photos that are answered, and rightly.
        review: share of all photos that stay below the threshold, for a person to look at.
    """

    wanted: float
    threshold: float | None
    precision: float | None
    recall: float | None
    review: float | None


@dataclass(frozen=True, slots=True)
class ThresholdFigures:
    """What one threshold of the model does on these photos.

    Attributes:
        threshold: the score from which photos get the tag.
        precision: share of right ones among the photos that get the tag.
        recall: share of the class's photos that get it.
    """

    threshold: float
    precision: Figure
    recall: Figure


@dataclass(frozen=True, slots=True)
class TagThresholds:
    """Both thresholds of a class.

    Attributes:
        precise: at the score for 95 % precision; None where the model has none.
        review: share of the tags that don't reach it and are left for a person; 1 without it.
    """

    tag: ThresholdFigures
    precise: ThresholdFigures | None
    review: float


def offer_precision(
    probabilities: NDArray[np.float32], is_right: NDArray[np.bool_], wanted: float
) -> PrecisionOffer:
    """The lowest threshold on the answers' probabilities `[N]` that gives the wanted precision."""
    order = np.argsort(-probabilities, kind="stable")
    ranked = probabilities[order]
    hits = np.cumsum(is_right[order])
    count = np.arange(1, len(ranked) + 1)
    ends = np.append(ranked[1:] < ranked[:-1], [True])[: len(ranked)]  # equal scores go together
    good = np.flatnonzero((hits >= wanted * count) & (count >= FEWEST_FOR_PROMISE) & ends)
    if not len(good):
        return PrecisionOffer(wanted, None, None, None, None)
    last = good[-1]
    return PrecisionOffer(
        wanted,
        threshold=float(ranked[last]),
        precision=float(hits[last] / count[last]),
        recall=float(hits[last] / len(ranked)),
        review=float(1 - count[last] / len(ranked)),
    )


def measure_thresholds(
    scores: NDArray[np.float32], targets: NDArray[np.float32], classes: Sequence[ClassInfo]
) -> dict[str, TagThresholds]:
    """What the thresholds stored in a model do on other photos, for each class that has photos.

    Args:
        scores: `[N, C]`, calibrated.
        targets: `[N, C]` of 0, 1 or NaN for unknown.
        classes: in the order of the columns.
    """
    return {
        entry.name: _measure_class(scores[:, c], targets[:, c], entry)
        for c, entry in enumerate(classes)
        if (targets[:, c] == 1).any()
    }


def _measure_class(
    scores: NDArray[np.float32], targets: NDArray[np.float32], entry: ClassInfo
) -> TagThresholds:
    tag = _measure(scores, targets, entry.threshold)
    if entry.precise_threshold is None:
        return TagThresholds(tag, None, review=1.0)
    precise = _measure(scores, targets, entry.precise_threshold)
    tagged = max(tag.precision.n, precise.precision.n)
    sure = precise.precision.n
    return TagThresholds(tag, precise, review=1 - sure / tagged if tagged else 0.0)


def _measure(
    scores: NDArray[np.float32], targets: NDArray[np.float32], threshold: float
) -> ThresholdFigures:
    return ThresholdFigures(
        threshold,
        precision_at(scores, targets, threshold),
        recall_at(scores, targets, threshold),
    )
