from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, f1_score

from tagger.ml.metrics import (
    average_precision,
    bootstrap,
    macro_f1,
    mean_average_precision,
    mean_f1,
    wilson,
)


@given(st.integers(0, 2**31), st.integers(2, 60), st.sampled_from([3, 1000]))
def test_average_precision_is_that_of_scikit_learn(seed: int, n: int, steps: int) -> None:
    rng = np.random.default_rng(seed)
    scores = (rng.integers(0, steps, n) / steps).astype(np.float32)  # few steps make ties
    targets = rng.integers(0, 2, n).astype(np.float32)
    targets[0] = 1
    assert average_precision(scores, targets) == pytest.approx(
        average_precision_score(targets, scores)
    )


def test_unknown_labels_are_left_out() -> None:
    scores = np.array([0.9, 0.8, 0.7], np.float32)
    assert average_precision(scores, np.array([np.nan, 1, 0], np.float32)) == 1
    assert math.isnan(average_precision(scores, np.array([np.nan, 0, 0], np.float32)))
    columns = np.array([[np.nan, 0], [1, 0], [0, 0]], np.float32)
    assert mean_average_precision(np.column_stack([scores, scores]), columns) == 1


@given(st.integers(0, 2**31))
def test_macro_f1_is_that_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth, predicted = rng.integers(0, 4, (2, 50))
    expected = f1_score(truth, predicted, average="macro", labels=np.unique(truth), zero_division=0)
    assert macro_f1(predicted, truth, 4) == pytest.approx(expected)
    logits = np.eye(4, dtype=np.float32)[predicted] - 0.5
    targets = np.eye(4, dtype=np.float32)[truth]
    assert mean_f1(logits, targets, exclusive=True) == pytest.approx(expected)
    assert mean_f1(logits, targets, exclusive=False) == pytest.approx(expected)


def test_wilson_is_honest_about_few_photos() -> None:
    few, many = wilson(5, 5), wilson(500, 500)
    assert few.value == few.high == 1
    assert few.low == pytest.approx(0.566, abs=0.001)  # tabulated for 5 of 5
    assert many.low > 0.99
    assert wilson(0, 0).low == 0
    assert wilson(0, 0).high == 1


@given(st.integers(0, 200), st.integers(0, 200))
def test_wilson_holds_the_share(right: int, wrong: int) -> None:
    figure = wilson(right, right + wrong)
    assert 0 <= figure.low <= figure.value <= figure.high <= 1


def test_bootstrap_draws_whole_shoots() -> None:
    """Photos of one shoot that are all alike count as one."""
    values = np.repeat(np.array([0.0, 1.0] * 10), 50)
    alone = bootstrap(lambda rows: float(values[rows].mean()), [str(i) for i in range(1000)])
    shoots = bootstrap(lambda rows: float(values[rows].mean()), [str(i // 50) for i in range(1000)])
    assert alone.value == shoots.value == 0.5
    assert shoots.high - shoots.low > 4 * (alone.high - alone.low)
