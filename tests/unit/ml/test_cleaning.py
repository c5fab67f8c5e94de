from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.ml.cleaning import Doubts, find_doubts

if TYPE_CHECKING:
    from numpy.typing import NDArray

CLASSES = 4


def make_photos(n: int = 240, seed: int = 0) -> tuple[NDArray[np.float16], NDArray[np.intp]]:
    """Features `[n, 32]` in four clouds, and which cloud each is of."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, CLASSES, n)
    centres = rng.normal(size=(CLASSES, 32)) * 2
    return (centres[truth] + rng.normal(size=(n, 32))).astype(np.float16), truth


def flip(labels: NDArray[np.intp], count: int, seed: int = 0) -> NDArray[np.intp]:
    """The labels with `count` wrong ones, at even places."""
    rng = np.random.default_rng(seed)
    flipped = labels.copy()
    places = np.arange(0, 2 * count, 2)
    flipped[places] = (labels[places] + rng.integers(1, CLASSES, count)) % CLASSES
    return flipped


def one_by_one(n: int) -> list[str]:
    return [str(i) for i in range(n)]


def test_wrong_labels_come_first_with_their_right_class() -> None:
    features, truth = make_photos()
    labels = flip(truth, 30)
    found = find_doubts(features, labels, CLASSES, one_by_one(240))
    wrong = labels != truth
    assert set(found.worst_first[:30]) == set(np.flatnonzero(wrong))
    assert 30 <= len(found.suspects) <= 33
    np.testing.assert_array_equal(found.likely[wrong], truth[wrong])
    assert (found.doubt[wrong] > 0.5).all()
    assert (found.doubt[~wrong] < 0.5).all()
    assert found.share == pytest.approx(30 / 240, abs=0.03)


def test_right_labels_are_left_in_peace() -> None:
    features, truth = make_photos()
    found = find_doubts(features, truth, CLASSES, one_by_one(240))
    assert (found.doubt < 0.5).all()
    assert found.share < 0.01
    assert len(found.suspects) <= 2


def test_a_wrong_shoot_does_not_vouch_for_itself() -> None:
    """Ten alike photos with one wrong label: judged one by one each has nine witnesses."""
    features, truth = make_photos()
    rng = np.random.default_rng(1)
    same = (features[0].astype(np.float32) + rng.normal(0, 0.05, (10, 32))).astype(np.float16)
    features = np.concatenate([features, same])
    wrong = np.full(10, (truth[0] + 1) % CLASSES)
    labels = np.concatenate([truth, wrong])
    shoots = [*one_by_one(240), *["shoot"] * 10]
    alone = find_doubts(features, labels, CLASSES, one_by_one(250))
    together = find_doubts(features, labels, CLASSES, shoots)
    assert set(together.worst_first[:11]) == {0, *range(240, 250)}
    assert together.doubt[240:].min() > alone.doubt[240:].max()


def test_leaving_out_is_what_learning_without_would_give() -> None:
    from tagger.ml import cleaning

    features, truth = make_photos(60)
    embedded = cleaning._embed(features, seed=0)
    targets = np.eye(CLASSES)[truth]
    shoots = [str(i // 3) for i in range(60)]
    ridge = cleaning._Ridge(embedded, cleaning._blocks(shoots))
    found = ridge.predict_left_out(targets, strength=0.5)
    left = np.arange(60) // 3 == 7
    kept, mean = embedded[~left], targets.mean(axis=0)
    inverse = np.linalg.inv(kept.T @ kept + 0.5 * np.eye(embedded.shape[1]))
    learned = inverse @ kept.T @ (targets[~left] - mean)
    np.testing.assert_allclose(found[left], embedded[left] @ learned + mean, atol=1e-6)


def test_landmarks_stand_for_many_photos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tagger.ml.cleaning._LANDMARKS", 100)
    features, truth = make_photos(400)
    labels = flip(truth, 40)
    found = find_doubts(features, labels, CLASSES, one_by_one(400))
    assert len(set(found.worst_first[:40]) & set(np.flatnonzero(labels != truth))) >= 38


@pytest.mark.parametrize("groups", [["one"] * 40, [str(i % 2) for i in range(40)]])
def test_few_shoots_can_be_judged(groups: list[str]) -> None:
    features, truth = make_photos(40)
    labels = flip(truth, 2)
    found = find_doubts(features, labels, CLASSES, groups)
    assert np.isfinite(found.doubt).all()
    assert set(found.worst_first[:2]) == {0, 2}


def test_the_same_twice() -> None:
    features, truth = make_photos()
    first, second = (find_doubts(features, truth, CLASSES, one_by_one(240)) for _ in range(2))
    np.testing.assert_array_equal(first.doubt, second.doubt)


def test_equal_features_say_nothing_and_break_nothing() -> None:
    labels = np.array([0, 1] * 10)
    found = find_doubts(np.ones((20, 8), np.float16), labels, 2, one_by_one(20))
    assert np.isfinite(found.doubt).all()
    assert isinstance(found, Doubts)
