from __future__ import annotations

import numpy as np
import pytest

from tagger.ml import Calibration
from tagger.ml.scoring import Head, score_logits
from tests.unit.ml.conftest import make_info


def test_exclusive_scores_add_up_to_one() -> None:
    logits = np.random.default_rng(0).normal(0, 5, (20, 3)).astype(np.float32)
    calibration = Calibration(scale=(0.5, 0.5, 0.5), shift=(0, 0, 0))
    scores = score_logits(logits, calibration, exclusive=True)
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-6)
    assert (scores.argmax(axis=1) == logits.argmax(axis=1)).all()


def test_huge_logits_stay_probabilities() -> None:
    logits = np.array([[1e30, -1e30, 0]], np.float32)
    scores = score_logits(logits, Calibration(scale=(1, 1, 1), shift=(0, 0, 0)), exclusive=False)
    np.testing.assert_array_equal(scores, [[1, 0, 0.5]])


@pytest.mark.parametrize("n", [0, 1, 20_000])
def test_a_library_is_scored_in_parts_without_a_seam(n: int) -> None:
    rng = np.random.default_rng(0)
    head = Head(
        rng.normal(0, 0.02, (3, 2048)).astype(np.float32), np.zeros(3, np.float32), make_info()
    )
    features = np.tile(rng.random((min(n, 50), 2048)).astype(np.float16), (max(n // 50, 1), 1))
    scores = head.score(features)
    assert scores.shape == (n, 3)
    if n:
        np.testing.assert_allclose(scores[-1:], head.score(features[-1:]), atol=1e-5)
