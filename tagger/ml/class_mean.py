"""A class from a few examples, without training: the nearest class mean on stored features.

A photo has the new class when its features are nearer to the mean of the examples than to the mean
of the library's other photos. Distances are those of Mahalanobis: directions in which all photos
differ anyway count less (Mensink et al. 2013). That is linear in the features, so it becomes one
more row of a model's head, and all scoring goes one way. With means as prototypes of a class it is
the classifier of Snell et al. (2017) for few examples.

On wedding photos and features that never learned their classes it ranks a little better than the
cosine to the mean: `tests/benchmarks/test_new_class_quality.py`.

How sure one can be is found by leaving examples out: each is scored by the mean of the others, of
other shoots where there are three or more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from tagger.core.errors import ModelError
from tagger.ml.metrics import wilson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FEWEST = 3
"""Examples without which there is nothing to leave out."""
_LEVERAGE = 0.1
"""What one photo of the library may do to the directions: those with the class are among them."""
_MOST_OTHERS = 5000  # photos that stand for the library
_MARGIN = 0.1  # of the way from the examples to the others: the others helped to find directions
_FEWEST_SHOOTS = 3
_SURE = 2.2  # log-odds of 0.9, the score of the typical example


@dataclass(frozen=True, slots=True)
class MeanRow:
    """A row of a head, from examples.

    Attributes:
        weight: `[D]`.
        bias: so that the logit is 0 at the threshold and 2.2 at the typical example.
        found: examples that are found again when they are left out, also of choosing the threshold.
        examples: how many there are.
        low, high: 95 % interval of the share that is found (Wilson 1927).
        is_by_shoot: whole shoots were left out; else single photos, which flatters.
    """

    weight: NDArray[np.float32]
    bias: float
    found: int
    examples: int
    low: float
    high: float
    is_by_shoot: bool


def fit_mean_row(
    examples: NDArray[np.float16],
    shoots: Sequence[str],
    others: NDArray[np.float16],
    seed: int = 0,
) -> MeanRow:
    """A row of a head that tells the examples from the other photos.

    Args:
        examples: `[N, D]`, three or more.
        shoots: of each of them.
        others: `[M, D]`, photos of the library; some of them may have the class too.
        seed: which of the others stand for all, where there are more than 5,000.

    Raises:
        ModelError: too few examples, or no other photos.
    """
    if len(examples) < FEWEST or len(others) < FEWEST:
        raise ModelError(
            f"A new class needs {FEWEST} examples at least, and as many other photos in the "
            "library whose features are known. Ten examples are better."
        )
    x, rest = examples.astype(np.float64), _choose(others, seed).astype(np.float64)
    is_by_shoot = len(set(shoots)) >= _FEWEST_SHOOTS
    groups = np.unique(np.asarray(shoots), return_inverse=True)[1]
    groups = groups if is_by_shoot else np.arange(len(x))
    first = _Rows.fit(x, groups, rest, rest)
    # Photos that look like the examples may have the class: they are no pattern for what has not
    # (the two steps of Liu et al. 2003).
    halfway = (np.median(first.left_out) + np.median(first.ordinary)) / 2
    is_other = first.ordinary < max(float(halfway), float(np.median(first.ordinary)))
    rows = _Rows.fit(x, groups, rest[is_other], rest) if is_other.sum() >= FEWEST else first
    left_out, threshold = rows.left_out, _choose_threshold(rows.left_out, rows.ordinary)
    typical = max(float(np.median(left_out)), threshold + 1e-3)
    scale = _SURE / (typical - threshold)
    found = sum(
        one >= _choose_threshold(np.delete(left_out, row), rows.ordinary)
        for row, one in enumerate(left_out)
    )
    interval = wilson(int(found), len(x))
    return MeanRow(
        (scale * rows.weight).astype(np.float32),
        scale * (rows.bias - threshold),
        int(found),
        len(x),
        interval.low,
        interval.high,
        is_by_shoot,
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """A row from all examples, and what rows from the other examples say of those left out.

    Attributes:
        left_out: `[N]`, logits of the examples.
        ordinary: `[M]`, logits of the other photos.
    """

    weight: NDArray[np.float64]
    bias: float
    left_out: NDArray[np.float64]
    ordinary: NDArray[np.float64]

    @classmethod
    def fit(
        cls,
        x: NDArray[np.float64],
        groups: NDArray[np.intp],
        pattern: NDArray[np.float64],
        others: NDArray[np.float64],
    ) -> Self:
        """`pattern` are the photos that show what the class is not; `others` are scored."""
        origin = pattern.mean(axis=0)
        means = [x.mean(axis=0), *(x[groups != group].mean(axis=0) for group in groups)]
        weights, offsets = _solve(pattern - origin, np.stack(means) - origin)
        bias = -float(weights[0] @ origin + offsets[0])
        left_out = ((x - origin) * weights[1:]).sum(axis=1) - offsets[1:]
        return cls(weights[0], bias, left_out, others @ weights[0] + bias)


def _choose(others: NDArray[np.float16], seed: int) -> NDArray[np.float16]:
    if len(others) <= _MOST_OTHERS:
        return others
    rows = np.random.default_rng(seed).choice(len(others), _MOST_OTHERS, replace=False)
    return others[np.sort(rows)]


def _solve(
    others: NDArray[np.float64], means: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Directions `[K, D]` from the middle of the others to each mean, and half the way `[K]`.

    Args:
        others: `[M, D]`, centred.
        means: `[K, D]`, from the same centre.
    """
    count, width = others.shape
    level = float((others**2).sum()) / others.size + 1e-9
    share = 1 / (1 + _LEVERAGE * count / width)  # of the identity in the covariance
    ridge = share * level
    scaled = others * np.sqrt((1 - share) / count)
    if count < width:  # the smaller of two equal systems (Woodbury 1950)
        inner = scaled @ scaled.T
        inner[np.diag_indices(count)] += ridge
        weights = (means - np.linalg.solve(inner, scaled @ means.T).T @ scaled) / ridge
    else:
        covariance = scaled.T @ scaled
        covariance[np.diag_indices(width)] += ridge
        weights = np.linalg.solve(covariance, means.T).T
    return weights, 0.5 * (weights * means).sum(axis=1)


def _choose_threshold(left_out: NDArray[np.float64], ordinary: NDArray[np.float64]) -> float:
    """The logit with the best square of recall over share of all photos that reach it.

    That ranks thresholds as F1 does, without knowing which of the other photos have the class
    (Lee & Liu 2003).
    """
    margin = _MARGIN * max(0.0, float(np.median(left_out) - np.median(ordinary)))
    candidates = np.sort(left_out) - margin
    recall = (left_out[:, None] >= candidates).mean(axis=0)
    reach = (ordinary[:, None] >= candidates).sum(axis=0)
    share = (reach + 1) / (len(ordinary) + 1)
    return float(candidates[np.argmax(recall**2 / share)])
