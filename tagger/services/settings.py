"""The few things a person may set, checked before they are stored."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.core.errors import WrongUseError
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


WRITE_PROFILE = "write.profile"

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


def current_settings(library: Library) -> dict[str, str]:
    """Every setting with its value."""
    return {key: library.setting(key) or setting.default for key, setting in SETTINGS.items()}


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
