"""Contact sheets: many small pictures with their names, on pages of A4."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from tagger.export.fonts import load_font

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.export.fonts import Font

_DPI = 150
_PAGE = (1240, 1754)
"""A4 upright at 150 dots an inch."""

_MARGIN_PX, _GAP_PX, _TEXT_PX = 70, 24, 18
_COLUMNS, _ROWS = 4, 5
_TEXT_COLOR = (60, 60, 60)
_EPOCH = time.gmtime(946684800)
"""The same on every day, so that equal pictures give equal bytes."""


@dataclass(frozen=True, slots=True)
class SheetPicture:
    """A picture on a contact sheet; `image` is `RGB` and need not be larger than a cell."""

    name: str
    image: Image.Image


def cell_size() -> tuple[int, int]:
    """Pixels that a picture gets on the sheet at most."""
    width = (_PAGE[0] - 2 * _MARGIN_PX - (_COLUMNS - 1) * _GAP_PX) // _COLUMNS
    height = (_PAGE[1] - 2 * _MARGIN_PX - (_ROWS - 1) * _GAP_PX) // _ROWS
    return width, height - _TEXT_PX - 8


def draw_sheets(pictures: Sequence[SheetPicture], font: Path | None = None) -> list[Image.Image]:
    """Pages with twenty pictures each, in their order; none for no pictures."""
    per_page = _COLUMNS * _ROWS
    starts = range(0, len(pictures), per_page)
    return [_draw_page(pictures[start : start + per_page], font) for start in starts]


def pdf_of(pages: Sequence[Image.Image]) -> bytes:
    """The pages as one PDF; equal pages give equal bytes."""
    buffer = io.BytesIO()
    pages[0].save(
        buffer,
        "PDF",
        save_all=True,
        append_images=list(pages[1:]),
        resolution=_DPI,
        quality=88,
        creationDate=_EPOCH,
        modDate=_EPOCH,
    )
    return buffer.getvalue()


def jpeg_of(page: Image.Image) -> bytes:
    """One page as a picture."""
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=90, dpi=(_DPI, _DPI), optimize=True)
    return buffer.getvalue()


def _draw_page(pictures: Sequence[SheetPicture], font: Path | None) -> Image.Image:
    page = Image.new("RGB", _PAGE, "white")
    letters = load_font(font, _TEXT_PX)
    width, height = cell_size()
    for place, picture in enumerate(pictures):
        left = _MARGIN_PX + place % _COLUMNS * (width + _GAP_PX)
        top = _MARGIN_PX + place // _COLUMNS * (height + _TEXT_PX + 8 + _GAP_PX)
        small = picture.image.copy()
        small.thumbnail((width, height), Image.Resampling.LANCZOS)
        page.paste(small, (left + (width - small.width) // 2, top + height - small.height))
        at = (left + width / 2, top + height + 6)
        text = _shorten(picture.name, letters, width)
        ImageDraw.Draw(page).text(at, text, fill=_TEXT_COLOR, font=letters, anchor="ma")
    return page


def _shorten(text: str, font: Font, room_px: int) -> str:
    """Names that are too long lose their middle, for ends tell files apart."""
    shown = text
    keep = len(text)
    while font.getlength(shown) > room_px and keep > 4:
        keep -= 2
        shown = f"{text[: keep // 2]}…{text[-keep // 2 :]}"
    return shown
