"""The few things a person may set, checked before they are stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.core.errors import WrongUseError
from tagger.core.keywords import class_key
from tagger.metadata import LIGHTROOM, PROFILES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.core.changes import Changes
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


def _parse_score(text: str) -> str | None:
    if text == "off":
        return None
    score = float(text)
    if not 0.0 <= score <= 1.0:
        raise ValueError(text)
    return repr(score)


def _parse_file(text: str) -> str | None:
    if text == "off":
        return None
    path = Path(text).expanduser().absolute()
    if not path.is_file():
        raise ValueError(text)
    return str(path)


def _parse_variant(text: str) -> str | None:
    if text not in {"off", "v1", "v1.5"}:
        raise ValueError(text)
    return None if text == "off" else text


def _parse_profile(text: str) -> str | None:
    if text not in PROFILES:
        raise ValueError(text)
    return text


def _parse_device(text: str) -> str | None:
    if text not in DEVICES:
        raise ValueError(text)
    return None if text == "auto" else text


def _parse_names(text: str) -> str | None:
    """Names with commas between them, kept as the JSON list of their keys."""
    names = [class_key(name) for name in text.split(",") if name.strip()]
    if text == "off" or not names:
        return None
    return json.dumps(list(dict.fromkeys(names)), ensure_ascii=False)


def _parse_line(text: str) -> str | None:
    line = " ".join(text.split())
    if not line or len(line) > _MOST_CHARS:
        raise ValueError(text)
    return None if line == "off" else line


WRITE_PROFILE = "write.profile"
EXPORT_CREDIT, EXPORT_COPYRIGHT = "export.credit", "export.copyright"
_MOST_CHARS = 200
TAG_DEVICE = "tag.device"
CLASS_ORDER = "classes.order"
PRECISE_CLASSES = "classes.precise"
DEVICES = ("auto", "cuda", "mps", "xpu", "cpu")

SETTINGS = {
    setting.key: setting
    for setting in (
        Setting(
            key=WRITE_PROFILE,
            meaning="Whose programs shall find the keywords; counts from the next write on.\n"
            + "\n".join(f"  {one.name}: {one.meaning}" for one in PROFILES.values()),
            default=LIGHTROOM.name,
            parse=_parse_profile,
        ),
        Setting(
            key="write.predictions_from",
            meaning="Also write tags that nobody confirmed, from this score on: 0 to 1, or off.",
            default="off",
            parse=_parse_score,
        ),
        Setting(
            key=CLASS_ORDER,
            meaning="Classes in your order, with commas; the first nine get the keys 1 to 9.",
            default="off",
            parse=_parse_names,
        ),
        Setting(
            key=PRECISE_CLASSES,
            meaning="Classes that tag only where 95 % of the answers were right, with commas.",
            default="off",
            parse=_parse_names,
        ),
        Setting(
            key=TAG_DEVICE,
            meaning="What the classifier runs on: auto, cuda, mps, xpu or cpu.",
            default="auto",
            parse=_parse_device,
        ),
        Setting(
            key=EXPORT_CREDIT,
            meaning="Credit line for exported pictures and watermarks, or off.",
            default="off",
            parse=_parse_line,
        ),
        Setting(
            key=EXPORT_COPYRIGHT,
            meaning="Copyright for exported pictures whose originals name none, or off.",
            default="off",
            parse=_parse_line,
        ),
        Setting(
            key="train.backbone",
            meaning="File with the pretrained ResNet50 that deep training starts from, or off.",
            default="off",
            parse=_parse_file,
        ),
        Setting(
            key="train.backbone_variant",
            meaning="Variant of that file where it doesn't say it itself: v1, v1.5 or off.",
            default="off",
            parse=_parse_variant,
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


def names_in(library: Library, key: str) -> tuple[str, ...]:
    """The keys of the classes that a setting names."""
    return tuple(json.loads(library.setting(key) or "[]"))


def _show(stored: str | None, setting: Setting) -> str:
    if stored is None:
        return setting.default
    return ", ".join(json.loads(stored)) if setting.parse is _parse_names else stored


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
    except ValueError as error:
        raise WrongUseError(f"{text} is no value for {key}. {setting.meaning}") from error
    return library.change_setting(key, value)
