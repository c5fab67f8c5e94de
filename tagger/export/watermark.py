"""A name or a logo over a picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFilter

from tagger.core.errors import WrongUseError
from tagger.export.fonts import load_font

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.export.fonts import Font
    from tagger.export.preset import Preset, Watermark

_MARGIN = 0.03
"""Of the shorter side, to the edge or the safe zone."""

_LETTERS_OF_SIZE = 0.1
_LEAST_PX = 8


@dataclass(frozen=True, slots=True)
class Ink:
    """What a written mark needs: the credit line for `{credit}`, and the file of the font."""

    credit: str = ""
    font: Path | None = None


NO_INK = Ink()


def draw_watermark(picture: Image.Image, preset: Preset, ink: Ink) -> Image.Image:
    """The picture with the preset's watermark; the picture itself is not changed.

    Raises:
        WrongUseError: the mark can't be read, or there is no credit line to write.
    """
    if preset.watermark is None:
        return picture
    mark = _make_mark(preset.watermark, min(picture.size), ink)
    mark.putalpha(mark.getchannel("A").point(_fading(preset.watermark.opacity)))
    marked = picture.convert("RGBA")
    marked.alpha_composite(mark, _place(mark.size, picture.size, preset))
    return marked.convert("RGB")


def _fading(opacity: float) -> list[int]:
    return [round(value * opacity) for value in range(256)]


def _make_mark(watermark: Watermark, side_px: int, ink: Ink) -> Image.Image:
    if watermark.image is not None:
        return _scale_logo(_read_logo(watermark.image), round(side_px * watermark.size))
    text = (watermark.text or "").replace("{credit}", ink.credit).strip()
    if not text:
        raise WrongUseError(
            "The preset writes your credit line on the pictures, and there is none yet. "
            'Set it with: tagger settings export.credit "Photo: Your Name".'
        )
    letters_px = max(_LEAST_PX, round(side_px * watermark.size * _LETTERS_OF_SIZE))
    font = load_font(ink.font, letters_px)
    room_px = side_px * (1 - 2 * _MARGIN) - 2 * letters_px
    if font.getlength(text) > room_px:
        letters_px = max(_LEAST_PX, int(letters_px * room_px / font.getlength(text)))
        font = load_font(ink.font, letters_px)
    return _write_text(text, font, max(2, letters_px // 4))


def _scale_logo(logo: Image.Image, width_px: int) -> Image.Image:
    width = max(1, width_px)
    height = max(1, round(width * logo.height / logo.width))
    return logo.resize((width, height), Image.Resampling.LANCZOS)


def _read_logo(path: Path) -> Image.Image:
    try:
        return _open_logo(path, path.stat().st_mtime_ns)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise WrongUseError(f"The watermark {path} can't be read as a picture.") from error


@lru_cache(maxsize=4)
def _open_logo(path: Path, mtime_ns: int) -> Image.Image:
    del mtime_ns  # tells a new logo from the one before
    with Image.open(path) as image:
        image.load()
        return image.convert("RGBA")


def _write_text(text: str, font: Font, pad: int) -> Image.Image:
    """White letters over a soft shadow, so that they show on dark and on light."""
    left, top, right, bottom = font.getbbox(text)
    size = (round(right - left) + 2 * pad, round(bottom - top) + 2 * pad)
    at = (pad - left, pad - top)
    shadow = Image.new("L", size)
    ImageDraw.Draw(shadow).text(at, text, fill=170, font=font)
    letters = Image.new("L", size)
    ImageDraw.Draw(letters).text(at, text, fill=255, font=font)
    mark = Image.new("RGBA", size, (0, 0, 0, 0))
    mark.putalpha(shadow.filter(ImageFilter.GaussianBlur(pad / 2)))
    white = Image.new("RGBA", size, (255, 255, 255, 255))
    white.putalpha(letters)
    mark.alpha_composite(white)
    return mark


def _place(mark: tuple[int, int], size: tuple[int, int], preset: Preset) -> tuple[int, int]:
    assert preset.watermark is not None
    zone, margin = preset.safe_zone, round(min(size) * _MARGIN)
    words = preset.watermark.place.value.split("-")
    x = _along(mark[0], size[0], (zone.left_px + margin, zone.right_px + margin), words, "left")
    y = _along(mark[1], size[1], (zone.top_px + margin, zone.bottom_px + margin), words, "top")
    return x, y


def _along(length: int, room: int, edges: tuple[int, int], words: list[str], first: str) -> int:
    last = {"left": "right", "top": "bottom"}[first]
    if first in words:
        return edges[0]
    if last in words:
        return max(0, room - length - edges[1])
    return max(0, edges[0] + (room - edges[0] - edges[1] - length) // 2)
