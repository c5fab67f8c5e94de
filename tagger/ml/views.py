"""Several looks at one photo, whose scores are averaged: test-time augmentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.ml.transforms import prepare

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from tagger.ml.info import Transform


def make_views(image: Image.Image, transform: Transform) -> list[NDArray[np.uint8]]:
    """The usual square, the two ends of the long side, and each of them mirrored.

    Together they show the whole photo, of which the usual square leaves out a third or more.

    Returns:
        Six squares `[crop_px, crop_px, 3] uint8`, the usual one first.
    """
    whole_side = transform.model_copy(update={"resize_px": transform.crop_px})
    width, height = image.size
    side = min(width, height)
    ends = ((0, 0, side, side), (width - side, height - side, width, height))
    squares = [
        prepare(image, transform),
        *(prepare(image.crop(box), whole_side) for box in ends),
    ]
    return [view for square in squares for view in (square, square[:, ::-1])]
