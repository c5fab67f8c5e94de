"""From decoded pixels to the bytes of a JPEG that holds the picture and nothing else."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image, ImageCms, ImageOps

from tagger.core.errors import WrongUseError

if TYPE_CHECKING:
    from tagger.export.preset import Preset

_NO_SUBSAMPLING_QUALITY = 90
"""From here on colours keep their full resolution, for red dresses and flowers bleed otherwise."""


def render_photo(image: Image.Image, preset: Preset) -> bytes:
    """An sRGB JPEG with the sRGB profile and no metadata at all; equal input gives equal bytes.

    Args:
        image: `RGB` in sRGB, upright, as `decode_photo` returns it. It is not changed.
        preset: with `fit` `inside` or `fill`.

    Raises:
        WrongUseError: the preset copies files instead.
    """
    if preset.fit == "copy":
        raise WrongUseError(f"The preset {preset.name} copies files; it renders none.")
    picture = _scale(image, preset)
    picture.info = {}  # or Pillow writes the original's comment and XMP
    buffer = io.BytesIO()
    picture.save(
        buffer,
        "JPEG",
        quality=preset.quality,
        subsampling="4:4:4" if preset.quality >= _NO_SUBSAMPLING_QUALITY else "4:2:0",
        optimize=True,
        icc_profile=srgb_profile(),
    )
    return buffer.getvalue()


def _scale(image: Image.Image, preset: Preset) -> Image.Image:
    width, height = preset.width_px or image.width, preset.height_px or image.height
    if preset.fit == "fill":
        return ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS)
    scale = min(1.0, width / image.width, height / image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)


@cache
def srgb_profile() -> bytes:
    """The profile that exported pictures carry, the same on every day."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # The header holds the time of creation (ICC.1:2022, 7.2.8): six numbers of 16 bit.
    fixed = b"".join(part.to_bytes(2, "big") for part in (2000, 1, 1, 0, 0, 0))
    return profile[:24] + fixed + profile[36:]
