"""Where the subject of a picture is: the centre of gravity of what is known of it.

Two maps are joined, each with the weight of one: where there is fine detail, which blurred
backgrounds lack, and what the network looked at for the class in question. Measured on marked
subjects in `tests/benchmarks/test_crop_quality.py`: either alone is worse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Map = NDArray[np.float64]

SIDE = 64
"""Places along each side of a map; they are shares of the picture, whatever its shape."""


def find_focus(image: Image.Image, activation: Map | None = None) -> tuple[float, float]:
    """The middle of the subject in shares of width and height, 0..1.

    Args:
        image: upright; small ones do.
        activation: `[SIDE, SIDE]`, what the network looked at; negative places count as nothing.
    """
    weights = _normalise(measure_detail(image))
    if activation is not None:
        weights = weights + _normalise(activation)
    total = weights.sum()
    if total <= 0:
        return 0.5, 0.5
    places = (np.arange(SIDE) + 0.5) / SIDE
    return float(weights.sum(axis=0) @ places / total), float(weights.sum(axis=1) @ places / total)


def measure_detail(image: Image.Image) -> Map:
    """How much brightness changes from place to place, `[SIDE, SIDE]`."""
    small = image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
    down, across = np.gradient(np.asarray(small, dtype=np.float64))
    detail: Map = np.hypot(across, down)
    return detail


def spread_cells(cells: NDArray[np.float32]) -> Map:
    """A map of a network's cells `[H, W]`, each for its share of the picture, as `[SIDE, SIDE]`.

    A cell stands for the middle of its own pixels. By the strides alone a ResNet's first cell
    looks 13 pixels further left, but maps of pictures and of their mirror images fit each other
    best so: the network has learned to make up for it.
    """
    image = Image.fromarray(cells.astype(np.float32))
    spread = np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BILINEAR))
    result: Map = spread.astype(np.float64)
    return result


def _normalise(weights: Map) -> Map:
    positive = np.clip(weights, 0.0, None)
    total = positive.sum()
    return positive / total if total > 0 else positive
