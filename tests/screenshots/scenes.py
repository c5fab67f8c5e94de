"""A wedding that never was, drawn scene by scene: each picture differs by its seed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PIL import ImageOps

from tests.screenshots.canvas import Canvas, Color, Point

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PIL import Image

    Draw = Callable[[Canvas], None]

_DUSK: Sequence[Color] = ((58, 66, 105), (150, 110, 130), (232, 168, 130), (120, 84, 72))
_GOLD: Sequence[Color] = ((250, 226, 178), (240, 196, 140), (190, 160, 110), (92, 96, 62))
_DAY: Sequence[Color] = ((178, 208, 228), (226, 232, 230), (160, 180, 140), (98, 124, 78))
_ROOM: Sequence[Color] = ((52, 38, 34), (88, 62, 48), (128, 92, 64), (60, 42, 34))
_LINEN: Sequence[Color] = ((238, 230, 220), (226, 214, 202), (206, 192, 178))
_NIGHT: Sequence[Color] = ((18, 16, 34), (40, 26, 58), (24, 18, 36))
_WARM_LIGHTS: Sequence[Color] = ((255, 214, 150), (255, 190, 120), (255, 236, 200))
_PARTY_LIGHTS: Sequence[Color] = ((255, 90, 160), (90, 160, 255), (255, 190, 90), (150, 90, 255))
_PETALS: Sequence[Color] = ((238, 176, 178), (250, 232, 222), (214, 110, 122), (246, 204, 160))
_GREEN: Color = (84, 112, 78)
_WHITE: Color = (248, 244, 238)
_BLACK: Color = (34, 34, 42)
_SKIN: Color = (214, 168, 140)
_GOLD_METAL: Color = (222, 178, 98)


def draw_scene(name: str, seed: int, *, upright: bool = False) -> Image.Image:
    """One picture of this scene."""
    sky, draw = SCENES[name]
    rng = np.random.default_rng(seed)
    canvas = Canvas(rng, sky[seed % len(sky)], upright=upright)
    draw(canvas)
    return _frame(canvas.finish(), rng)


def _frame(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """As a photographer would have stood: nearer or farther, from the left or the right."""
    share = rng.uniform(0.74, 1.0)
    width, height = round(image.width * share), round(image.height * share)
    left = round((image.width - width) * rng.uniform(0.3, 0.7))
    top = round((image.height - height) * rng.uniform(0.3, 0.9))
    framed = image.crop((left, top, left + width, top + height)).resize(image.size)
    return ImageOps.mirror(framed) if rng.uniform() < 0.5 else framed


def _bouquet(canvas: Canvas) -> None:
    canvas.bokeh(_WARM_LIGHTS, 18, 0, 0.6)
    centre, rng = (0.5 + canvas.rng.uniform(-0.06, 0.06), 0.46), canvas.rng
    canvas.shape([(0.46, 0.6), (0.56, 0.6), (0.54, 1), (0.48, 1)], (110, 132, 92))
    canvas.shape([(0.45, 0.72), (0.57, 0.72), (0.56, 0.8), (0.46, 0.8)], _WHITE, 0.95)
    for _ in range(26):
        angle, reach = rng.uniform(0, math.tau), rng.uniform(0.16, 0.24)
        x, y = _around(canvas, centre, angle, reach)
        tone = rng.uniform(0.8, 1.25)
        canvas.ellipse((x, y), (0.05, 0.022), _shade(_GREEN, tone))
    for _ in range(24):
        angle, reach = rng.uniform(0, math.tau), 0.18 * math.sqrt(rng.uniform(0, 1))
        color = _PETALS[int(rng.integers(len(_PETALS)))]
        canvas.flower(_around(canvas, centre, angle, reach), rng.uniform(0.035, 0.06), color)


def _rings(canvas: Canvas) -> None:
    for fold in range(6):
        y = 0.1 + fold * 0.17 + canvas.rng.uniform(-0.03, 0.03)
        canvas.shape(
            [(0, y), (1, y + 0.1), (1, y + 0.15), (0, y + 0.06)], (255, 250, 244), 0.5, 0.02
        )
    x, y = 0.42 + canvas.rng.uniform(-0.05, 0.05), 0.55
    for at, size in (((x, y), 0.13), ((x + 0.16, y - 0.04), 0.115)):
        canvas.ellipse((at[0] + 0.01, at[1] + 0.09), (size, size * 0.3), (120, 100, 84), 0.35, 0.02)
        canvas.ring(at, (size, size * 0.82), _shade(_GOLD_METAL, 0.72), 0.026)
        canvas.ring((at[0] - 0.003, at[1] - 0.005), (size, size * 0.82), _GOLD_METAL, 0.016)
        canvas.ring((at[0] - 0.005, at[1] - 0.01), (size, size * 0.82), (255, 236, 190), 0.004)
    canvas.ellipse((x + 0.16, y - 0.19), (0.026, 0.022), (232, 244, 252))
    canvas.ellipse((x + 0.155, y - 0.2), (0.01, 0.008), (255, 255, 255))
    canvas.flower((0.84, 0.22), 0.11, _PETALS[0])
    canvas.flower((0.95, 0.36), 0.08, _PETALS[1])


def _cake(canvas: Canvas) -> None:
    canvas.bokeh(_WARM_LIGHTS, 26, 0, 0.7)
    canvas.shape([(0, 0.84), (1, 0.84), (1, 1), (0, 1)], (222, 208, 194))
    canvas.ellipse((0.5, 0.86), (0.26, 0.035), (120, 96, 80), 0.4, 0.015)
    for tier, (half, top, bottom) in enumerate(
        ((0.2, 0.6, 0.85), (0.145, 0.4, 0.6), (0.09, 0.23, 0.4))
    ):
        canvas.shape(
            [(0.5 - half, top), (0.5 + half, top), (0.5 + half, bottom), (0.5 - half, bottom)],
            _shade(_WHITE, 0.99 - 0.01 * tier),
        )
        canvas.shape(
            [
                (0.5 + half * 0.4, top),
                (0.5 + half, top),
                (0.5 + half, bottom),
                (0.5 + half * 0.4, bottom),
            ],
            (214, 198, 186),
            0.5,
            0.03,
        )
        canvas.ellipse((0.5, top), (half, half * 0.16), (255, 252, 248))
        for _ in range(5 - tier):
            x = 0.5 + canvas.rng.uniform(-half, half) * 0.85
            canvas.flower(
                (x, top + canvas.rng.uniform(-0.01, 0.05)),
                0.026,
                _PETALS[int(canvas.rng.integers(4))],
            )


def _bride(canvas: Canvas) -> None:
    canvas.glow((0.7, 0.25), 0.2, (255, 220, 160))
    canvas.bokeh(_WARM_LIGHTS, 22)
    _draw_bride(canvas, 0.5 + canvas.rng.uniform(-0.12, 0.12), 1.0)


def _newlyweds(canvas: Canvas) -> None:
    canvas.glow((0.5, 0.42), 0.16, (255, 214, 150), 1)
    canvas.bokeh(_WARM_LIGHTS, 12, 0, 0.7)
    x = 0.47 + canvas.rng.uniform(-0.08, 0.08)
    _draw_groom(canvas, x + 0.13, 0.94)
    _draw_bride(canvas, x, 0.9)


def _groom(canvas: Canvas) -> None:
    canvas.bokeh(_WARM_LIGHTS, 16)
    _draw_groom(canvas, 0.5, 1.1)


def _party(canvas: Canvas) -> None:
    canvas.bokeh(_WARM_LIGHTS, 10, 0, 0.5)
    dresses: Sequence[Color] = ((176, 142, 168), (152, 176, 160), (206, 156, 146))
    for place in range(7):
        x = 0.14 + place * 0.12
        if place == 3:
            _draw_bride(canvas, x, 0.78)
        elif place % 2:
            _draw_groom(canvas, x, 0.8)
        else:
            _draw_figure(canvas, x, 0.76, dresses[place // 2 % 3])


def _dance(canvas: Canvas) -> None:
    for beam in range(6):
        x = 0.1 + beam * 0.17
        color = _PARTY_LIGHTS[beam % 4]
        spread = canvas.rng.uniform(-0.3, 0.3)
        canvas.shape([(x, 0), (x + spread + 0.12, 1), (x + spread - 0.12, 1)], color, 0.22, 0.02)
    canvas.bokeh(_PARTY_LIGHTS, 34)
    canvas.glow((0.5, 0.9), 0.24, (255, 180, 220), 0.5)
    _draw_groom(canvas, 0.57, 0.84)
    _draw_bride(canvas, 0.46, 0.82)


def _reception(canvas: Canvas) -> None:
    for row in range(4):
        points = [
            (x / 20, 0.06 + row * 0.06 + 0.05 * math.sin(x / 20 * math.pi)) for x in range(21)
        ]
        canvas.line(points, (90, 66, 50), 0.002)
        for x, y in points:
            canvas.ellipse((x, y), (0.007, 0.007), (255, 226, 170))
    canvas.bokeh(_WARM_LIGHTS, 40, 0, 0.5)
    for depth in range(3):
        y, size = 0.5 + depth * 0.17, 0.1 + depth * 0.05
        for place in range(4 - depth):
            x = (place + 0.5 + canvas.rng.uniform(-0.08, 0.08)) / (4 - depth)
            canvas.shape(
                [
                    (x - size, y),
                    (x + size, y),
                    (x + size * 0.9, y + 0.16),
                    (x - size * 0.9, y + 0.16),
                ],
                (214, 200, 184),
            )
            canvas.ellipse((x, y), (size, size * 0.2), (246, 238, 226))
            for petal in range(4):
                canvas.flower(
                    (x + (petal - 1.5) * size * 0.16, y - 0.03), size * 0.16, _PETALS[petal % 4]
                )
            canvas.glow((x + size * 0.5, y - 0.03), 0.02, (255, 214, 150))


def _ceremony(canvas: Canvas) -> None:
    canvas.glow((0.5, 0.3), 0.2, (255, 240, 210))
    canvas.shape([(0.44, 0.55), (0.56, 0.55), (0.72, 1), (0.28, 1)], (240, 234, 226))
    for side in (-1, 1):
        for row in range(5):
            y, reach = 0.58 + row * 0.08, 0.1 + row * 0.045
            for seat in range(3):
                x = 0.5 + side * (reach + seat * (0.045 + row * 0.012))
                canvas.shape(
                    [
                        (x - 0.016, y - 0.06),
                        (x + 0.016, y - 0.06),
                        (x + 0.018, y + 0.04),
                        (x - 0.018, y + 0.04),
                    ],
                    (236, 228, 216),
                    0.95,
                )
    for step in range(33):
        angle = math.pi * step / 32
        x, y = 0.5 + 0.13 * math.cos(angle), 0.36 - 0.2 * math.sin(angle)
        canvas.ellipse((x, y), (0.018, 0.018), _GREEN)
        if step % 2:
            canvas.flower((x, y), 0.022, _PETALS[step % 4])
    for x in (0.37, 0.63):
        canvas.line([(x, 0.36), (x, 0.58)], (120, 140, 96), 0.014)


def _details(canvas: Canvas) -> None:
    x, y = 0.3 + canvas.rng.uniform(-0.04, 0.04), 0.26
    canvas.shape(
        [(x + 0.02, y + 0.03), (x + 0.42, y + 0.03), (x + 0.42, y + 0.55), (x + 0.02, y + 0.55)],
        (140, 120, 104),
        0.35,
        0.02,
    )
    canvas.shape([(x, y), (x + 0.4, y), (x + 0.4, y + 0.52), (x, y + 0.52)], (252, 249, 244))
    canvas.shape([(x, y), (x + 0.4, y), (x + 0.2, y + 0.3)], (236, 226, 214))
    canvas.ellipse((x + 0.2, y + 0.29), (0.032, 0.032), (156, 66, 74))
    canvas.ellipse((x + 0.2, y + 0.29), (0.02, 0.02), (184, 92, 98))
    for leaf in range(8):
        canvas.ellipse(
            (x - 0.08 + leaf * 0.012, y + 0.1 + leaf * 0.055),
            (0.045, 0.016),
            _shade(_GREEN, 0.9 + leaf * 0.04),
        )
    canvas.flower((x + 0.45, y + 0.06), 0.075, _PETALS[int(canvas.rng.integers(4))])


def _venue(canvas: Canvas) -> None:
    canvas.glow((0.76, 0.3), 0.12, (255, 230, 180))
    hills: Sequence[tuple[float, Color]] = (
        (0.52, (122, 142, 128)),
        (0.6, (96, 120, 92)),
        (0.7, (76, 102, 68)),
    )
    for level, color in hills:
        start = canvas.rng.uniform(0, 6)
        points = [(x / 24, level + 0.04 * math.sin(start + x / 4)) for x in range(25)]
        canvas.shape([*points, (1, 1), (0, 1)], color)
    x = 0.36 + canvas.rng.uniform(-0.1, 0.1)
    canvas.shape([(x, 0.5), (x + 0.26, 0.5), (x + 0.26, 0.7), (x, 0.7)], (222, 208, 186))
    canvas.shape([(x - 0.02, 0.5), (x + 0.13, 0.38), (x + 0.28, 0.5)], (150, 92, 74))
    for window in range(4):
        left = x + 0.03 + window * 0.06
        canvas.shape(
            [(left, 0.55), (left + 0.03, 0.55), (left + 0.03, 0.63), (left, 0.63)], (255, 224, 150)
        )
    for _ in range(7):
        at = canvas.rng.uniform(0, 1)
        if not x - 0.04 < at < x + 0.3:
            canvas.ellipse((at, 0.64), (0.016, 0.075), (58, 84, 58))


def _draw_bride(canvas: Canvas, x: float, scale: float) -> None:
    top = 0.94 - 0.64 * scale
    unit = scale * 0.1
    canvas.shape(
        [
            (x - unit * 0.36, top + 0.2),
            (x + unit * 0.36, top + 0.2),
            (x + unit * 1.25, 0.98),
            (x - unit * 1.25, 0.98),
        ],
        _WHITE,
    )
    canvas.shape(
        [
            (x + unit * 0.1, top + 0.24),
            (x + unit * 0.36, top + 0.2),
            (x + unit * 1.25, 0.98),
            (x + unit * 0.5, 0.98),
        ],
        (206, 194, 188),
        0.5,
        0.012,
    )
    canvas.shape(
        [
            (x - unit * 0.34, top + 0.12),
            (x + unit * 0.34, top + 0.12),
            (x + unit * 0.28, top + 0.26),
            (x - unit * 0.28, top + 0.26),
        ],
        _WHITE,
    )
    canvas.ellipse((x, top + 0.115), (unit * 0.3, unit * 0.14), _SKIN)
    canvas.ellipse((x, top + 0.03), (unit * 0.27, unit * 0.36), _SKIN)
    canvas.ellipse((x, top - 0.005), (unit * 0.3, unit * 0.26), (92, 62, 48))
    canvas.shape(
        [
            (x - unit * 0.2, top - 0.03),
            (x + unit * 0.2, top - 0.03),
            (x + unit * 0.9, 0.8),
            (x - unit * 0.9, 0.8),
        ],
        (255, 252, 250),
        0.3,
        0.008,
    )
    for petal in range(7):
        angle = math.tau * petal / 7
        at = _around(canvas, (x, top + 0.27), angle, unit * 0.26)
        canvas.flower(at, unit * 0.2, _PETALS[petal % 4])


def _draw_groom(canvas: Canvas, x: float, scale: float) -> None:
    top = 0.94 - 0.68 * scale
    unit = scale * 0.1
    canvas.shape(
        [
            (x - unit * 0.3, top + 0.36),
            (x + unit * 0.3, top + 0.36),
            (x + unit * 0.34, 0.98),
            (x - unit * 0.34, 0.98),
        ],
        _shade(_BLACK, 0.9),
    )
    canvas.shape(
        [
            (x - unit * 0.56, top + 0.13),
            (x + unit * 0.56, top + 0.13),
            (x + unit * 0.46, top + 0.46),
            (x - unit * 0.46, top + 0.46),
        ],
        _BLACK,
    )
    canvas.shape(
        [(x - unit * 0.16, top + 0.11), (x + unit * 0.16, top + 0.11), (x, top + 0.28)], _WHITE
    )
    canvas.ellipse((x, top + 0.135), (unit * 0.08, unit * 0.05), (20, 20, 26))
    canvas.ellipse((x, top + 0.04), (unit * 0.26, unit * 0.35), _SKIN)
    canvas.ellipse((x, top - 0.005), (unit * 0.27, unit * 0.2), (58, 44, 38))


def _draw_figure(canvas: Canvas, x: float, scale: float, color: Color) -> None:
    top = 0.94 - 0.64 * scale
    unit = scale * 0.1
    canvas.shape(
        [
            (x - unit * 0.34, top + 0.12),
            (x + unit * 0.34, top + 0.12),
            (x + unit * 0.7, 0.97),
            (x - unit * 0.7, 0.97),
        ],
        color,
    )
    canvas.ellipse((x, top + 0.035), (unit * 0.25, unit * 0.34), _SKIN)
    canvas.ellipse((x, top), (unit * 0.29, unit * 0.24), (120, 84, 58))


def _around(canvas: Canvas, centre: Point, angle: float, reach: float) -> Point:
    ratio = canvas.width / canvas.height
    return centre[0] + math.cos(angle) * reach, centre[1] + math.sin(angle) * reach * ratio


def _shade(color: Color, factor: float) -> Color:
    red, green, blue = (max(0, min(255, round(channel * factor))) for channel in color)
    return red, green, blue


SCENES: dict[str, tuple[Sequence[Sequence[Color]], Draw]] = {
    "bride": ((_GOLD, _DAY, _DUSK), _bride),
    "bouquet": ((_GOLD, _ROOM, _DAY), _bouquet),
    "newlyweds": ((_DUSK, _GOLD, _DAY), _newlyweds),
    "reception_room": ((_ROOM, _ROOM, _DUSK), _reception),
    "wedding_party": ((_DAY, _GOLD, _DUSK), _party),
    "details": ((_LINEN, _LINEN, _LINEN), _details),
    "ceremony": ((_DAY, _GOLD, _DAY), _ceremony),
    "cake": ((_ROOM, _LINEN, _GOLD), _cake),
    "venue": ((_DAY, _DUSK, _GOLD), _venue),
    "dance": ((_NIGHT, _NIGHT, _ROOM), _dance),
    "rings": ((_LINEN, _LINEN, _LINEN), _rings),
    "groom": ((_DAY, _ROOM, _GOLD), _groom),
}
"""In the order of the classes: grounds to choose from, and what is drawn upon them."""
