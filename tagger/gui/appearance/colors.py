"""The colours of a theme, read from `resources/theme`."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from tagger.services.places import bundled_folder

if TYPE_CHECKING:
    from collections.abc import Sequence


class Theme(StrEnum):
    """What a person may choose."""

    DARK = "dark"
    LIGHT = "light"
    SYSTEM = "system"
    """Whatever the desktop uses now."""


@dataclass(frozen=True)
class Colors:
    """Colours by role, as `#rrggbb`.

    Attributes:
        window, panel, raised, hover, canvas, cell: grounds, from the frame to the photo's place.
        border: between panels; `outline` around controls, 3:1 against their ground.
        text, muted, faint: on any ground, 4.5:1 (WCAG 2.2, 1.4.3).
        accent: selection and focus; `on_accent` is text upon it, `accent_soft` a ground.
        classes: one a class, in the order of the classes; dots and bars, 3:1.
    """

    window: str
    panel: str
    raised: str
    hover: str
    border: str
    outline: str
    canvas: str
    cell: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_soft: str
    on_accent: str
    danger: str
    warning: str
    success: str
    classes: tuple[str, ...]

    def of_class(self, place: int) -> str:
        """The colour of the class at this place in the person's order."""
        return self.classes[place % len(self.classes)]

    def with_class_colors(self, own: Sequence[str]) -> Colors:
        """The same theme with a person's colours for classes.

        `own` has one a class in their order, empty for the theme's. One that could hardly be seen
        on the theme's grounds is mixed with the colour of text until it reaches 3:1.
        """
        classes = [
            self._make_visible(color) if color else self.of_class(place)
            for place, color in enumerate(own)
        ]
        return replace(self, classes=(*classes, *self.classes[len(classes) :]))

    def _make_visible(self, color: str) -> str:
        grounds = (self.panel, self.raised, self.canvas)
        for share in range(10):
            mixed = _mix(color, self.text, share / 10)
            if all(contrast(mixed, ground) >= 3 for ground in grounds):
                return mixed
        return self.text


def load_colors(name: str) -> Colors:
    """The colours of `dark` or `light`."""
    path = bundled_folder("resources") / "theme" / f"{name}.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    return Colors(**{**values, "classes": tuple(values["classes"])})


def load_style_sheet(colors: Colors) -> str:
    """Qt's style sheet with this theme's colours in the place of `@name`."""
    folder = bundled_folder("resources") / "theme"
    sheet = (folder / "window.qss").read_text(encoding="utf-8")
    sheet = sheet.replace("@folder", folder.as_posix())
    is_dark = contrast(colors.on_accent, "#000000") < contrast(colors.on_accent, "#ffffff")
    sheet = sheet.replace("@check", "check-dark" if is_dark else "check-light")
    names = sorted(vars(colors), key=len, reverse=True)
    for name in names:
        if name != "classes":
            sheet = sheet.replace(f"@{name}", getattr(colors, name))
    return sheet


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _mix(first: str, second: str, share: float) -> str:
    """So much of the second colour in the first."""
    pairs = ((int(first[n : n + 2], 16), int(second[n : n + 2], 16)) for n in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _luminance(color: str) -> float:
    channels = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
