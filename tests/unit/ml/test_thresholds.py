from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.ml.info import ClassInfo
from tagger.ml.thresholds import FEWEST_FOR_PROMISE, measure_thresholds, offer_precision


def test_a_precision_and_what_it_costs() -> None:
    probabilities = np.linspace(1, 0.01, 100, dtype=np.float32)
    is_right = np.ones(100, np.bool_)
    is_right[[40, 50, 60, 70, 80]] = False
    found = offer_precision(probabilities, is_right, 0.96)
    # The first 75 hold four wrong ones: 71 / 75 is too little; 72 hold 68, 50 hold 49.
    assert found.threshold == pytest.approx(probabilities[59])
    assert found.precision == pytest.approx(58 / 60)
    assert found.recall == pytest.approx(0.58)
    assert found.review == pytest.approx(0.4)


def test_too_few_photos_promise_nothing() -> None:
    n = FEWEST_FOR_PROMISE - 1
    found = offer_precision(np.linspace(0, 1, n, dtype=np.float32), np.ones(n, np.bool_), 0.9)
    assert found.threshold is None
    assert found.review is None


@given(
    st.lists(st.tuples(st.sampled_from([0.2, 0.4, 0.6, 0.8, 0.9]), st.booleans()), max_size=120),
    st.sampled_from([0.5, 0.8, 0.95]),
)
def test_the_offer_is_true_and_no_lower_threshold_does(
    photos: list[tuple[float, bool]], wanted: float
) -> None:
    probabilities = np.array([p for p, _ in photos], np.float32)
    is_right = np.array([r for _, r in photos], np.bool_)
    found = offer_precision(probabilities, is_right, wanted)
    reached = []
    for threshold in np.unique(probabilities):
        taken = probabilities >= threshold
        if taken.sum() >= FEWEST_FOR_PROMISE and is_right[taken].mean() >= wanted:
            reached.append(float(threshold))
    assert found.threshold == (min(reached) if reached else None)
    if found.threshold is not None:
        taken = probabilities >= np.float32(found.threshold)
        assert found.precision == pytest.approx(is_right[taken].mean())
        assert found.review == pytest.approx(1 - taken.mean())


def test_both_thresholds_of_a_class() -> None:
    scores = np.array([[0.9], [0.7], [0.5], [0.3]], np.float32)
    targets = np.array([[1], [1], [0], [1]], np.float32)
    cake = ClassInfo(name="cake", keyword_path=("Cake",), threshold=0.4, precise_threshold=0.6)
    found = measure_thresholds(scores, targets, [cake])["cake"]
    assert found.tag.precision.value == pytest.approx(2 / 3)
    assert found.tag.recall.value == pytest.approx(2 / 3)
    assert found.precise is not None
    assert found.precise.precision.value == 1
    assert found.review == pytest.approx(1 / 3)


def test_without_a_precise_threshold_all_is_left_for_review() -> None:
    cake = ClassInfo(name="cake", keyword_path=("Cake",), threshold=0.4)
    found = measure_thresholds(np.ones((3, 1), np.float32), np.ones((3, 1), np.float32), [cake])
    assert found["cake"].precise is None
    assert found["cake"].review == 1


def test_classes_without_photos_are_left_out() -> None:
    cake = ClassInfo(name="cake", keyword_path=("Cake",), threshold=0.4)
    assert not measure_thresholds(np.ones((3, 1), np.float32), np.zeros((3, 1), np.float32), [cake])
