"""From the features of places to those of a photo."""

from __future__ import annotations

import torch


def pool_places(places: torch.Tensor, focus: float | None) -> torch.Tensor:
    """Features `[N, D] float32` of photos from those of their places `[N, D, H, W]`.

    Args:
        places: what the body's last stage gives.
        focus: see `Transform.focus`; None for the plain mean, with which networks are trained.
    """
    if focus is None:
        return places.mean(dim=(2, 3), dtype=torch.float32)
    weights = weigh_places(places.shape[2], places.shape[3], focus).to(places.device)
    return (places.float() * weights).sum(dim=(2, 3))


def weigh_places(height: int, width: int, focus: float) -> torch.Tensor:
    """How much each place counts: `[height, width] float32`, most in the middle, with sum 1."""
    rows, columns = (
        torch.exp(-0.5 * (torch.linspace(1 / length - 1, 1 - 1 / length, length) / focus) ** 2)
        for length in (height, width)
    )
    weights = rows[:, None] * columns[None, :]
    return weights / weights.sum()
