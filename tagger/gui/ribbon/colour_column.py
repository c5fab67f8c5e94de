"""One stretch of the strip as colours above each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Part:
    """One colour.

    Attributes:
        place: of the class in the ribbon.
        box: where it is painted.
    """

    place: int
    box: QRectF


def stack_parts(shares: Sequence[float], box: QRectF) -> list[Part]:
    """The likely classes from the bottom up, each as high as it is likely.

    Where all together are more than certain (a photo may show several), they share the height.
    """
    scale = box.height() / max(1.0, sum(shares))
    parts = []
    bottom = box.bottom()
    for place, share in enumerate(shares):
        height = share * scale
        if height >= 1:
            parts.append(Part(place, QRectF(box.left(), bottom - height, box.width(), height)))
            bottom -= height
    return parts


def strongest(shares: Sequence[float]) -> int | None:
    """The place of the most likely class; None where none is."""
    best = max(range(len(shares)), key=shares.__getitem__, default=None)
    return best if best is not None and shares[best] > 0 else None
