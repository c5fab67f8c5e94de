"""Finding the lowest point of a smooth function of some thousand numbers, in double precision.

Not by `torch.optim`: its first step imports torch's compiler, which takes longer than a lesson.
Not by `scipy.optimize` either: its linear algebra brings threads that wait for torch's, and the
two together took four times as long.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import Tensor

    Slope = Callable[[Tensor], tuple[float, Tensor]]
    """The value at a point `[D]`, and the gradient `[D]` there."""

_MEMORY = 30  # steps whose curvature is remembered
_FLAT = 1e-7  # the largest slope that counts as none
_DECREASE, _CURVATURE = 1e-4, 0.9  # of the Wolfe conditions
_TRIES = 25  # of a step's length


def descend(loss: Callable[..., Tensor], start: Sequence[Tensor], *, steps: int) -> list[Tensor]:
    """Where L-BFGS (Liu and Nocedal 1989) arrives from here.

    Args:
        loss: of one tensor for each of `start`, in double precision; gives a scalar.
        start: of any shapes; they stay as they are.
        steps: at most; fewer where the slope is gone.
    """
    sizes = [part.numel() for part in start]

    def split(point: Tensor) -> list[Tensor]:
        parts = point.split(sizes)  # type: ignore[no-untyped-call]  # torch has no types here
        return [part.view(like.shape) for part, like in zip(parts, start, strict=True)]

    def measure(point: Tensor) -> tuple[float, Tensor]:
        parts = [part.detach().requires_grad_() for part in split(point)]
        value = loss(*parts)
        slopes = torch.autograd.grad(value, parts)
        return value.item(), torch.cat([slope.flatten() for slope in slopes])

    return split(_walk(measure, torch.cat([part.flatten().double() for part in start]), steps))


def _walk(measure: Slope, point: Tensor, steps: int) -> Tensor:
    value, slope = measure(point)
    memory: deque[tuple[Tensor, Tensor]] = deque(maxlen=_MEMORY)
    for _ in range(steps):
        if slope.abs().max() <= _FLAT:
            break
        way = _bend(slope, memory)
        first = 1.0 if memory else min(1.0, 1 / slope.abs().sum().item())
        length, value, following = _choose_length(measure, (point, value, slope), way, first)
        if length == 0:
            break  # so flat that rounding hides the way
        point = point + length * way
        change = following - slope
        if torch.dot(change, way) > 0:
            memory.append((length * way, change))
        slope = following
    return point


def _bend(slope: Tensor, memory: Sequence[tuple[Tensor, Tensor]]) -> Tensor:
    """The way down after what the last steps told of the curvature (Nocedal's two loops)."""
    way = -slope
    shares = []
    for step, change in reversed(memory):
        share = torch.dot(step, way) / torch.dot(step, change)
        way = way - share * change
        shares.append(share)
    if memory:
        step, change = memory[-1]
        way = way * (torch.dot(step, change) / torch.dot(change, change))
    for (step, change), share in zip(memory, reversed(shares), strict=True):
        way = way + (share - torch.dot(change, way) / torch.dot(step, change)) * step
    return way


def _choose_length(
    measure: Slope, here: tuple[Tensor, float, Tensor], way: Tensor, first: float
) -> tuple[float, float, Tensor]:
    """A length that meets the Wolfe conditions, by halving and doubling (Lewis and Overton 2013).

    With the value and the slope there; 0 where no length leads down.
    """
    point, value, slope = here
    steepness = torch.dot(slope, way).item()
    shortest, longest, length = 0.0, float("inf"), first
    found = (0.0, value, slope)
    for _ in range(_TRIES):
        there, slope_there = measure(point + length * way)
        if there > value + _DECREASE * length * steepness:
            longest = length
        else:
            found = (length, there, slope_there)
            if torch.dot(slope_there, way).item() >= _CURVATURE * steepness:
                break
            shortest = length
        length = 2 * shortest if longest == float("inf") else (shortest + longest) / 2
    return found
