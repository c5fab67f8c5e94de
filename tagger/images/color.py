"""Any pixels to 8-bit sRGB: transparency over white, deep and odd modes, colour profiles."""

from __future__ import annotations

import io
from functools import cache, lru_cache

import numpy as np
from PIL import Image, ImageCms

_PROFILE_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
"""Colour space of a profile (ICC.1:2022, table 19) to the mode its pixels must have."""

_WIDE_MODES = {"I;16", "I;16L", "I;16B", "I;16N", "I", "F"}


def flatten(image: Image.Image) -> Image.Image:
    """Pixels that can be resized and converted: `L`, `RGB` or `CMYK`, without alpha.

    Transparency goes over white. Deep grey is scaled to 8 bit; its range is told by its type, and
    for 32-bit and float pictures by their values.
    """
    if image.mode in _WIDE_MODES:
        return _narrow(image)
    if image.has_transparency_data:
        with_alpha = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return _keep_profile(Image.alpha_composite(white, with_alpha).convert("RGB"), image)
    if image.mode == "LAB":
        return _lab_transform().apply(image)
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")


def to_srgb(image: Image.Image) -> Image.Image:
    """Convert to sRGB by the embedded profile, or plainly where there is none or it is broken.

    Relative colorimetric with black point compensation, as photo editors do by default.

    Args:
        image: what `flatten` returned.
    """
    profile = image.info.get("icc_profile")
    transform = _profile_transform(profile, image.mode) if isinstance(profile, bytes) else None
    if transform is None:
        return image.convert("RGB")
    if transform.input_mode != image.mode:
        image = image.convert(transform.input_mode)
    converted = Image.new("RGB", image.size)
    transform.apply(image, converted)
    return converted


def _narrow(image: Image.Image) -> Image.Image:
    values = np.asarray(image)
    if values.dtype.kind == "u":
        return _keep_profile(Image.fromarray((values >> 8).astype(np.uint8)), image)
    finite = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    top = float(finite.max(initial=0.0))
    # Float pictures mean 0..1, integers 16 bit; what exceeds that is scaled by its highest value.
    full = max(top, 1.0 if image.mode == "F" else 65535.0)
    scaled = np.clip(finite / full * 255.0, 0, 255).astype(np.uint8)
    return _keep_profile(Image.fromarray(scaled), image)


def _keep_profile(image: Image.Image, origin: Image.Image) -> Image.Image:
    image.info = {key: origin.info[key] for key in ("icc_profile",) if key in origin.info}
    return image


@cache
def _lab_transform() -> ImageCms.ImageCmsTransform:
    return _build(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), "LAB")


@lru_cache(maxsize=32)
def _profile_transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The transform; None for a profile that is broken, of another colour space, or sRGB."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        input_mode = _PROFILE_MODES.get(source.profile.xcolor_space.strip())
        if input_mode is None or (input_mode == "CMYK") != (mode == "CMYK"):
            return None
        transform = _build(source, input_mode)
        return None if input_mode == "RGB" and _is_identity(transform) else transform
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _build(source: ImageCms.ImageCmsProfile, input_mode: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.ImageCmsTransform(
        source,
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
        input_mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _is_identity(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether no colour of a 16-level cube moves by more than one step, as with sRGB profiles."""
    levels = np.arange(0, 256, 17, dtype=np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(64, 64, 3)
    moved = np.asarray(transform.apply(Image.fromarray(cube))).astype(np.int16)
    return bool(np.abs(moved - cube).max() <= 1)
