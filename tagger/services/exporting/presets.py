"""The presets that came along, and those of the photographer."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import ValidationError

from tagger.core.errors import WrongUseError
from tagger.export import (
    EXAMPLE,
    NameFields,
    Preset,
    check_template,
    export_name,
    format_preset,
    load_presets,
)
from tagger.export import read_preset as read_preset_file
from tagger.files import create_file, read_stamp, remove_file, replace_file, sentence_for
from tagger.services.places import bundled_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DEFAULT_PRESET = "web-2048"


def list_presets(home: Path) -> dict[str, Preset]:
    """Every preset by name; an own one stands in for one that came along under the same name.

    Raises:
        WrongUseError: one can't be read; it names file and field.
    """
    return load_presets(bundled_folder("resources") / "presets") | load_presets(_own_folder(home))


def find_preset(home: Path, name: str) -> Preset:
    """The preset called `name`.

    Raises:
        WrongUseError: there is none.
    """
    presets = list_presets(home)
    if name not in presets:
        raise WrongUseError(f"There is no preset {name}; there are: {', '.join(sorted(presets))}.")
    return presets[name]


def is_own(home: Path, name: str) -> bool:
    """Whether the photographer made this preset."""
    return (_own_folder(home) / f"{name}.json").is_file()


def add_preset(home: Path, source: Path) -> Preset:
    """Take over a preset from a file.

    Raises:
        WrongUseError: the file is no preset, or there is an own one of this name already.
    """
    preset = read_preset_file(source)
    if is_own(home, preset.name):
        raise WrongUseError(
            f"There is already a preset {preset.name} of yours. "
            f"Remove it first: tagger presets remove {preset.name}."
        )
    return keep_preset(home, preset)


def keep_preset(home: Path, preset: Preset) -> Preset:
    """Keep a preset of one's own; there must be none of this name.

    Raises:
        WriteFailedError: the system refused.
    """
    folder = _own_folder(home)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongUseError(sentence_for(error)) from error
    create_file(folder / f"{preset.name}.json", format_preset(preset).encode())
    return preset


def change_preset(preset: Preset, changes: Mapping[str, object]) -> Preset:
    """The preset with these fields changed.

    Raises:
        WrongUseError: they do not fit together; the sentence says which.
    """
    try:
        return Preset.model_validate({**dict(preset), **changes})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        raise WrongUseError(f"{field}: {reason}." if field else f"{reason}.") from error


def name_preset(title: str) -> str:
    """What a preset of this title is called on the command line; empty without a letter in it."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def save_preset(home: Path, preset: Preset) -> None:
    """Keep a preset of one's own, in the place of an own one of this name.

    Raises:
        WrongUseError: the system refused.
        WriteFailedError: likewise.
    """
    if is_own(home, preset.name):
        path = _own_folder(home) / f"{preset.name}.json"

        def verify(copy: Path) -> None:
            read_preset_file(copy)

        content = format_preset(preset).encode()
        replace_file(path, content, expected=read_stamp(path), verify=verify)
    else:
        keep_preset(home, preset)


def remove_preset(home: Path, name: str) -> None:
    """Forget an own preset; one that came along under this name counts again.

    Raises:
        WrongUseError: there is no own preset of this name.
    """
    if not is_own(home, name):
        why = "came along with the program" if name in list_presets(home) else "does not exist"
        raise WrongUseError(f"The preset {name} {why}; only your own presets can be removed.")
    path = _own_folder(home) / f"{name}.json"
    remove_file(path, path.read_bytes())


def example_name(preset: Preset, fields: NameFields = EXAMPLE) -> str:
    """What a picture would be called."""
    return export_name(preset.filename, replace(fields, preset=preset.name)) + ".jpg"


def with_template(preset: Preset, template: str | None) -> Preset:
    """The preset with another template for names; None leaves its own.

    Raises:
        WrongUseError: the template names something that is not known.
    """
    if template is None:
        return preset
    try:
        check_template(template)
    except ValueError as error:
        raise WrongUseError(f"The name {template} can't be used: {error}.") from error
    return preset.model_copy(update={"filename": template})


def _own_folder(home: Path) -> Path:
    return home / "presets"
