"""Letters for watermarks and contact sheets."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from PIL import ImageFont

if TYPE_CHECKING:
    from pathlib import Path

Font: TypeAlias = ImageFont.FreeTypeFont | ImageFont.ImageFont


@lru_cache(maxsize=8)
def load_font(path: Path | None, size_px: int) -> Font:
    """The font of this file; where there is none Pillow's own, which knows no accents."""
    if path is None:
        return ImageFont.load_default(size_px)
    return ImageFont.truetype(path, size_px)
