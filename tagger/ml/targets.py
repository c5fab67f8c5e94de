"""Rules for what can be learned from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagger.core.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FEWEST = 2
"""Photos of a class without which it can't be learned."""


NEGATIVES = 5
"""Photos without a decision that stand for “no” to a new class, for each one that shows it. With
none, a class of ten photos was found in a third of a library that has it in a fourteenth; with
twenty, in fewer than have it."""


def assume_absent(targets: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Targets `[count, C]` of photos nobody decided on, beside decided ones `[N, C]`.

    0 for the first `NEGATIVES` of them for each photo that shows a class, NaN for the others.
    """
    wanted = NEGATIVES * (targets == 1).sum(axis=0)
    return np.where(np.arange(count)[:, None] < wanted, 0, np.nan).astype(np.float32)


def can_be_learned(targets: NDArray[np.float32]) -> bool:
    """Whether `check_targets` has nothing to say of these targets `[N, C]`."""
    has_enough = ((targets == 1).sum(axis=0) >= FEWEST).all() and (targets == 0).any(axis=0).all()
    return bool(has_enough)


def check_targets(targets: NDArray[np.float32], names: Sequence[str]) -> None:
    """Raise `ModelError` for a class that can't be learned from these targets `[N, C]`."""
    for name, column in zip(names, targets.T, strict=True):
        positives = int((column == 1).sum())
        if positives < FEWEST:
            raise ModelError(
                f"The class “{name}” has {'one photo' if positives else 'no photo'}. "
                "It needs two at least, and ten to be any good."
            )
        if not (column == 0).any():
            raise ModelError(f"Every photo has the class “{name}”. Add photos without it.")
