"""Small real images, made on the spot, for tests that need no photograph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path


def make_picture(width: int = 96, height: int = 64, seed: int = 0) -> Image.Image:
    """A smooth colour field with a few shapes: compresses like a photo, differs by `seed`."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 255, size=(6, 6, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


def save_jpeg(
    path: Path,
    *,
    width: int = 96,
    height: int = 64,
    seed: int = 0,
    taken_at: str | None = None,
    orientation: int | None = None,
    camera: str | None = None,
) -> Path:
    """Write a JPEG; `taken_at` as Exif has it, `2026:06:20 15:04:05`."""
    exif = Image.Exif()
    if taken_at is not None:
        exif[0x0132] = taken_at
        exif.get_ifd(0x8769)[0x9003] = taken_at
    if orientation is not None:
        exif[0x0112] = orientation
    if camera is not None:
        exif[0x0110] = camera
    path.parent.mkdir(parents=True, exist_ok=True)
    make_picture(width, height, seed).save(path, quality=90, exif=exif)
    return path
