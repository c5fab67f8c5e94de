"""How good a model's answers are, from arrays: what `tagger evaluate` prints.

Shares have Wilson's 95 % interval, and so has F1, a growing function of one. Means over the classes
have the one of 200 resamplings of whole shoots (Efron 1979), since photos of one shoot are alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.ml.info import Figure
from tagger.ml.metrics import average_precision, bootstrap, mean_average_precision, wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


CALIBRATION_BINS = 15


@dataclass(frozen=True, slots=True)
class Labels:
    """What N photos show, by class number.

    Attributes:
        truth: `[N]`.
        second: `[N]`, a second class that fits too, -1 for none.
        is_hard: `[N]`: on these photos the second class is as right an answer as the first.
        groups: shoot or source of each photo.
    """

    truth: NDArray[np.intp]
    second: NDArray[np.intp]
    is_hard: NDArray[np.bool_]
    groups: Sequence[str]

    def accept(self, answers: NDArray[np.intp]) -> NDArray[np.intp]:
        """The truth `[N]` that answers `[N]` are held against."""
        return np.where(self.is_hard & (answers == self.second), self.second, self.truth)

    def targets(self, classes: int) -> NDArray[np.float32]:
        """`[N, classes]`: 1 for the first and the second class, 0 for all others."""
        targets = np.zeros((len(self.truth), classes), np.float32)
        rows = np.arange(len(self.truth))
        targets[rows, self.truth] = 1
        has_second = self.second >= 0
        targets[rows[has_second], self.second[has_second]] = 1
        return targets


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """One class: `n` photos show it, second classes of hard photos left out."""

    n: int
    precision: Figure
    recall: Figure
    f1: Figure
    average_precision: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that was measured on N photos.

    Attributes:
        calibration_error: expected calibration error (Naeini et al. 2015) in 15 equal bins: of the
            best answer's probability if exclusive, else of every score.
        per_class: classes with photos alone.
        confusion: `[C, C]`, rows are what photos show, columns what the model answers.
    """

    n: int
    accuracy: Figure
    macro_f1: Figure
    mean_average_precision: Figure
    calibration_error: float
    per_class: dict[str, ClassFigures]
    confusion: NDArray[np.intp]


def measure_answers(
    scores: NDArray[np.float32], labels: Labels, names: Sequence[str], *, exclusive: bool
) -> Figures:
    """Measure scores `[N, C]` in 0..1, the best class of each photo being the answer."""
    answers = scores.argmax(axis=1)
    truth = labels.accept(answers)
    targets = labels.targets(len(names))
    confusion = count_confusion(truth, answers, len(names))
    groups = labels.groups
    if len(set(groups)) == 1:  # a single shoot can't be resampled, but its photos can
        groups = [str(i) for i in range(len(truth))]
    return Figures(
        n=len(truth),
        accuracy=wilson(int((answers == truth).sum()), len(truth)),
        macro_f1=bootstrap(
            lambda rows: _macro_f1(count_confusion(truth[rows], answers[rows], len(names))), groups
        ),
        mean_average_precision=bootstrap(
            lambda rows: mean_average_precision(scores[rows], targets[rows]), groups
        ),
        calibration_error=_calibration_error(scores, targets, answers == truth, exclusive),
        per_class={
            name: _measure_class(truth == c, answers == c, scores[:, c], targets[:, c])
            for c, name in enumerate(names)
            if confusion[c].any()
        },
        confusion=confusion,
    )


def count_confusion(
    truth: NDArray[np.intp], answers: NDArray[np.intp], classes: int
) -> NDArray[np.intp]:
    """`[C, C]`: photos by class (row) and answer (column)."""
    cells = np.bincount(truth * classes + answers, minlength=classes * classes)
    return cells.reshape(classes, classes)


def f1_by_class(confusion: NDArray[np.intp]) -> NDArray[np.float64]:
    """`[C]`: 2 TP / (2 TP + FP + FN); NaN for a class without photos and answers."""
    total = confusion.sum(axis=0) + confusion.sum(axis=1)
    hits = 2.0 * np.diag(confusion)
    f1: NDArray[np.float64] = np.divide(
        hits, total, out=np.full(len(total), np.nan), where=total > 0
    )
    return f1


def _macro_f1(confusion: NDArray[np.intp]) -> float:
    """Mean over the classes with photos: a wrong answer outside of them costs recall alone."""
    return float(f1_by_class(confusion)[confusion.any(axis=1)].mean())


def _measure_class(
    shown: NDArray[np.bool_],
    answered: NDArray[np.bool_],
    scores: NDArray[np.float32],
    targets: NDArray[np.float32],
) -> ClassFigures:
    hits, n = int((shown & answered).sum()), int(shown.sum())
    return ClassFigures(
        n=n,
        precision=wilson(hits, int(answered.sum())),
        recall=wilson(hits, n),
        f1=interval_of_f1(hits, int((shown | answered).sum())),
        average_precision=average_precision(scores, targets),
    )


def interval_of_f1(hits: int, overlap: int) -> Figure:
    """F1 of `hits` = TP and `overlap` = TP + FP + FN photos.

    F1 = 2 J / (1 + J) with J = TP / (TP + FP + FN), which is a share and has Wilson's interval.
    """
    share = wilson(hits, overlap)
    value, low, high = (2 * j / (1 + j) for j in (share.value, share.low, share.high))
    return Figure(value=value, low=low, high=high, n=share.n)


def _calibration_error(
    scores: NDArray[np.float32],
    targets: NDArray[np.float32],
    is_right: NDArray[np.bool_],
    exclusive: bool,  # noqa: FBT001 - private, and called in one place
) -> float:
    if exclusive:
        return expected_calibration_error(scores.max(axis=1), is_right)
    return expected_calibration_error(scores.ravel(), targets.ravel() == 1)


def expected_calibration_error(
    probabilities: NDArray[np.float32], is_right: NDArray[np.bool_]
) -> float:
    """Mean distance of what was promised from what came true, `[N]` each, in 15 equal bins."""
    bins = np.minimum((probabilities * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    promised = np.bincount(bins, probabilities, CALIBRATION_BINS)
    came_true = np.bincount(bins, is_right, CALIBRATION_BINS)
    return float(np.abs(promised - came_true).sum() / len(probabilities))
