"""Which part of a picture is shown, how large, and on what canvas: arithmetic without pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagger.export.preset import Preset

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Window:
    """The part of an upright picture that is kept, in shares of its sides, 0..1."""

    left: float
    top: float
    width: float
    height: float

    def __post_init__(self) -> None:
        inside = self.left + self.width <= 1 + 1e-6 and self.top + self.height <= 1 + 1e-6
        if not (inside and self.left >= 0 and self.top >= 0 and min(self.width, self.height) > 0):
            raise ValueError(f"{self} is not inside the picture")


@dataclass(frozen=True, slots=True)
class Frame:
    """How a picture becomes its export.

    Attributes:
        scaled: the whole picture is scaled to this size first.
        cut: left, top, right, bottom in the scaled picture.
        canvas: size of the result; larger than the cut where there is a border.
    """

    scaled: Size
    cut: tuple[int, int, int, int]
    canvas: Size


def largest_window(size: Size, ratio: float, centre: tuple[float, float] = (0.5, 0.5)) -> Window:
    """The largest part with this width by height, as near to the centre as the edges allow."""
    width, height = size
    share = ratio * height / width
    if share <= 1:
        return Window(_place(centre[0], share), 0.0, share, 1.0)
    return Window(0.0, _place(centre[1], 1 / share), 1.0, 1 / share)


def frame_picture(preset: Preset, size: Size, window: Window | None = None) -> Frame:
    """The frame of an upright picture of `size`; `window` counts for `fill` alone.

    A window whose shape is not that of the preset is taken at its largest within itself.
    """
    if preset.fit == "fill":
        return _fill(preset, size, window)
    scaled = _size_inside(preset, size)
    whole = (0, 0, *scaled)
    if preset.fit == "border" and preset.width_px and preset.height_px:
        return Frame(scaled, whole, (preset.width_px, preset.height_px))
    return Frame(scaled, whole, scaled)


def _fill(preset: Preset, size: Size, window: Window | None) -> Frame:
    assert preset.width_px is not None
    assert preset.height_px is not None
    ratio = preset.width_px / preset.height_px
    part = largest_window(size, ratio) if window is None else _shape(window, size, ratio)
    shrink = 1.0 if preset.enlarge else min(1.0, part.width * size[0] / preset.width_px)
    width, height = _at_least_one(preset.width_px * shrink, preset.height_px * shrink)
    scaled = max(width, round(width / part.width)), max(height, round(height / part.height))
    left = min(round(part.left * scaled[0]), scaled[0] - width)
    top = min(round(part.top * scaled[1]), scaled[1] - height)
    return Frame(scaled, (left, top, left + width, top + height), (width, height))


def _shape(window: Window, size: Size, ratio: float) -> Window:
    """The largest part of this shape in the middle of a window."""
    width, height = window.width * size[0], window.height * size[1]
    inner = largest_window((max(1, round(width)), max(1, round(height))), ratio)
    return Window(
        window.left + inner.left * window.width,
        window.top + inner.top * window.height,
        inner.width * window.width,
        inner.height * window.height,
    )


def _size_inside(preset: Preset, size: Size) -> Size:
    wanted = (preset.width_px, preset.height_px)
    scales = [side / own for side, own in zip(wanted, size, strict=True) if side is not None]
    scale = min(scales, default=1.0)
    if not preset.enlarge:
        scale = min(1.0, scale)
    return _at_least_one(size[0] * scale, size[1] * scale)


def _at_least_one(width: float, height: float) -> Size:
    return max(1, round(width)), max(1, round(height))


def _place(centre: float, length: float) -> float:
    return min(max(centre - length / 2, 0.0), 1 - length)
