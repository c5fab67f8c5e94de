"""Every figure against scikit-learn, on answers that are right at a known rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn import metrics as reference

from tagger.ml.figures import (
    Labels,
    expected_calibration_error,
    interval_of_f1,
    measure_answers,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAMES = ("bride", "cake", "dance", "rings")


def make_scores(
    n: int = 400, classes: int = 4, seed: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Softmax scores `[n, classes]` that are right in about two of three photos, and the truth."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, classes, n)
    logits = rng.normal(size=(n, classes)) + 2 * np.eye(classes)[truth]
    scores = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return scores.astype(np.float32), truth


def label(truth: NDArray[np.intp], groups: list[str] | None = None) -> Labels:
    n = len(truth)
    return Labels(
        truth,
        second=np.full(n, -1),
        is_hard=np.zeros(n, np.bool_),
        groups=groups or [str(i) for i in range(n)],
    )


def test_figures_are_those_of_scikit_learn() -> None:
    scores, truth = make_scores()
    found = measure_answers(scores, label(truth), NAMES, exclusive=True)
    answers = scores.argmax(axis=1)
    precision, recall, f1, n = reference.precision_recall_fscore_support(truth, answers)
    assert found.n == 400
    assert found.accuracy.value == pytest.approx(reference.accuracy_score(truth, answers))
    assert found.macro_f1.value == pytest.approx(f1.mean())
    np.testing.assert_array_equal(found.confusion, reference.confusion_matrix(truth, answers))
    for c, (name, figures) in enumerate(found.per_class.items()):
        assert name == NAMES[c]
        assert figures.n == n[c]
        assert figures.precision.value == pytest.approx(precision[c])
        assert figures.recall.value == pytest.approx(recall[c])
        assert figures.f1.value == pytest.approx(f1[c])
        assert figures.average_precision == pytest.approx(
            reference.average_precision_score(truth == c, scores[:, c])
        )
    assert found.mean_average_precision.value == pytest.approx(
        np.mean([figures.average_precision for figures in found.per_class.values()])
    )


def test_intervals_hold_the_value_and_shrink_with_more_photos() -> None:
    few, many = (
        measure_answers(scores, label(truth), NAMES, exclusive=True)
        for scores, truth in (make_scores(50), make_scores(1600))
    )
    for found in (few, many):
        for figure in (found.accuracy, found.macro_f1, found.mean_average_precision):
            assert figure.low < figure.value < figure.high
    for name in NAMES:
        narrow, wide = many.per_class[name].f1, few.per_class[name].f1
        assert narrow.high - narrow.low < (wide.high - wide.low) / 3


def test_intervals_of_f1_cover_what_is_true_19_times_in_20() -> None:
    scores, truth = make_scores(50_000)
    answers = scores.argmax(axis=1)
    real = reference.f1_score(truth, answers, average=None)[0]
    shown, answered = truth == 0, answers == 0
    covered = 0
    for rows in np.split(np.arange(50_000), 500):
        hits = int((shown & answered)[rows].sum())
        f1 = interval_of_f1(hits, int((shown | answered)[rows].sum()))
        covered += f1.low <= real <= f1.high
    assert 0.93 <= covered / 500 <= 0.97


def test_photos_of_one_shoot_widen_the_interval() -> None:
    scores, truth = make_scores(40)
    scores, truth = np.repeat(scores, 10, axis=0), np.repeat(truth, 10)
    shoots = [str(i // 10) for i in range(400)]
    apart = measure_answers(scores, label(truth), NAMES, exclusive=True).macro_f1
    together = measure_answers(scores, label(truth, shoots), NAMES, exclusive=True).macro_f1
    assert together.value == apart.value
    assert together.high - together.low > 2 * (apart.high - apart.low)


def test_a_single_shoot_does_not_promise_certainty() -> None:
    scores, truth = make_scores(100)
    found = measure_answers(scores, label(truth, ["one"] * 100), NAMES, exclusive=True)
    assert found.macro_f1.low < found.macro_f1.value < found.macro_f1.high


def test_a_second_class_counts_on_hard_photos_alone() -> None:
    scores = np.array([[0.1, 0.9], [0.1, 0.9], [0.8, 0.2]], np.float32)
    labels = Labels(
        truth=np.array([0, 0, 0]),
        second=np.array([1, 1, -1]),
        is_hard=np.array([True, False, True]),
        groups=["a", "b", "c"],
    )
    found = measure_answers(scores, labels, ("bride", "cake"), exclusive=False)
    assert found.accuracy.value == pytest.approx(2 / 3)
    np.testing.assert_array_equal(found.confusion, [[1, 1], [0, 1]])
    np.testing.assert_array_equal(labels.targets(2), [[1, 1], [1, 1], [1, 0]])


def test_a_class_without_photos_counts_as_answer_only() -> None:
    scores, truth = make_scores(classes=4)
    truth = np.where(truth == 3, 0, truth)
    found = measure_answers(scores, label(truth), NAMES, exclusive=True)
    assert list(found.per_class) == ["bride", "cake", "dance"]
    assert found.confusion[:, 3].sum() > 0
    assert found.macro_f1.value == pytest.approx(
        reference.f1_score(truth, scores.argmax(axis=1), labels=[0, 1, 2], average="macro")
    )


def test_one_photo_is_enough_to_measure() -> None:
    found = measure_answers(
        np.array([[0.7, 0.3]], np.float32), label(np.array([0])), NAMES[:2], exclusive=True
    )
    assert found.accuracy.value == 1
    assert found.accuracy.low < 0.5


def test_calibration_error_of_honest_and_of_boastful_scores() -> None:
    rng = np.random.default_rng(0)
    promised = rng.uniform(size=100_000).astype(np.float32)
    came_true = rng.uniform(size=100_000) < promised
    assert expected_calibration_error(promised, came_true) < 0.01
    sure = np.ones(1000, np.float32)
    assert expected_calibration_error(sure, np.arange(1000) < 700) == pytest.approx(0.3)


def test_calibration_error_by_hand() -> None:
    promised = np.array([0.05, 0.05, 0.95, 0.95], np.float32)
    came_true = np.array([False, True, True, True])
    # Two bins with half of the photos each: |0.05 - 0.5| and |0.95 - 1|.
    assert expected_calibration_error(promised, came_true) == pytest.approx(0.25)
