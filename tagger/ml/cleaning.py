"""Which labels are likely wrong, from features and labels alone.

Each photo is judged by what was learned without it and without its shoot: a ridge regression on
features, with the exponential of the cosine as kernel, whose answers for left-out photos follow
from the fit on all (Golub, Heath & Wahba 1979), so that nothing is learned twice. Squared error is
what makes it good here: unlike logistic regression, it does not bend to explain a wrong label.
Its answers become probabilities under a noise model: a share of the labels is anything
(temperature and share are those under which the given labels are likeliest). A second round learns
from labels to which the first has added its doubts.

Measured on the clothing photos with a fifth of the labels flipped, in average precision:
`tests/benchmarks/test_cleaning_quality.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_LANDMARKS = 2000
_STRENGTHS = (0.1, 0.3, 1.0, 3.0, 10.0)  # of the ridge; the best was never at an end
_TEMPERATURES = (2.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0)
_NOISE = (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4)
_ROUNDS = 2
_LARGEST_BLOCK = 1000  # photos of one shoot left out at once; a larger shoot is left out in parts
_JITTER = 1e-6
_WORTH_A_LOOK = 0.05
"""The noise model is slow to doubt. From here on a look finds 98 of 100 labels flipped anyhow and
69 of 100 flipped to a look-alike, and costs a look at 2 of 100 photos where no label is wrong."""


@dataclass(frozen=True, slots=True)
class Doubts:
    """What speaks against the labels of N photos.

    Attributes:
        doubt: `[N]` in 0..1, the probability that the label is wrong.
        likely: `[N]`, the class that is likeliest among the others.
        share: of the labels that look wrong, over all photos.
    """

    doubt: NDArray[np.float64]
    likely: NDArray[np.intp]
    share: float

    @property
    def worst_first(self) -> NDArray[np.intp]:
        """Row numbers by falling doubt."""
        return np.argsort(-self.doubt, kind="stable")

    @property
    def suspects(self) -> NDArray[np.intp]:
        """As many of the worst rows as labels are wrong by estimate, and all of serious doubt."""
        count = max(round(self.doubt.sum()), int((self.doubt >= _WORTH_A_LOOK).sum()))
        return self.worst_first[:count]


def find_doubts(
    features: NDArray[np.float16],
    labels: NDArray[np.intp],
    classes: int,
    groups: Sequence[str],
    seed: int = 0,
) -> Doubts:
    """Judge each label by the photos of other shoots.

    Args:
        features: `[N, D]` of one backbone.
        labels: `[N]`, class numbers from 0.
        classes: how many there are; two or more.
        groups: shoot or source of each photo; of a single one the photos are judged one by one.
        seed: which photos stand for all where there are more than 2,000.
    """
    if len(set(groups)) == 1:
        groups = [str(row) for row in range(len(labels))]
    ridge = _Ridge(_embed(features, seed), _blocks(groups))
    given = np.eye(classes)[labels]
    targets = given
    for _ in range(_ROUNDS):
        answers, strength = _fit_noise(ridge, targets, labels)
        targets = answers * strength / classes + given * answers * (1 - strength)
        targets /= targets.sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    doubt = 1 - targets[rows, labels]
    others = np.where(given == 1, -1, answers)
    return Doubts(doubt, others.argmax(axis=1), float(doubt.mean()))


def _embed(features: NDArray[np.float16], seed: int) -> NDArray[np.float64]:
    """Vectors `[N, M]` whose products are the kernel's values (Williams & Seeger 2001)."""
    x = features.astype(np.float32)
    x = (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-3)
    x /= np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-6)
    chosen = np.random.default_rng(seed).permutation(len(x))[:_LANDMARKS]
    marks = x[np.sort(chosen)]
    among = np.exp((marks @ marks.T).astype(np.float64) - 1)
    lower = np.linalg.cholesky(among + _JITTER * len(marks) * np.eye(len(marks)))
    embedded = np.linalg.solve(lower, np.exp((marks @ x.T).astype(np.float64) - 1)).T
    centred: NDArray[np.float64] = embedded - embedded.mean(axis=0)
    return centred


def _blocks(groups: Sequence[str]) -> list[NDArray[np.intp]]:
    """Row numbers of each shoot that has several photos."""
    _, index = np.unique(np.asarray(groups), return_inverse=True)
    order = np.argsort(index, kind="stable")
    shoots = np.split(order, np.cumsum(np.bincount(index))[:-1])
    return [
        part
        for shoot in shoots
        if len(shoot) > 1
        for part in np.array_split(shoot, -(-len(shoot) // _LARGEST_BLOCK))
    ]


class _Ridge:
    """Ridge regressions on one set of photos: any targets, any strength, each photo left out."""

    def __init__(self, embedded: NDArray[np.float64], blocks: list[NDArray[np.intp]]) -> None:
        self._blocks = blocks
        self._spectrum, directions = np.linalg.eigh(embedded.T @ embedded)
        self._rotated = embedded @ directions

    def predict_left_out(
        self, targets: NDArray[np.float64], strength: float
    ) -> NDArray[np.float64]:
        """Answers `[N, C]` for targets `[N, C]`, each from the other photos."""
        mean = targets.mean(axis=0)
        centred = targets - mean
        damped = self._rotated / (np.maximum(self._spectrum, 0) + strength)
        fitted = damped @ (self._rotated.T @ centred)
        own = np.einsum("ij,ij->i", damped, self._rotated)
        residuals = (centred - fitted) / np.maximum(1 - own, 1e-6)[:, None]
        for rows in self._blocks:
            influence = damped[rows] @ self._rotated[rows].T
            residuals[rows] = np.linalg.solve(
                np.eye(len(rows)) - influence, centred[rows] - fitted[rows]
            )
        answers: NDArray[np.float64] = mean + centred - residuals
        return answers


def _fit_noise(
    ridge: _Ridge, targets: NDArray[np.float64], labels: NDArray[np.intp]
) -> tuple[NDArray[np.float64], float]:
    """Probabilities `[N, C]` and the share of random labels, by likelihood of the given labels."""
    best: tuple[float, NDArray[np.float64], float] | None = None
    rows = np.arange(len(labels))
    noise = np.array(_NOISE)
    for strength in _STRENGTHS:
        answers = ridge.predict_left_out(targets, strength)
        for temperature in _TEMPERATURES:
            probabilities = _softmax(answers * temperature)
            given = probabilities[rows, labels][:, None]
            likelihoods = np.log(given * (1 - noise) + noise / targets.shape[1]).mean(axis=0)
            top = int(likelihoods.argmax())
            if best is None or likelihoods[top] > best[0]:
                best = float(likelihoods[top]), probabilities, float(noise[top])
    assert best is not None
    return best[1:]


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: NDArray[np.float64] = exponents / exponents.sum(axis=1, keepdims=True)
    return probabilities
