"""From decoded pixels to the bytes of a JPEG."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image, ImageCms, ImageFilter

from tagger.core.errors import UnreadablePhotoError, WrongUseError
from tagger.export.framing import frame_picture
from tagger.export.preset import Sharpening
from tagger.export.watermark import NO_INK, Ink, draw_watermark

if TYPE_CHECKING:
    from tagger.export.framing import Frame, Window
    from tagger.export.preset import Preset

_NO_SUBSAMPLING_QUALITY = 90
_LEAST_QUALITY = 30
"""Below, blocks show in every sky: a smaller picture is then the better answer."""

_MAX_SIDE_PX = 65_500
"""What libjpeg allows; the format itself ends at 65,535 (T.81, B.2.2)."""

_UNSHARP = {
    Sharpening.LOW: ImageFilter.UnsharpMask(radius=0.5, percent=40, threshold=1),
    Sharpening.SCREEN: ImageFilter.UnsharpMask(radius=0.6, percent=70, threshold=1),
    Sharpening.HIGH: ImageFilter.UnsharpMask(radius=0.8, percent=110, threshold=1),
}


@dataclass(frozen=True, slots=True)
class Extras:
    """What goes into an export beside the picture.

    Attributes:
        window: the part that `fill` keeps; None for the middle.
        ink: for watermarks that write.
        exif, xmp: metadata blocks, empty for none.
    """

    window: Window | None = None
    ink: Ink = NO_INK
    exif: bytes = b""
    xmp: bytes = b""


PLAIN = Extras()


def render_photo(image: Image.Image, preset: Preset, extras: Extras = PLAIN) -> bytes:
    """An sRGB JPEG with the sRGB profile and the given metadata; equal input gives equal bytes.

    Args:
        image: `RGB` in sRGB, upright. It is not changed.
        preset: any but those that copy.
        extras: crop, credit line and metadata.

    Raises:
        UnreadablePhotoError: it can't be made as small as the preset says, or no JPEG can hold it.
        WrongUseError: the preset copies files instead, or its watermark can't be read.
    """
    picture = draw_picture(image, preset, extras)
    return encode_picture(picture, preset, extras)


def draw_picture(image: Image.Image, preset: Preset, extras: Extras = PLAIN) -> Image.Image:
    """The exported picture before it becomes a JPEG, as a preview shows it."""
    if preset.fit == "copy":
        raise WrongUseError(f"The preset {preset.name} copies files; it renders none.")
    frame = frame_picture(preset, image.size, extras.window)
    return finish_picture(_scale(image, frame), preset, frame, extras)


def finish_picture(
    scaled: Image.Image, preset: Preset, frame: Frame, extras: Extras = PLAIN
) -> Image.Image:
    """Cut, border, sharpening and watermark, for a picture that has `frame.scaled` already."""
    picture = scaled if frame.cut == (0, 0, *scaled.size) else scaled.crop(frame.cut)
    sharpener = _UNSHARP.get(preset.sharpen)
    if sharpener is not None:
        picture = picture.filter(sharpener)
    return draw_watermark(_put_on_canvas(picture, preset, frame), preset, extras.ink)


def _scale(image: Image.Image, frame: Frame) -> Image.Image:
    if image.size == frame.scaled:
        return image
    return image.resize(frame.scaled, Image.Resampling.LANCZOS)


def _put_on_canvas(picture: Image.Image, preset: Preset, frame: Frame) -> Image.Image:
    if picture.size == frame.canvas:
        return picture
    canvas = Image.new("RGB", frame.canvas, preset.border_color)
    left, top = ((room - own) // 2 for room, own in zip(frame.canvas, picture.size, strict=True))
    canvas.paste(picture, (left, top))
    return canvas


def encode_picture(picture: Image.Image, preset: Preset, extras: Extras = PLAIN) -> bytes:
    """The bytes of a finished picture.

    Raises:
        UnreadablePhotoError: it can't be made as small as the preset says, or no JPEG can hold it
            or its metadata.
    """
    if max(picture.size) > _MAX_SIDE_PX:
        raise UnreadablePhotoError(
            f"A JPEG has at most {_MAX_SIDE_PX:,} pixels along a side, and this picture has more. "
            "Choose a preset with a smaller size."
        )
    content = _save(picture, preset, extras, preset.quality)
    if preset.max_kilobytes is None:
        return content
    limit = preset.max_kilobytes * 1000
    low, high = min(_LEAST_QUALITY, preset.quality), preset.quality
    if len(content) <= limit:
        return content
    best = _save(picture, preset, extras, low)
    while high - low > 1:
        middle = (low + high) // 2
        content = _save(picture, preset, extras, middle)
        if len(content) <= limit:
            low, best = middle, content
        else:
            high = middle
    if len(best) > limit:
        raise UnreadablePhotoError(
            f"The picture does not fit into {preset.max_kilobytes} KB. "
            "Choose a smaller size, or a larger limit."
        )
    return best


def _save(picture: Image.Image, preset: Preset, extras: Extras, quality: int) -> bytes:
    try:
        return _write(picture, preset, extras, quality, optimize=True)
    except ValueError as error:  # a segment of a JPEG holds 64 KB
        raise UnreadablePhotoError(
            "The photo has more metadata than a JPEG can hold. Choose a preset that keeps less."
        ) from error
    except OSError:
        # Pillow's room for the tables' second pass is a guess, too small for noise in full colour.
        return _write(picture, preset, extras, quality, optimize=False)


def _write(
    picture: Image.Image, preset: Preset, extras: Extras, quality: int, *, optimize: bool
) -> bytes:
    plain = picture.copy() if picture.info else picture
    plain.info = {}  # or Pillow writes the original's comment and XMP
    buffer = io.BytesIO()
    plain.save(
        buffer,
        "JPEG",
        quality=quality,
        subsampling="4:4:4" if _keeps_colours(preset, quality) else "4:2:0",
        optimize=optimize,
        icc_profile=srgb_profile(),
        exif=extras.exif,
        xmp=extras.xmp or None,
    )
    return buffer.getvalue()


def _keeps_colours(preset: Preset, quality: int) -> bool:
    if preset.chroma == "auto":
        return quality >= _NO_SUBSAMPLING_QUALITY
    return preset.chroma == "full"


@cache
def srgb_profile() -> bytes:
    """The profile that exported pictures carry, the same on every day."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # The header holds the time of creation (ICC.1:2022, 7.2.8): six numbers of 16 bit.
    fixed = b"".join(part.to_bytes(2, "big") for part in (2000, 1, 1, 0, 0, 0))
    return profile[:24] + fixed + profile[36:]
