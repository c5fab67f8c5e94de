"""From bytes to what the network computes with, on the device."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

    from tagger.ml.info import Transform


def normalise(batch: Tensor, transform: Transform) -> Tensor:
    """Pixels `[N, 3, H, W]` of 0..255 in float as the network wants them.

    The transform's mean and spread are for values in 0..1.
    """
    mean = torch.tensor(transform.mean, device=batch.device).view(1, 3, 1, 1) * 255
    std = torch.tensor(transform.std, device=batch.device).view(1, 3, 1, 1) * 255
    return (batch - mean) / std
