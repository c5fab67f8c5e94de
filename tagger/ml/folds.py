"""Splitting by shoot: photos of one wedding are never on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagger.core.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def split_folds(
    groups: Sequence[str], targets: NDArray[np.float32], folds: int = 5, seed: int = 0
) -> NDArray[np.int64]:
    """Give whole groups to folds so that every class is spread as evenly as possible.

    Largest group first, each to the fold where its labels are wanted most.

    Args:
        groups: shoot or source of each of N photos.
        targets: `[N, C]`, 1 for the photo's classes; anything else doesn't count.
        folds: at most; fewer when there are fewer groups.
        seed: decides between groups of one size.

    Returns:
        `[N]`, the fold of each photo, from 0.

    Raises:
        ModelError: all photos are of one group.
    """
    names, index = np.unique(np.asarray(groups), return_inverse=True)
    folds = min(folds, len(names))
    if folds < 2:
        raise ModelError(
            "All photos come from one shoot, so what is learned can't be checked on another. "
            "Add photos of a second shoot."
        )
    labels = np.column_stack([targets == 1, np.ones(len(targets))]).astype(np.float64)
    counts = np.zeros((len(names), labels.shape[1]))
    np.add.at(counts, index, labels)
    counts /= np.maximum(counts.sum(axis=0), 1)
    held = np.zeros((folds, labels.shape[1]))
    fold_of = np.zeros(len(names), np.int64)
    shuffled = np.random.default_rng(seed).permutation(len(names))
    for name in sorted(shuffled, key=lambda i: -counts[i].sum()):
        fold_of[name] = np.argmin((held * counts[name]).sum(axis=1) + 1e-3 * held.sum(axis=1))
        held[fold_of[name]] += counts[name]
    return fold_of[index]
