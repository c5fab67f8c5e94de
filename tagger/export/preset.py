"""What an exported picture is like. Presets are data files, so that sizes can change freely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tagger.core.errors import WrongUseError

if TYPE_CHECKING:
    from pathlib import Path


class Preset(BaseModel):
    """One way of exporting.

    Attributes:
        name: as on the command line.
        title, description: for people.
        width_px, height_px: of the result; None leaves a side free.
        fit: `inside` keeps the whole picture within the size and never enlarges it; `fill` gives
            exactly this size, cuts what stands over evenly on both sides and enlarges small
            originals; `copy` keeps the image data of a JPEG as it is.
        quality: JPEG quality 1..100.
        suffix: put behind the file's name, `_4x5`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str = Field(min_length=1)
    description: str = Field(min_length=1)
    width_px: int | None = Field(default=None, ge=16, le=20_000)
    height_px: int | None = Field(default=None, ge=16, le=20_000)
    fit: Literal["inside", "fill", "copy"]
    quality: int = Field(default=90, ge=1, le=100)
    suffix: str = ""

    @property
    def source_px(self) -> int | None:
        """The shorter side a picture should be decoded with; None for full size.

        Twice the result, so that the last step of scaling is the one that keeps it sharp.
        """
        sides = [side for side in (self.width_px, self.height_px) if side is not None]
        return 2 * max(sides) if sides else None

    @model_validator(mode="after")
    def _check_size(self) -> Self:
        sides = (self.width_px, self.height_px)
        if self.fit == "fill" and None in sides:
            raise ValueError("fit fill needs width_px and height_px")
        if self.fit == "copy" and sides != (None, None):
            raise ValueError("fit copy keeps the size, so width_px and height_px must be left out")
        return self


def load_presets(folder: Path) -> dict[str, Preset]:
    """All presets of a folder by name.

    Raises:
        WrongUseError: a file can't be read or is no preset; it names file and field.
    """
    presets: dict[str, Preset] = {}
    for path in sorted(folder.glob("*.json")):
        preset = _load_preset(path)
        if preset.name in presets:
            raise WrongUseError(f"{path}: field name: another preset is called {preset.name} too.")
        presets[preset.name] = preset
    return presets


def _load_preset(path: Path) -> Preset:
    try:
        return Preset.model_validate_json(path.read_bytes())
    except OSError as error:
        raise WrongUseError(f"{path}: the preset can't be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "as a whole"
        raise WrongUseError(f"{path}: field {field}: {first['msg']}.") from error
