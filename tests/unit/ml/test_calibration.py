from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.ml.calibration import choose_precise_threshold, choose_threshold, fit_calibration
from tagger.ml.scoring import score_logits

if TYPE_CHECKING:
    from numpy.typing import NDArray


def sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    odds: NDArray[np.float64] = 1 / (1 + np.exp(-x))
    return odds


def test_overconfident_logits_become_probabilities() -> None:
    rng = np.random.default_rng(0)
    honest = rng.normal(-1, 2, (4000, 3))
    targets = (rng.random((4000, 3)) < sigmoid(honest)).astype(np.float32)
    logits = (honest * (2, 3, 4) + (1, -1, 0)).astype(np.float32)
    scores = score_logits(
        logits, fit_calibration(logits, targets, exclusive=False), exclusive=False
    )
    np.testing.assert_allclose(scores, sigmoid(honest), atol=0.05)


def test_exclusive_models_get_one_temperature() -> None:
    rng = np.random.default_rng(0)
    honest = rng.normal(0, 2, (4000, 3))
    odds = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
    labels = (rng.random(4000)[:, None] > odds.cumsum(axis=1)).sum(axis=1).clip(max=2)
    targets = np.eye(3, dtype=np.float32)[labels]
    calibration = fit_calibration((honest * 4).astype(np.float32), targets, exclusive=True)
    assert calibration.scale == pytest.approx([0.25] * 3, rel=0.1)
    assert calibration.shift == (0, 0, 0)


def test_a_class_with_few_photos_borrows_from_the_others() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 4, (2000, 2)).astype(np.float32)
    targets = (rng.random((2000, 2)) < sigmoid(logits / 2)).astype(np.float32)
    targets[8:, 1] = np.nan
    calibration = fit_calibration(logits, targets, exclusive=False)
    assert calibration.scale[1] == pytest.approx(calibration.scale[0], rel=0.3)


def test_a_class_without_known_photos_does_no_harm() -> None:
    logits = np.random.default_rng(0).normal(0, 1, (50, 2)).astype(np.float32)
    targets = np.column_stack([logits[:, 0] > 0, np.full(50, np.nan)]).astype(np.float32)
    assert np.isfinite(fit_calibration(logits, targets, exclusive=False).scale).all()


def test_threshold_has_the_best_f1() -> None:
    rng = np.random.default_rng(1)
    targets = (rng.random(300) < 0.3).astype(np.float32)
    scores = sigmoid(rng.normal(targets * 2 - 1, 1)).astype(np.float32)

    def f1(threshold: float) -> float:
        taken = scores >= threshold
        return float(2 * (taken & (targets == 1)).sum() / (taken.sum() + targets.sum()))

    best = max(f1(threshold) for threshold in np.linspace(0, 1, 500))
    assert f1(choose_threshold(scores, targets)) >= best - 1e-9


def test_too_few_photos_for_a_threshold() -> None:
    targets = np.array([1] * 9 + [0] * 20, np.float32)
    assert choose_threshold(np.linspace(1, 0, 29, dtype=np.float32), targets) == 0.5
    assert choose_threshold(np.zeros(3, np.float32), np.full(3, np.nan, np.float32)) == 0.5


def test_precise_threshold_keeps_its_promise() -> None:
    rng = np.random.default_rng(2)
    targets = (rng.random(500) < 0.4).astype(np.float32)
    scores = sigmoid(rng.normal(targets * 4 - 2, 1.2)).astype(np.float32)
    threshold = choose_precise_threshold(scores, targets)
    assert threshold is not None
    assert targets[scores >= threshold].mean() >= 0.95
    lower = np.sort(scores[scores < threshold])[::-1]
    assert all(targets[scores >= score].mean() < 0.95 for score in lower)


@pytest.mark.parametrize(("right", "wrong"), [(19, 0), (30, 20)])
def test_no_promise_without_photos(right: int, wrong: int) -> None:
    targets = np.array([1, 0] * wrong + [1] * (right - wrong if right > wrong else 0), np.float32)
    scores = np.linspace(1, 0, len(targets), dtype=np.float32)
    assert choose_precise_threshold(scores, targets) is None


@given(
    st.lists(
        st.tuples(st.sampled_from([0.2, 0.8, 0.991, 0.995, 0.9999, 1.0]), st.booleans()),
        min_size=20,
        max_size=160,
    )
)
def test_the_promise_is_true_for_equal_scores_and_those_near_one(
    photos: list[tuple[float, bool]],
) -> None:
    scores = np.array([score for score, _ in photos], np.float32)
    targets = np.array([is_right for _, is_right in photos], np.float32)
    threshold = choose_precise_threshold(scores, targets)
    keeps = [
        targets[scores >= one].mean() >= 0.95
        for one in np.unique(scores)
        if (scores >= one).sum() >= 20
    ]
    assert (threshold is not None) == any(keeps)
    if threshold is not None:
        assert (scores >= threshold).sum() >= 20
        assert targets[scores >= threshold].mean() >= 0.95
