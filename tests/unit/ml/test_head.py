from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from tagger.core.errors import ModelError
from tagger.ml.head import fit_head
from tagger.ml.logistic import Compressed, fit_path
from tagger.ml.scoring import score_logits

Data = tuple[NDArray[np.float16], NDArray[np.float32], list[str]]


def make_data(n: int, classes: int, seed: int = 0, noise: float = 0.5) -> Data:
    """Features of few directions and much noise, as a network's are; twelve photos a shoot."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(n, 40))
    features = np.abs(hidden @ rng.normal(size=(40, 2048)) + 3 * rng.normal(size=(n, 2048)))
    logits = hidden[:, :classes] * 3 - 3 + noise * rng.normal(size=(n, classes))
    mixed = (features + (hidden @ rng.normal(size=(40, 2048)))).astype(np.float16)
    return mixed, (logits > 0).astype(np.float32), [f"shoot {i // 12}" for i in range(n)]


@pytest.fixture(scope="module")
def data() -> Data:
    return make_data(600, 3)


NAMES = ["bride", "bouquet", "dance"]


def test_learns_what_there_is_to_learn(data: Data) -> None:
    fit = fit_head(*data, NAMES)
    found = fit.metrics.overall["mean_average_precision"]
    assert found.value > 0.8
    assert found.low < found.value < found.high
    assert fit.learned.weight.shape == (3, 2048)
    assert set(fit.metrics.per_class) == set(NAMES)
    assert all(figures["recall"].value > 0.7 for figures in fit.metrics.per_class.values())


def test_the_head_scores_as_well_as_the_folds_did(data: Data) -> None:
    features, targets, groups = data
    fit = fit_head(features[:480], targets[:480], groups[:480], NAMES)
    logits = features[480:].astype(np.float32) @ fit.learned.weight.T + fit.learned.bias
    scores = score_logits(logits, fit.calibration, exclusive=False)
    right = ((scores >= np.array(fit.thresholds)) == targets[480:]).mean()
    assert right > 0.85


def test_scores_are_out_of_fold() -> None:
    """Labels that nothing explains can be learned by heart, but not on held-out shoots."""
    features, _, groups = make_data(240, 1)
    chance = (np.random.default_rng(5).random((240, 1)) < 0.3).astype(np.float32)
    fit = fit_head(features, chance, groups, ["chance"])
    assert fit.metrics.overall["mean_average_precision"].value < 0.5


def test_unknown_labels_change_nothing_they_should_not(data: Data) -> None:
    features, targets, groups = data
    masked = targets.copy()
    masked[::4, 0] = np.nan
    fit = fit_head(features, masked, groups, NAMES)
    assert fit.metrics.per_class["bride"]["average_precision"].value > 0.8
    known = int((masked[:, 0] == 1).sum())
    assert fit.metrics.per_class["bride"]["average_precision"].n == known


def test_exclusive_scores_add_up_to_one(data: Data) -> None:
    features, targets, groups = data
    clear = targets.sum(axis=1) == 1
    one_hot = targets[clear]
    groups = [group for group, is_clear in zip(groups, clear, strict=True) if is_clear]
    fit = fit_head(features[clear], one_hot, groups, NAMES, exclusive=True)
    np.testing.assert_allclose(fit.scores.sum(axis=1), 1, atol=1e-5)
    assert (fit.scores.argmax(axis=1) == one_hot.argmax(axis=1)).mean() > 0.6


def test_same_data_same_head(data: Data) -> None:
    features, targets, groups = data
    features, targets, groups = features[:120], targets[:120], groups[:120]
    first, second = (fit_head(features, targets, groups, NAMES) for _ in range(2))
    np.testing.assert_array_equal(first.learned.weight, second.learned.weight)
    assert first.metrics == second.metrics


def test_a_class_with_one_photo(data: Data) -> None:
    features, targets, groups = data
    rare = targets.copy()
    rare[:, 2] = 0
    with pytest.raises(ModelError, match="“dance” has no photo"):
        fit_head(features, rare, groups, NAMES)
    rare[0, 2] = 1
    with pytest.raises(ModelError, match="“dance” has one photo"):
        fit_head(features, rare, groups, NAMES)


def test_a_class_that_every_photo_has(data: Data) -> None:
    features, targets, groups = data
    common = targets.copy()
    common[:, 1] = 1
    with pytest.raises(ModelError, match="Every photo has the class “bouquet”"):
        fit_head(features, common, groups, NAMES)


def test_all_photos_of_one_shoot(data: Data) -> None:
    features, targets, _ = data
    with pytest.raises(ModelError, match="one shoot"):
        fit_head(features, targets, ["a"] * len(targets), NAMES)


def test_strong_penalties_make_small_weights(data: Data) -> None:
    features, targets, _ = data
    x = Compressed(torch.from_numpy(features.astype(np.float32)))
    fits = fit_path(x.values, torch.from_numpy(targets), (0.01, 10.0, 0.1), exclusive=False)
    sizes = [float(weight.norm()) for weight, _ in fits]
    assert sizes[0] > sizes[2] > sizes[1]


def test_compressed_and_original_features_give_the_same_logits(data: Data) -> None:
    features, targets, _ = data
    original = torch.from_numpy(features.astype(np.float32))
    x = Compressed(original)
    fit = fit_path(x.values, torch.from_numpy(targets), [0.1], exclusive=False)[0]
    weight, bias = x.expand(fit)
    torch.testing.assert_close(
        original @ weight.T + bias, x.values @ fit[0].T + fit[1], atol=2e-3, rtol=1e-3
    )
