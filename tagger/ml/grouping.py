"""Photos of one class in groups that look alike, by their features: k-means on the unit sphere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.intp]

_ROUNDS = 50
_STARTS = 5
_MOST_GROUPS = 6
_FEWEST_EACH = 3
_CLEAR = 0.05
"""By so much a photo has to be nearer to its own group than to the next, on average."""


def group_alike(features: NDArray[np.float16], groups: int | None = None) -> list[Rows]:
    """Rows of each group, the largest group first, in each the most typical photo first.

    Args:
        features: `[N, D]` of one backbone.
        groups: how many; None chooses the number that parts the photos best, by their silhouette
            against the centres (Rousseeuw 1987, simplified).

    The same features give the same groups.
    """
    unit = _normalise(features.astype(np.float32))
    if groups is not None:
        return _collect(unit, *_partition(unit, min(groups, len(unit))))
    best = [np.arange(len(unit))]
    best_margin = _CLEAR
    for count in range(2, min(_MOST_GROUPS, len(unit) // _FEWEST_EACH) + 1):
        member, centres = _partition(unit, count)
        margin = _margin(unit, member, centres)
        if margin > best_margin and np.bincount(member, minlength=count).min() >= _FEWEST_EACH:
            best, best_margin = _collect(unit, member, centres), margin
    return best


def _normalise(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Without what all have in common, of length one."""
    centred = vectors - vectors.mean(axis=0)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    unit: NDArray[np.float32] = centred / np.maximum(length, 1e-6)
    return unit


def _partition(unit: NDArray[np.float32], count: int) -> tuple[Rows, NDArray[np.float32]]:
    """The group of each row and the centres, the best of some starts."""
    rng = np.random.default_rng(0)
    found = [_settle(unit, _choose_centres(unit, count, rng)) for _ in range(_STARTS)]
    return max(found, key=lambda one: float((unit * one[1][one[0]]).sum()))


def _choose_centres(
    unit: NDArray[np.float32], count: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Far from each other (k-means++, Arthur and Vassilvitskii 2007)."""
    rows = [int(rng.integers(len(unit)))]
    while len(rows) < count:
        far = np.maximum(0.0, 1 - (unit @ unit[rows].T).max(axis=1)).astype(np.float64)
        far[rows] = 0.0
        total = far.sum()
        rest = np.setdiff1d(np.arange(len(unit)), rows)
        rows.append(int(rng.choice(len(unit), p=far / total)) if total > 0 else int(rest[0]))
    return unit[rows]


def _settle(
    unit: NDArray[np.float32], centres: NDArray[np.float32]
) -> tuple[Rows, NDArray[np.float32]]:
    member = (unit @ centres.T).argmax(axis=1)
    for _ in range(_ROUNDS):
        sums = [unit[member == group].sum(axis=0) for group in range(len(centres))]
        pairs = zip(sums, centres, strict=True)
        centres = np.stack([_shorten(one) if one.any() else old for one, old in pairs])
        moved = (unit @ centres.T).argmax(axis=1)
        if (moved == member).all():
            break
        member = moved
    return member, centres


def _shorten(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = vector / np.linalg.norm(vector)
    return unit


def _margin(unit: NDArray[np.float32], member: Rows, centres: NDArray[np.float32]) -> float:
    """How much nearer the photos are to their own centre than to the next, -1..1."""
    distance = 1 - unit @ centres.T
    own = distance[np.arange(len(unit)), member]
    distance[np.arange(len(unit)), member] = np.inf
    other = distance.min(axis=1)
    return float(((other - own) / np.maximum(np.maximum(own, other), 1e-6)).mean())


def _collect(unit: NDArray[np.float32], member: Rows, centres: NDArray[np.float32]) -> list[Rows]:
    groups = []
    for group in range(len(centres)):
        rows = np.flatnonzero(member == group)
        groups.append(rows[np.argsort(-(unit[rows] @ centres[group]), kind="stable")])
    return sorted((rows for rows in groups if len(rows)), key=lambda rows: (-len(rows), rows.min()))
