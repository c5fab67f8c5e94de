"""Folders of trainings with all layers: hours of work, which no other training may write over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from tagger.core.errors import LibraryError
from tagger.files import sentence_for

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.services.teaching.request import TeachRequest

_NOTE = "request.json"

Asked = dict[str, str | int | float | bool | None]
"""What was asked for, as far as it says which training it is; how it is named and shown left out.
"""
_ANEW = (
    "The photos, or what was said of them, changed since this training was stopped, so it begins "
    "anew."
)


class RunNote(BaseModel):
    """What a run says of itself.

    Attributes:
        key: equal for runs that would end the same.
        failed: photos that could not be read.
    """

    model_config = ConfigDict(frozen=True)

    asked: Asked
    key: str
    failed: tuple[str, ...]


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
        note = _read_note(folder)
        other = note.asked if note is not None else {}
        raise LibraryError(
            f"{name} is an unfinished training that learns from "
            f"{other.get('folders') or 'your decisions'}, starting from {other.get('start')}, or "
            "with other options. Give it again as it was to go on with it, choose another name, or "
            f"remove {folder} to forget it."
        )


def begin_run(home: Path, name: str, note: RunNote) -> str | None:
    """Say in the folder of a run whose it is; what it learned from other photos is of no use.

    Returns:
        A sentence where that is so, else None.

    Raises:
        LibraryError: it is so because photos can't be read now that could be read then, or the
            disk refuses.
    """
    before = _read_note(run_folder(home, name)) if name in list_runs(home) else None
    is_changed = before is not None and before.key != note.key
    if is_changed and before is not None and (lost := set(note.failed) - set(before.failed)):
        raise LibraryError(
            f"{name} has learned from photos that can't be read now ({len(lost)}, such as "
            f"{min(lost)}). Attach their drive to go on, or remove {run_folder(home, name)} to "
            "begin anew without them."
        )
    _write_note(run_folder(home, name), note)
    return _ANEW if is_changed else None


def _is_other(folder: Path, asked: Asked) -> bool:
    """A run that says nothing of itself is whoever asks for it."""
    note = _read_note(folder)
    return note is not None and note.asked != asked


def _write_note(folder: Path, note: RunNote) -> None:
    temporary = folder / f".{_NOTE}"
    try:
        temporary.write_text(note.model_dump_json(), encoding="utf-8")
        temporary.replace(folder / _NOTE)
    except OSError as error:
        raise LibraryError(f"{folder} can't be written to. {sentence_for(error)}") from error


def _read_note(folder: Path) -> RunNote | None:
    try:
        return RunNote.model_validate_json((folder / _NOTE).read_bytes())
    except (OSError, ValueError):
        return None
