from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.core.errors import ModelError
from tagger.ml.folds import split_folds


@given(
    st.lists(st.integers(0, 11), min_size=2, max_size=200).filter(lambda x: len(set(x)) > 1),
    st.integers(2, 6),
    st.integers(0, 9),
)
def test_no_group_is_on_both_sides(group_of: list[int], folds: int, seed: int) -> None:
    groups = [f"shoot {number}" for number in group_of]
    targets = np.eye(3, dtype=np.float32)[np.array(group_of) % 3]
    fold_of = split_folds(groups, targets, folds, seed)
    for name in set(groups):
        assert (
            len({fold for fold, group in zip(fold_of, groups, strict=True) if group == name}) == 1
        )
    assert set(fold_of) == set(range(min(folds, len(set(groups)))))
    assert (split_folds(groups, targets, folds, seed) == fold_of).all()


def test_rare_classes_are_spread() -> None:
    rng = np.random.default_rng(0)
    groups = [f"{i // 10}" for i in range(500)]
    targets = (rng.random((500, 4)) < (0.5, 0.2, 0.1, 0.04)).astype(np.float32)
    fold_of = split_folds(groups, targets)
    counts = np.array([(targets[fold_of == fold] == 1).sum(axis=0) for fold in range(5)])
    assert (counts >= 0.5 * counts.mean(axis=0)).all()
    assert (counts <= 1.6 * counts.mean(axis=0)).all()


def test_one_shoot_can_not_be_split() -> None:
    with pytest.raises(ModelError, match="one shoot"):
        split_folds(["a"] * 10, np.ones((10, 2), np.float32))
