"""What a person may write as the value of a setting; each function makes the stored text of it.

None forgets the setting; a value that makes no sense raises `ValueError`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from tagger.core.keywords import class_key
from tagger.metadata import PROFILES

THEMES = ("dark", "light", "system")
DEVICES = ("auto", "cuda", "mps", "xpu", "cpu")
_MOST_CHARS = 200


def parse_score(text: str) -> str | None:
    """A share from 0 to 1."""
    if text == "off":
        return None
    score = float(text)
    if not 0.0 <= score <= 1.0:
        raise ValueError(text)
    return repr(score)


def parse_file(text: str) -> str | None:
    """A file that is there."""
    if text == "off":
        return None
    path = Path(text).expanduser().absolute()
    if not path.is_file():
        raise ValueError(text)
    return str(path)


def parse_program(text: str) -> str | None:
    """`on` for the program that the system finds, or a file that is there."""
    return text if text == "on" else parse_file(text)


def parse_variant(text: str) -> str | None:
    """A variant of the pretrained network."""
    if text not in {"off", "v1", "v1.5"}:
        raise ValueError(text)
    return None if text == "off" else text


def parse_profile(text: str) -> str | None:
    """The name of a profile of writing."""
    if text not in PROFILES:
        raise ValueError(text)
    return text


def parse_device(text: str) -> str | None:
    """What computes."""
    if text not in DEVICES:
        raise ValueError(text)
    return None if text == "auto" else text


def parse_names(text: str) -> str | None:
    """Names with commas between them, kept as the JSON list of their keys."""
    names = [class_key(name) for name in text.split(",") if name.strip()]
    if text == "off" or not names:
        return None
    return json.dumps(list(dict.fromkeys(names)), ensure_ascii=False)


def parse_colors(text: str) -> str | None:
    """`bride=#e06c75, cake=#61afef`, kept as JSON by the keys of the classes."""
    colors = {}
    for part in (part for part in text.split(",") if text != "off"):
        name, _, color = part.partition("=")
        if not name.strip() or not re.fullmatch(r"#[0-9a-f]{6}", color.strip().casefold()):
            raise ValueError(text)
        colors[class_key(name)] = color.strip().casefold()
    return json.dumps(colors, ensure_ascii=False) if colors else None


def parse_theme(text: str) -> str | None:
    """How the window looks."""
    if text not in THEMES:
        raise ValueError(text)
    return text


def parse_size(text: str) -> str | None:
    """Gigabytes, 0.1 to 10000."""
    size = float(text)
    if not 0.1 <= size <= 10_000:
        raise ValueError(text)
    return f"{size:g}"


def parse_line(text: str) -> str | None:
    """One line of text, up to 200 characters."""
    line = " ".join(text.split())
    if not line or len(line) > _MOST_CHARS:
        raise ValueError(text)
    return None if line == "off" else line
