"""From a decoded photo to the square the network sees. Runs in the decode threads, in uint8."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tagger.ml.info import Transform

_FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
}


def prepare(image: Image.Image, transform: Transform) -> NDArray[np.uint8]:
    """Resize the short side to `resize_px` with antialiasing and cut the middle `crop_px` square.

    The same pixels as torchvision's `Resize` and `CenterCrop` give, with which networks are trained
    and published; but only the part that ends up in the square is computed. Normalisation happens
    later, in the batch on the device: bytes are a quarter of the memory of floats.

    Returns:
        `[crop_px, crop_px, 3] uint8`, RGB.
    """
    if image.mode != "RGB":
        image = image.convert("RGB")
    side = transform.crop_px
    short = min(image.size)
    sides = [length * transform.resize_px // short for length in image.size]
    starts = [round((length - side) / 2) for length in sides]
    scales = [length / resized for length, resized in zip(image.size, sides, strict=True)]
    left, top = (start * scale for start, scale in zip(starts, scales, strict=True))
    right, bottom = ((start + side) * scale for start, scale in zip(starts, scales, strict=True))
    square = image.resize(
        (side, side),
        _FILTERS[transform.interpolation],
        (left, top, right, bottom),
        reducing_gap=3.0,
    )
    return np.asarray(square)
