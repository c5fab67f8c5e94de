"""Folders of trainings with all layers: hours of work, which no other training may write over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tagger.core.errors import LibraryError
from tagger.files import sentence_for

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.services.teaching.request import TeachRequest

_NOTE = "request.json"

Asked = dict[str, str | int | float | bool | None]
"""What was asked for, as far as it says which training it is; how it is named and shown left out.
"""


def run_folder(home: Path, name: str) -> Path:
    """Where the training that makes this classifier keeps what is finished."""
    return home / "runs" / name


def describe_request(request: TeachRequest, start: str) -> Asked:
    """What tells one training from another; `start` is the name of what it starts from."""
    return {
        "folders": None if request.folders is None else str(request.folders),
        "start": start,
        "backbone": None if request.backbone is None else str(request.backbone),
        "exclusive": request.exclusive,
        "epochs": request.epochs,
        "seed": request.seed,
        "rate": request.rate,
        "is_rate_searched": request.is_rate_searched,
        "folds": request.folds,
    }


def list_runs(home: Path) -> list[str]:
    """Names of trainings with all layers that have kept something to go on from."""
    kept = (*home.glob("runs/*/*.checkpoint"), *home.glob("runs/*/*.safetensors"))
    return sorted({path.parent.name for path in kept})


def list_others(home: Path, asked: Asked) -> list[str]:
    """Those of them that are others than this one."""
    return [name for name in list_runs(home) if _is_other(run_folder(home, name), asked)]


def refuse_other(home: Path, name: str, asked: Asked) -> None:
    """Keep a training from taking the place of another one that has kept something.

    Raises:
        LibraryError: there is one of this name.
    """
    if name in list_others(home, asked):
        folder = run_folder(home, name)
        other = _read_note(folder) or {}
        raise LibraryError(
            f"{name} is an unfinished training that learns from "
            f"{other.get('folders') or 'your decisions'}, starting from {other.get('start')}, or "
            "with other options. Give it again as it was to go on with it, choose another name, or "
            f"remove {folder} to forget it."
        )


def note_request(folder: Path, asked: Asked) -> None:
    """Say in the folder of a run whose it is.

    Raises:
        LibraryError: the disk refuses.
    """
    try:
        (folder / _NOTE).write_text(json.dumps(asked), encoding="utf-8")
    except OSError as error:
        raise LibraryError(f"{folder} can't be written to. {sentence_for(error)}") from error


def _is_other(folder: Path, asked: Asked) -> bool:
    """A run that says nothing of itself is whoever asks for it."""
    note = _read_note(folder)
    return note is not None and note != asked


def _read_note(folder: Path) -> Asked | None:
    try:
        note = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return note if isinstance(note, dict) else None
