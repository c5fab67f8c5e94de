"""What moves the weights: rates by depth, one cycle, a running mean of the weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.lr_scheduler import OneCycleLR

if TYPE_CHECKING:
    from tagger.ml.network import ResNet50

_DEPTHS = ("fc", "layer4", "layer3", "layer2", "layer1", "conv1")


def build_optimiser(
    network: ResNet50, *, head_rate: float, body_rate: float, depth_decay: float, decay: float
) -> torch.optim.AdamW:
    """AdamW with a learning rate for each depth (Howard and Ruder 2018).

    Args:
        network: what is trained.
        head_rate: highest learning rate of the head.
        body_rate: of the last stage of the body.
        depth_decay: factor from one stage to the one before it.
        decay: weight decay; biases and the scales of batch norms have none.
    """
    groups: list[dict[str, object]] = []
    for depth, name in enumerate(_DEPTHS):
        rate = head_rate if depth == 0 else body_rate * depth_decay ** (depth - 1)
        parameters = list(network.get_submodule(name).parameters())
        if name == "conv1":
            parameters += list(network.bn1.parameters())
        matrices = [p for p in parameters if p.ndim > 1]
        vectors = [p for p in parameters if p.ndim <= 1]
        groups.append({"params": matrices, "lr": rate, "weight_decay": decay})
        groups.append({"params": vectors, "lr": rate, "weight_decay": 0.0})
    return torch.optim.AdamW([group for group in groups if group["params"]])


def build_schedule(optimiser: torch.optim.Optimizer, steps: int, warm_up: float) -> OneCycleLR:
    """Up during the share `warm_up` of the steps, then down to nothing (Smith 2018)."""
    rates = [group["lr"] for group in optimiser.param_groups]
    steps = max(steps, 2)
    rising = max(warm_up, 1.5 / steps)  # a rise of no step at all would be divided by
    return OneCycleLR(optimiser, rates, total_steps=steps, pct_start=rising, cycle_momentum=False)


@torch.no_grad()
def update_average(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Move a running mean of the weights: calmer than the weights of the last step."""
    torch._foreach_lerp_(list(average.parameters()), list(network.parameters()), 1 - decay)


def compute_loss(logits: Tensor, targets: Tensor, *, smoothing: float, exclusive: bool) -> Tensor:
    """Mean loss of the known answers, from `[N, C]` of logits and of targets in 0..1 or NaN.

    Several tags: binary cross-entropy, unknown answers left out. Exclusive: cross-entropy.
    `smoothing` moves the targets that far towards even odds (Szegedy et al. 2016).
    """
    classes = logits.shape[1]
    if exclusive:
        even = targets * (1 - smoothing) + smoothing / classes
        return functional.cross_entropy(logits, even)
    known = ~targets.isnan()
    even = targets.nan_to_num() * (1 - smoothing) + smoothing / 2
    loss = functional.binary_cross_entropy_with_logits(logits, even, reduction="none")
    return (loss * known).sum() / known.sum().clamp(min=1)
