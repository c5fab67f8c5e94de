"""From a decoded photo to the pixels the network sees. Runs in the decode threads, in uint8."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    from tagger.ml.info import Transform

_FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
}
_STEP_PX = 16
"""Sides of whole photos are multiples of it, so that a batch has few different sizes."""
_LONGEST = 2.0
"""Longer photos are squeezed to this ratio of the sides, at which networks still know things."""


def prepare(image: Image.Image, transform: Transform) -> NDArray[np.uint8]:
    """Resize a photo with antialiasing to what the network sees.

    Without a focus: the short side to `resize_px`, of which the middle `crop_px` square is cut. The
    same pixels as torchvision's `Resize` and `CenterCrop` give, with which networks are trained and
    published; but only the part that ends up in the square is computed. With a focus: the whole
    photo, at the size that `choose_size` gives.

    Normalisation happens later, in the batch on the device: bytes are a quarter of the memory of
    floats.

    Returns:
        `[H, W, 3] uint8`, RGB.
    """
    if image.mode != "RGB":
        image = image.convert("RGB")
    resized = image.resize(
        choose_size(*image.size, transform),
        _FILTERS[transform.interpolation],
        _find_square(image.size, transform) if transform.focus is None else None,
        reducing_gap=3.0,
    )
    return np.asarray(resized)


def choose_size(width: int, height: int, transform: Transform) -> tuple[int, int]:
    """Width and height that a photo of this width and height has for the network.

    Whole photos keep their shape to within a tenth and have about as many pixels as the square of
    `crop_px`, where that is a multiple of 16. A photo that has its size keeps it.
    """
    side = transform.crop_px
    if transform.focus is None:
        return side, side
    ratio = log(max(width, height) / min(width, height))
    long, short = min(_list_sizes(side), key=lambda size: abs(log(size[0] / size[1]) - ratio))
    return (long, short) if width > height else (short, long)


def _list_sizes(side: int) -> list[tuple[int, int]]:
    """Sizes for whole photos in landscape format, from the square to the longest."""
    first = max(1, round(side / _STEP_PX))
    last = max(first, round(side * _LONGEST**0.5 / _STEP_PX))
    return [
        (long * _STEP_PX, max(1, round(first**2 / long)) * _STEP_PX)
        for long in range(first, last + 1)
    ]


def _find_square(size: tuple[int, int], transform: Transform) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the middle square, in pixels of the photo."""
    side = transform.crop_px
    sides = [length * transform.resize_px // min(size) for length in size]
    starts = [round((length - side) / 2) for length in sides]
    scales = [length / resized for length, resized in zip(size, sides, strict=True)]
    left, top = (start * scale for start, scale in zip(starts, scales, strict=True))
    right, bottom = ((start + side) * scale for start, scale in zip(starts, scales, strict=True))
    return left, top, right, bottom


def group_alike(sizes: Sequence[Hashable], most: int | None = None) -> list[list[int]]:
    """Row numbers of pictures that fit into one batch: equal sizes together, `most` at once."""
    found: dict[Hashable, list[int]] = {}
    for row, size in enumerate(sizes):
        found.setdefault(size, []).append(row)
    return [
        rows[start : start + (most or len(rows))]
        for rows in found.values()
        for start in range(0, len(rows), most or len(rows))
    ]
