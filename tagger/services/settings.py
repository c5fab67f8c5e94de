"""The few things a person may set, checked before they are stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import WrongUseError
from tagger.core.keywords import class_key
from tagger.metadata import LIGHTROOM, PROFILES
from tagger.services.setting_values import (
    parse_colors,
    parse_device,
    parse_file,
    parse_line,
    parse_names,
    parse_profile,
    parse_program,
    parse_score,
    parse_size,
    parse_theme,
    parse_variant,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tagger.core.changes import Changes
    from tagger.core.tag import Tag
    from tagger.library import Library
    from tagger.metadata import Profile


@dataclass(frozen=True)
class Setting:
    """One setting.

    Attributes:
        key: as on the command line.
        meaning: one sentence.
        default: the value when nobody set one.
        parse: turns a person's text into the stored text, None to forget it; raises `ValueError`.
    """

    key: str
    meaning: str
    default: str
    parse: Callable[[str], str | None]


WRITE_PROFILE = "write.profile"
WRITE_EXIFTOOL = "write.exiftool"
EXPORT_CREDIT, EXPORT_COPYRIGHT = "export.credit", "export.copyright"
TAG_DEVICE = "tag.device"
CLASS_ORDER = "classes.order"
PRECISE_CLASSES = "classes.precise"
CLASS_COLORS = "classes.colors"
RETIRED_CLASSES = "classes.retired"
THEME = "window.theme"
THUMBNAILS_GB = "thumbnails.limit_gb"
_THUMBNAILS_GB = 4

SETTINGS = {
    setting.key: setting
    for setting in (
        Setting(
            key=WRITE_PROFILE,
            meaning="Whose programs shall find the keywords; counts from the next write on.\n"
            + "\n".join(f"  {one.name}: {one.meaning}" for one in PROFILES.values()),
            default=LIGHTROOM.name,
            parse=parse_profile,
        ),
        Setting(
            key="write.predictions_from",
            meaning="Also write tags that nobody confirmed, from this score on: 0 to 1, or off.",
            default="off",
            parse=parse_score,
        ),
        Setting(
            key=WRITE_EXIFTOOL,
            meaning="Write into TIFF, DNG, HEIC and AVIF by your exiftool: on, off or its file.",
            default="off",
            parse=parse_program,
        ),
        Setting(
            key=CLASS_ORDER,
            meaning="Classes in your order, with commas; the first nine get the keys 1 to 9.",
            default="off",
            parse=parse_names,
        ),
        Setting(
            key=PRECISE_CLASSES,
            meaning="Classes that tag only where 95 % of the answers were right, with commas.",
            default="off",
            parse=parse_names,
        ),
        Setting(
            key=CLASS_COLORS,
            meaning="Your colours for classes in the window: bride=#e06c75, cake=#61afef; or off.",
            default="off",
            parse=parse_colors,
        ),
        Setting(
            key=RETIRED_CLASSES,
            meaning="Classes that nobody is asked about any more: see tagger classes retire.",
            default="off",
            parse=parse_names,
        ),
        Setting(
            key=THEME,
            meaning="How the window looks: dark, light or system; from its next start on.",
            default="dark",
            parse=parse_theme,
        ),
        Setting(
            key=THUMBNAILS_GB,
            meaning="Gigabytes that thumbnails may take, 0.1 to 10000; from the next start on.",
            default=str(_THUMBNAILS_GB),
            parse=parse_size,
        ),
        Setting(
            key=TAG_DEVICE,
            meaning="What the classifier runs on: auto, cuda, mps, xpu or cpu.",
            default="auto",
            parse=parse_device,
        ),
        Setting(
            key=EXPORT_CREDIT,
            meaning="Credit line for exported pictures and watermarks, or off.",
            default="off",
            parse=parse_line,
        ),
        Setting(
            key=EXPORT_COPYRIGHT,
            meaning="Copyright for exported pictures whose originals name none, or off.",
            default="off",
            parse=parse_line,
        ),
        Setting(
            key="train.backbone",
            meaning="File with the pretrained ResNet50 that deep training starts from, or off.",
            default="off",
            parse=parse_file,
        ),
        Setting(
            key="train.backbone_variant",
            meaning="Variant of that file where it doesn't say it itself: v1, v1.5 or off.",
            default="off",
            parse=parse_variant,
        ),
    )
}


def profile_in_use(library: Library) -> Profile:
    """What the person chose to be written beyond what every program reads."""
    return PROFILES.get(library.setting(WRITE_PROFILE) or LIGHTROOM.name, LIGHTROOM)


def wanted_device(library: Library, device: str) -> str:
    """The device asked for, else the one that the settings say."""
    return device if device != "auto" else library.setting(TAG_DEVICE) or device


def current_settings(library: Library) -> dict[str, str]:
    """Every setting with its value."""
    return {key: _show(library.setting(key), setting) for key, setting in SETTINGS.items()}


def class_colors(library: Library) -> dict[str, str]:
    """`#rrggbb` by the keys of the classes that a person gave a colour of their own."""
    return dict(json.loads(library.setting(CLASS_COLORS) or "{}"))


def thumbnails_limit(library: Library) -> int:
    """Bytes that thumbnails may take."""
    return round(float(library.setting(THUMBNAILS_GB) or _THUMBNAILS_GB) * 1e9)


def names_in(library: Library, key: str) -> tuple[str, ...]:
    """The keys of the classes that a setting names."""
    return tuple(json.loads(library.setting(key) or "[]"))


def store_names(library: Library, key: str, names: Iterable[str]) -> Changes:
    """Set a setting that names classes; unlike in a person's text, names may hold commas."""
    keys = list(dict.fromkeys(map(class_key, names)))
    return library.change_setting(key, json.dumps(keys, ensure_ascii=False) if keys else None)


def store_colors(library: Library, colors: Mapping[str, str]) -> Changes:
    """Set the colours, `#rrggbb`, of classes by their keys, which may hold commas as well."""
    stored = json.dumps(dict(colors), ensure_ascii=False) if colors else None
    return library.change_setting(CLASS_COLORS, stored)


def shown_tags(library: Library) -> list[Tag]:
    """The classes that people are asked about and shown, in their order: all but retired ones."""
    retired = names_in(library, RETIRED_CLASSES)
    return [tag for tag in library.tags() if class_key(tag.name) not in retired]


def _show(stored: str | None, setting: Setting) -> str:
    if stored is None:
        return setting.default
    if setting.parse is parse_colors:
        return ", ".join(f"{name}={color}" for name, color in json.loads(stored).items())
    return ", ".join(json.loads(stored)) if setting.parse is parse_names else stored


def change_setting(library: Library, key: str, text: str) -> Changes:
    """Set one setting.

    Raises:
        WrongUseError: there is no such setting, or the value makes no sense.
    """
    setting = SETTINGS.get(key)
    if setting is None:
        raise WrongUseError(f"There is no setting {key}; there are: {', '.join(SETTINGS)}.")
    try:
        value = setting.parse(text)
        (value or "").encode()  # bytes that are no UTF-8 can't be stored
    except ValueError as error:
        raise WrongUseError(f"{text} is no value for {key}. {setting.meaning}") from error
    return library.change_setting(key, value)
