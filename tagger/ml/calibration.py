"""From logits on held-out photos to scores that mean what they say, and to thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from tagger.ml.descent import descend
from tagger.ml.info import Calibration

if TYPE_CHECKING:
    from numpy.typing import NDArray

PRECISION = 0.95
_STEPS = 100
_FEWEST_POSITIVES = 10
_FEWEST_FOR_PROMISE = 20


def fit_calibration(
    logits: NDArray[np.float32], targets: NDArray[np.float32], *, exclusive: bool
) -> Calibration:
    """Scale and shift of the logits that make held-out photos most likely.

    Several tags: Platt scaling by class (Platt 1999); the scales are pulled together, so that a
    class with eight photos borrows from the others. Exclusive: one temperature (Guo et al. 2017).

    Args:
        logits: `[N, C]` of photos the model has not learned from.
        targets: `[N, C]` of 0, 1 or NaN for unknown.
        exclusive: one label a photo, exactly one 1 in each row.
    """
    x = torch.from_numpy(logits.astype(np.float64))
    y = torch.from_numpy(targets.astype(np.float64))
    known = ~y.isnan()
    common, own = torch.zeros((), dtype=torch.float64), torch.zeros(x.shape[1], dtype=torch.float64)
    shift = torch.zeros_like(own)

    def loss(
        common: torch.Tensor, own: torch.Tensor = own, shift: torch.Tensor = shift
    ) -> torch.Tensor:
        z = x * (common + own).exp() + shift
        if exclusive:
            value = torch.nn.functional.cross_entropy(z, y.argmax(dim=1), reduction="sum")
        else:
            value = torch.nn.functional.binary_cross_entropy_with_logits(
                z[known], y[known], reduction="sum"
            )
        return value + 10 * own.square().sum() + 0.05 * shift.square().sum() + common.square()

    if exclusive:
        (common,) = descend(loss, [common], steps=_STEPS)
    else:
        common, own, shift = descend(loss, [common, own, shift], steps=_STEPS)
    return Calibration(
        scale=tuple((common + own).exp().tolist()),
        shift=tuple(shift.tolist()),
        method="temperature" if exclusive else "Platt, scales shrunk together",
    )


def choose_threshold(scores: NDArray[np.float32], targets: NDArray[np.float32]) -> float:
    """The score from which a class counts as a tag: the best F1 on held-out photos `[N]`.

    One half for classes with fewer than ten photos, whose best threshold would be chance.
    """
    known = ~np.isnan(targets)
    ranked, hits = _rank(scores[known], targets[known])
    if len(hits) == 0 or hits[-1] < _FEWEST_POSITIVES:
        return 0.5
    f1 = 2 * hits / (np.arange(1, len(hits) + 1) + hits[-1])
    return _between(ranked, int(np.argmax(f1)))


def choose_precise_threshold(
    scores: NDArray[np.float32], targets: NDArray[np.float32]
) -> float | None:
    """The lowest score from which 95 % of the predictions were right; None without enough photos.

    Enough are twenty photos above the threshold.
    """
    known = ~np.isnan(targets)
    ranked, hits = _rank(scores[known], targets[known])
    count = np.arange(1, len(hits) + 1)
    ends = np.append(ranked[1:] < ranked[:-1], [True])[: len(ranked)]  # equal scores go together
    good = np.flatnonzero((hits / count >= PRECISION) & (count >= _FEWEST_FOR_PROMISE) & ends)
    if not len(good):
        return None
    last, following = ranked[good[-1]], np.append(ranked, 0)[good[-1] + 1]
    halfway = np.float32((last + following) / 2)
    # Nothing is cut off here: a lower threshold would let in what the promise leaves out.
    return float(halfway if halfway > following else last)


def _rank(
    scores: NDArray[np.float32], targets: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    order = np.argsort(-scores, kind="stable")
    return scores[order], np.cumsum(targets[order])


def _between(ranked: NDArray[np.float32], last: int) -> float:
    """Halfway between the last score taken in and the first left out."""
    following = ranked[last + 1] if last + 1 < len(ranked) else 0.0
    return float(np.clip((ranked[last] + following) / 2, 0.01, 0.99))
