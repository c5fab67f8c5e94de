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

    Only the part that ends up in the square is computed. Normalisation happens later, in the batch
    on the device: bytes are a quarter of the memory of floats.

    Returns:
        `[crop_px, crop_px, 3] uint8`, RGB.
    """
    if image.mode != "RGB":
        image = image.convert("RGB")
    side = transform.crop_px
    scale = min(image.size) / transform.resize_px
    left, top = ((length - side * scale) / 2 for length in image.size)
    box = (max(left, 0.0), max(top, 0.0))
    right, bottom = (
        min(start + side * scale, length) for start, length in zip(box, image.size, strict=True)
    )
    square = image.resize(
        (side, side), _FILTERS[transform.interpolation], box=(*box, right, bottom), reducing_gap=3.0
    )
    return np.asarray(square)
