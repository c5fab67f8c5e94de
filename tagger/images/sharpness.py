"""How sharp a picture is where it is sharpest: a blurred background is no fault.

The measure is the energy of the Laplacian against the contrast of the same place (a variant of
Pech-Pacheco et al. 2000), so that dark and flat pictures are not called blurred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

from tagger.images.decode import decode_photo

SIDE_PX = 512
_TILE_PX = 32
_NOISE = 40.0
"""Contrast (variance of grey) that noise alone has: below it nothing can be told."""

_BEST_TILES = 0.1


def read_sharpness(path: Path) -> float:
    """The sharpness of a photo, 0 (blurred) to about 2.

    Raises:
        PhotoError: it can't be read.
    """
    return measure_sharpness(decode_photo(path, long_side_px=SIDE_PX))


def measure_sharpness(image: Image.Image) -> float:
    """The sharpness of the best tenth of a picture's tiles; `image` is up to `SIDE_PX` long."""
    small = image.convert("L")
    small.thumbnail((SIDE_PX, SIDE_PX), Image.Resampling.BILINEAR)
    grey = np.asarray(small, dtype=np.float32)
    if min(grey.shape) < 3:
        return 0.0
    edges = (
        grey[1:-1, :-2] + grey[1:-1, 2:] + grey[:-2, 1:-1] + grey[2:, 1:-1] - 4 * grey[1:-1, 1:-1]
    )
    contrast = _variances(grey[1:-1, 1:-1])
    ratios = np.sort(_variances(edges) / (contrast + _NOISE))
    best = ratios[-max(1, round(ratios.size * _BEST_TILES)) :]
    return float(np.median(best))


def _variances(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of each whole tile, or of the whole where there is none; flat."""
    rows, columns = (max(1, length // _TILE_PX) for length in values.shape)
    height, width = (min(_TILE_PX, length) for length in values.shape)
    tiles = values[: rows * height, : columns * width].reshape(rows, height, columns, width)
    variances: NDArray[np.float32] = tiles.var(axis=(1, 3)).ravel()
    return variances
