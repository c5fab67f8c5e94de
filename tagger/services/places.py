"""Where things live: the library's home, the bundled models and resources."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

import tagger
from tagger.library.moved import follow_notes

_PACKAGE = Path(tagger.__file__).resolve().parent


def home_folder(chosen: Path | None = None) -> Path:
    """The folder of the library: the one chosen, else `TAGGER_HOME`, else the system's place.

    A library that was moved away from there is found where it is now.
    """
    return follow_notes(_named_folder(chosen))


def _named_folder(chosen: Path | None) -> Path:
    if chosen is not None:
        return chosen.expanduser().absolute()
    from_environment = os.environ.get("TAGGER_HOME")
    if from_environment:
        return Path(from_environment).expanduser().absolute()
    return platformdirs.user_data_path("tagger", appauthor=False)


def bundled_folder(name: str) -> Path:
    """`models` or `resources`: beside the package in a checkout, inside it when installed."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name
