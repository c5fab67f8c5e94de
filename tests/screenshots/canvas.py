"""Light, blur and simple shapes: what the drawn scenes are made of."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Paint = Callable[[ImageDraw.ImageDraw, int | tuple[int, int, int]], None]

Color: TypeAlias = tuple[int, int, int]
Point: TypeAlias = tuple[float, float]

WIDTH, HEIGHT = 1080, 720


class Canvas:
    """A picture in the making; coordinates are shares of its width and height."""

    def __init__(self, rng: np.random.Generator, sky: Sequence[Color], *, upright: bool) -> None:
        self.rng = rng
        self.width, self.height = (HEIGHT, WIDTH) if upright else (WIDTH, HEIGHT)
        self.image = _gradient(self.width, self.height, sky)

    def bokeh(self, colors: Sequence[Color], count: int, top: float = 0, bottom: float = 1) -> None:
        """Lights out of focus."""
        layer = Image.new("RGB", self.image.size)
        draw = ImageDraw.Draw(layer)
        for _ in range(count):
            x, y = self.rng.uniform(0, self.width), self.rng.uniform(top, bottom) * self.height
            radius = self.rng.uniform(0.01, 0.05) * self.width
            color = colors[int(self.rng.integers(len(colors)))]
            strength = self.rng.uniform(0.15, 0.6)
            fill = tuple(round(channel * strength) for channel in color)
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)
        self.image = ImageChops.screen(self.image, layer.filter(ImageFilter.GaussianBlur(3)))

    def glow(self, at: Point, radius: float, color: Color, strength: float = 0.8) -> None:
        """A soft light."""
        layer = Image.new("RGB", self.image.size)
        fill = tuple(round(channel * strength) for channel in color)
        ImageDraw.Draw(layer).ellipse(self._box(at, radius, radius), fill=fill)
        blurred = layer.filter(ImageFilter.GaussianBlur(radius * self.width * 0.5))
        self.image = ImageChops.screen(self.image, blurred)

    def ellipse(
        self, at: Point, size: Point, color: Color, opacity: float = 1, blur: float = 0
    ) -> None:
        """An upright ellipse; `size` are its half axes, both as shares of the width."""
        self._paint(
            lambda draw, ink: draw.ellipse(self._box(at, *size), fill=ink), color, opacity, blur
        )

    def shape(
        self, points: Sequence[Point], color: Color, opacity: float = 1, blur: float = 0
    ) -> None:
        """A polygon."""
        pixels = [(x * self.width, y * self.height) for x, y in points]
        self._paint(lambda draw, ink: draw.polygon(pixels, fill=ink), color, opacity, blur)

    def line(self, points: Sequence[Point], color: Color, width: float, opacity: float = 1) -> None:
        """A line; `width` as a share of the picture's width."""
        pixels = [(x * self.width, y * self.height) for x, y in points]
        stroke = max(1, round(width * self.width))
        self._paint(
            lambda draw, ink: draw.line(pixels, fill=ink, width=stroke, joint="curve"),
            color,
            opacity,
            0,
        )

    def ring(self, at: Point, size: Point, color: Color, width: float) -> None:
        """An ellipse without its inside."""
        stroke = max(1, round(width * self.width))
        self._paint(
            lambda draw, ink: draw.ellipse(self._box(at, *size), outline=ink, width=stroke),
            color,
            1,
            0,
        )

    def flower(self, at: Point, radius: float, color: Color) -> None:
        """Petals around a heart, lighter towards the middle."""
        turn = self.rng.uniform(0, math.tau)
        for ring, share in enumerate((1.0, 0.72, 0.46)):
            petals = 9 - 2 * ring
            tone = _lighter(color, 0.86 + 0.12 * ring)
            for petal in range(petals):
                angle = turn + ring + math.tau * petal / petals
                reach = radius * share * 0.62
                x = at[0] + math.cos(angle) * reach
                y = at[1] + math.sin(angle) * reach * self.width / self.height
                shade = _lighter(tone, self.rng.uniform(0.9, 1.06))
                self.ellipse((x, y), (radius * share * 0.5, radius * share * 0.5), shade)
        self.ellipse(at, (radius * 0.2, radius * 0.2), _lighter(color, 0.75))

    def finish(self) -> Image.Image:
        """Darker towards the corners, slightly soft."""
        rows = np.linspace(-1, 1, self.height)[:, None]
        columns = np.linspace(-1, 1, self.width)[None, :]
        fall = 1 - 0.3 * np.clip((rows**2 + columns**2) / 2, 0, 1) ** 1.4
        pixels = np.asarray(self.image, dtype=np.float32) * fall[..., None]
        return Image.fromarray(pixels.astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.6))

    def _box(self, at: Point, half_width: float, half_height: float) -> tuple[float, ...]:
        x, y = at[0] * self.width, at[1] * self.height
        w, h = half_width * self.width, half_height * self.width
        return (x - w, y - h, x + w, y + h)

    def _paint(self, paint: Paint, color: Color, opacity: float, blur: float) -> None:
        if opacity == 1 and not blur:
            paint(ImageDraw.Draw(self.image), color)
            return
        mask = Image.new("L", self.image.size)
        paint(ImageDraw.Draw(mask), 255)
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur * self.width))
        mask = mask.point(lambda value: round(value * opacity))
        self.image.paste(Image.new("RGB", self.image.size, color), mask=mask)


def _lighter(color: Color, factor: float) -> Color:
    red, green, blue = (min(255, round(channel * factor)) for channel in color)
    return red, green, blue


def _gradient(width: int, height: int, colors: Sequence[Color]) -> Image.Image:
    stops = np.linspace(0, 1, len(colors))
    rows = np.linspace(0, 1, height)
    channels = [np.interp(rows, stops, [color[i] for color in colors]) for i in range(3)]
    column = np.stack(channels, axis=-1)[:, None, :]
    return Image.fromarray(np.broadcast_to(column, (height, width, 3)).astype(np.uint8))
