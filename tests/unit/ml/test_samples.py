from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tagger.ml.samples import Samples, draw_epoch


@given(st.integers(1, 200), st.integers(1, 40), st.integers(0, 99))
def test_an_epoch_is_whole_batches_of_known_photos(n: int, batch_size: int, seed: int) -> None:
    targets = np.eye(3, dtype=np.float32)[np.arange(n) % 3]
    batches = draw_epoch(targets, batch_size, np.random.default_rng(seed))
    assert len(batches) == max(1, n // batch_size)
    assert all(len(rows) == min(batch_size, n) for rows in batches)
    assert all(0 <= row < n for rows in batches for row in rows)


def test_balanced_classes_are_drawn_once_each() -> None:
    targets = np.eye(4, dtype=np.float32)[np.arange(100) % 4]
    rows = np.concatenate(draw_epoch(targets, 10, np.random.default_rng(0)))
    assert sorted(rows) == list(range(100))


def test_rare_classes_come_more_often_but_not_as_often_as_common_ones() -> None:
    labels = np.array([0] * 900 + [1] * 100)
    targets = np.eye(2, dtype=np.float32)[labels]
    rows = np.concatenate(draw_epoch(targets, 10, np.random.default_rng(0)))
    share = (labels[rows] == 1).mean()
    assert abs(share - 0.25) < 0.02  # the roots of 900 and 100 are as 3 to 1


def test_photos_without_any_class_are_drawn_too() -> None:
    targets = np.zeros((50, 2), np.float32)
    targets[:25, 0] = 1
    targets[40:] = np.nan
    rows = np.concatenate(draw_epoch(targets, 10, np.random.default_rng(0)))
    assert set(rows) == set(range(50))


def test_taking_rows_keeps_photos_and_labels_together() -> None:
    images = [np.full((2, 2, 3), i, np.uint8) for i in range(4)]
    samples = Samples(images, np.arange(4, dtype=np.float32)[:, None], list("abcd"))
    taken = samples.take(np.array([2, 0]))
    assert [image[0, 0, 0] for image in taken.images] == [2, 0]
    assert taken.targets.tolist() == [[2], [0]]
    assert taken.groups == ["c", "a"]
    assert len(taken) == 2
