"""Photos to learn from, decoded once and kept in memory as bytes: 200 KB each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Samples:
    """N photos with what is known of them.

    Attributes:
        images: `[H, W, 3] uint8`, RGB, upright; the short side a little above the training size.
        targets: `[N, C] float32` of 1 (has the class), 0 (has not), NaN (unknown).
        groups: shoot or source of each photo.
    """

    images: Sequence[NDArray[np.uint8]]
    targets: NDArray[np.float32]
    groups: Sequence[str]

    def __len__(self) -> int:
        return len(self.images)

    def take(self, rows: NDArray[np.intp]) -> Samples:
        """These photos in this order."""
        return Samples(
            [self.images[i] for i in rows], self.targets[rows], [self.groups[i] for i in rows]
        )


def draw_epoch(
    targets: NDArray[np.float32], batch_size: int, rng: np.random.Generator
) -> list[NDArray[np.intp]]:
    """The batches of one epoch: as many photos as there are, rare classes more often.

    A photo's weight is that of its rarest class, one over the root of the class's size: half way
    between drawing photos alike and drawing classes alike. Draws are spread evenly (systematic
    sampling), so that every photo comes at least as often as its weight says, rounded down.

    Returns:
        Row numbers, `batch_size` in each batch; a last smaller batch is dropped unless it is alone.
    """
    positive = targets == 1
    sizes = np.maximum(positive.sum(axis=0), 1)
    common = np.sqrt(1 / max(int(sizes.max()), 1))
    weights = np.maximum((positive / np.sqrt(sizes)).max(axis=1), common)
    order = rng.permutation(len(weights))
    ends = np.cumsum(weights[order]) / weights.sum() * len(weights)
    marks = np.arange(len(weights)) + rng.random()
    rows = order[np.searchsorted(ends, marks).clip(max=len(order) - 1)]
    rng.shuffle(rows)
    count = max(1, len(rows) // batch_size)
    return [rows[i * batch_size : (i + 1) * batch_size] for i in range(count)]
