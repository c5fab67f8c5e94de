"""Heat maps as pictures to lay over a photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STOPS = (0.0, 0.35, 0.7, 1.0)
_COLORS = ((40, 20, 90), (190, 40, 110), (250, 140, 40), (255, 240, 150))
"""From dark to light, so that the map can be read without telling red from green."""

_MOST_OPAQUE = 0.72


def draw_heat(levels: NDArray[np.uint8]) -> QImage:
    """A map `[H, W]`, 0 to 255, as colours: where nothing was looked at the photo shines through.

    Safe in any thread.
    """
    steps = np.linspace(0, 1, 256)
    table = np.stack(
        [np.interp(steps, _STOPS, [color[channel] for color in _COLORS]) for channel in range(3)]
        + [255 * _MOST_OPAQUE * np.clip(steps * 1.6, 0, 1)],
        axis=1,
    )
    pixels = np.ascontiguousarray(table[levels].astype(np.uint8))
    height, width = levels.shape
    return QImage(
        pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888
    ).convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
