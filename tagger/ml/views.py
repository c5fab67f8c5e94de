"""Several looks at one photo, whose scores are averaged: test-time augmentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.ml.transforms import prepare

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from tagger.ml.info import Transform

_CLOSER = 7 / 8
"""Side of the middle square that a closer look takes, in short sides of the photo."""


def make_views(image: Image.Image, transform: Transform) -> list[NDArray[np.uint8]]:
    """The usual look, others for what it leaves out or shows small, and each of them mirrored.

    Where the usual look is the middle square, the others are the two ends of the long side, so that
    together they show the whole photo. Where it is the whole photo, the other is closer: the middle
    square, in which things are larger.

    Returns:
        `[H, W, 3] uint8` each, four or six, the usual one first.
    """
    usual = prepare(image, transform)
    looks = [usual, *(prepare(image.crop(box), at) for box, at in _choose_others(image, transform))]
    return [view for look in looks for view in (look, look[:, ::-1])]


def _choose_others(
    image: Image.Image, transform: Transform
) -> list[tuple[tuple[int, int, int, int], Transform]]:
    """Boxes of the photo, and how each is looked at."""
    width, height = image.size
    side = min(width, height)
    if transform.focus is not None:
        closer = max(1, round(side * _CLOSER))
        left, top = (width - closer) // 2, (height - closer) // 2
        return [((left, top, left + closer, top + closer), transform)]
    whole_side = transform.model_copy(update={"resize_px": transform.crop_px})
    ends = ((0, 0, side, side), (width - side, height - side, width, height))
    return [(box, whole_side) for box in ends]
