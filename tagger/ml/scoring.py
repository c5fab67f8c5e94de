"""From features to calibrated scores: the head, without the network before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tagger.ml.info import BundleInfo, Calibration
    from tagger.ml.network import ResNet50

_CHUNK = 8192  # rows: 64 MB of float32 features at a time, at any library size


def score_logits(
    logits: NDArray[np.float32], calibration: Calibration, *, exclusive: bool
) -> NDArray[np.float32]:
    """Probabilities `[N, C]` in 0..1 of logits `[N, C]`: softmax if exclusive, else sigmoid."""
    scale = np.asarray(calibration.scale, np.float32)
    shift = np.asarray(calibration.shift, np.float32)
    calibrated = torch.from_numpy(logits * scale + shift)
    scores = calibrated.softmax(dim=1) if exclusive else calibrated.sigmoid()
    result: NDArray[np.float32] = scores.numpy()
    return result


@dataclass(frozen=True, slots=True)
class Head:
    """The last layer of a model with its calibration.

    Attributes:
        weight: `[C, 2048] float32`.
        bias: `[C] float32`.
    """

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    info: BundleInfo

    @classmethod
    def of(cls, network: ResNet50, info: BundleInfo) -> Head:
        """A copy of the network's last layer."""
        fc = network.fc
        return cls(fc.weight.detach().numpy().copy(), fc.bias.detach().numpy().copy(), info)

    def score(self, features: NDArray[np.float16]) -> NDArray[np.float32]:
        """Calibrated scores `[N, C]` of features `[N, 2048]`, also for a whole library."""
        scores = np.empty((len(features), len(self.bias)), np.float32)
        for start in range(0, len(features), _CHUNK):
            rows = slice(start, start + _CHUNK)
            logits = features[rows].astype(np.float32) @ self.weight.T + self.bias
            scores[rows] = score_logits(
                logits, self.info.calibration, exclusive=self.info.exclusive
            )
        return scores
