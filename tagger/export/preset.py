"""What an exported picture is like. Presets are data files, so that sizes can change freely."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from tagger.core.errors import WrongUseError
from tagger.export.naming import check_template

Fit = Literal["inside", "border", "fill", "copy"]


class Sharpening(StrEnum):
    """How much is done against the softness that scaling leaves."""

    NONE = "none"
    LOW = "low"
    SCREEN = "screen"
    HIGH = "high"


class Kept(StrEnum):
    """Which metadata an exported picture carries. What the classifier thinks is never among it."""

    NONE = "none"
    CREDIT = "credit"
    """Author, copyright and credit line."""
    ALL = "all"
    """Those, time, camera, exposure, description and keywords."""


class Corner(StrEnum):
    """Where a watermark goes."""

    TOP_LEFT = "top-left"
    TOP = "top"
    TOP_RIGHT = "top-right"
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"
    BOTTOM_LEFT = "bottom-left"
    BOTTOM = "bottom"
    BOTTOM_RIGHT = "bottom-right"


class Strict(BaseModel):
    """Unknown fields are mistakes; what was read never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Watermark(Strict):
    """A mark on each picture.

    Attributes:
        text: what is written; `{credit}` stands for the credit line.
        image: a PNG with transparency, in place of text.
        place: inside the safe zone where there is one.
        opacity: 0..1.
        size: width of an image, or height of the letters times 10, as a share of the picture's
            shorter side.
    """

    text: str | None = None
    image: Path | None = None
    place: Corner = Corner.BOTTOM_RIGHT
    opacity: float = Field(default=0.6, gt=0, le=1)
    size: float = Field(default=0.3, ge=0.02, le=1)

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        if bool(self.text) == bool(self.image):
            raise ValueError("a watermark is either a text or an image")
        return self


class SafeZone(Strict):
    """Pixels at the edges that an app covers with its own buttons and texts."""

    top_px: int = Field(default=0, ge=0)
    bottom_px: int = Field(default=0, ge=0)
    left_px: int = Field(default=0, ge=0)
    right_px: int = Field(default=0, ge=0)


class Preset(Strict):
    """One way of exporting.

    Attributes:
        name: as on the command line.
        title, description: for people.
        width_px, height_px: of the result; None leaves a side free.
        fit: `inside` keeps the whole picture within the size; `border` does so and fills up to
            exactly this size; `fill` cuts the picture to this shape; `copy` keeps the image data
            of a JPEG as it is.
        enlarge: small originals grow to the size; else they stay as small as they are.
        border_color: `#rrggbb`.
        quality: JPEG quality 1..100; the highest one where `max_kilobytes` asks for less.
        max_kilobytes: of each file, in 1,000 bytes.
        chroma: `full` keeps the resolution of colours, `half` halves it, `auto` keeps it from
            quality 90 on, for red dresses and flowers bleed otherwise.
        keep_place, keep_private: also the place where it was taken; serial numbers, owner, maker's
            notes and comments. Both only with `metadata` `all`.
        credit, copyright: put into every picture whose metadata are kept; `{credit}` and
            `{copyright}` stand for the photographer's settings.
        filename: of the pictures, without ending; see `naming`.
        hashtags: behind those made from the tags, in the text file with captions.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str = Field(min_length=1)
    description: str = Field(min_length=1)
    width_px: int | None = Field(default=None, ge=16, le=20_000)
    height_px: int | None = Field(default=None, ge=16, le=20_000)
    fit: Fit
    enlarge: bool = False
    border_color: str = Field(default="#ffffff", pattern=r"^#[0-9a-fA-F]{6}$")
    quality: int = Field(default=90, ge=1, le=100)
    max_kilobytes: int | None = Field(default=None, ge=10)
    chroma: Literal["auto", "full", "half"] = "auto"
    sharpen: Sharpening = Sharpening.NONE
    watermark: Watermark | None = None
    safe_zone: SafeZone = SafeZone()
    metadata: Kept = Kept.NONE
    keep_place: bool = False
    keep_private: bool = False
    credit: str | None = None
    copyright: str | None = None
    filename: str = "{name}"
    hashtags: tuple[str, ...] = ()

    @property
    def ratio(self) -> float | None:
        """Width by height of what `fill` cuts; None for all others."""
        if self.fit != "fill" or self.width_px is None or self.height_px is None:
            return None
        return self.width_px / self.height_px

    @field_validator("filename")
    @classmethod
    def _check_filename(cls, value: str) -> str:
        check_template(value)
        return value

    @model_validator(mode="after")
    def _check_size(self) -> Self:
        sides = (self.width_px, self.height_px)
        if self.fit in {"fill", "border"} and None in sides:
            raise ValueError(f"fit {self.fit} needs width_px and height_px")
        if self.fit == "copy" and sides != (None, None):
            raise ValueError("fit copy keeps the size, so width_px and height_px must be left out")
        if self.fit == "copy" and self.watermark is not None:
            raise ValueError("fit copy keeps the picture, so watermark must be left out")
        return self

    @model_validator(mode="after")
    def _check_metadata(self) -> Self:
        if (self.keep_place or self.keep_private) and self.metadata is not Kept.ALL:
            raise ValueError("keep_place and keep_private need metadata all")
        zone = self.safe_zone
        if self.width_px and zone.left_px + zone.right_px >= self.width_px:
            raise ValueError("safe_zone leaves nothing of the width")
        if self.height_px and zone.top_px + zone.bottom_px >= self.height_px:
            raise ValueError("safe_zone leaves nothing of the height")
        return self


def load_presets(folder: Path) -> dict[str, Preset]:
    """All presets of a folder by name; none where there is no such folder.

    Raises:
        WrongUseError: a file can't be read or is no preset; it names file and field.
    """
    presets: dict[str, Preset] = {}
    for path in sorted(folder.glob("*.json")):
        preset = read_preset(path)
        if preset.name in presets:
            raise WrongUseError(f"{path}: field name: another preset is called {preset.name} too.")
        presets[preset.name] = preset
    return presets


def read_preset(path: Path) -> Preset:
    """One preset from its file. A logo named without a folder lies beside that file.

    Raises:
        WrongUseError: as `load_presets`.
    """
    try:
        return _locate_logo(Preset.model_validate_json(path.read_bytes()), path.absolute().parent)
    except OSError as error:
        raise WrongUseError(f"{path}: the preset can't be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "as a whole"
        raise WrongUseError(f"{path}: field {field}: {first['msg']}.") from error


def _locate_logo(preset: Preset, folder: Path) -> Preset:
    if preset.watermark is None or preset.watermark.image is None:
        return preset
    located = preset.watermark.model_copy(update={"image": folder / preset.watermark.image})
    return preset.model_copy(update={"watermark": located})


def format_preset(preset: Preset) -> str:
    """The text of a preset's file: only what differs from the defaults."""
    return preset.model_dump_json(indent=2, exclude_defaults=True) + "\n"
