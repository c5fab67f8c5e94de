"""What was written to files: the runs, and each photo of one run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import WrongUseError
from tagger.core.ids import RunId
from tagger.services.writing.moving import find_carrier
from tagger.services.writing.recovering import read_digest

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from tagger.library import JournalLine
    from tagger.services.workspace import Workspace


@dataclass(frozen=True)
class WriteRun:
    """One run of writing; the fields are the JSON of `history`.

    Attributes:
        run: its number.
        undoes: the run that it took back, None for one that wrote keywords.
        photos: whose files it wrote.
    """

    run: int
    started_at: datetime
    undoes: int | None
    photos: int


@dataclass(frozen=True)
class RunFile:
    """One file that a run wrote; the fields are the JSON of `history RUN`.

    Attributes:
        path: the photo itself or its sidecar, where it is now.
        photo: where the photo is now.
        state: `as-written`, `as-before`, `changed` by somebody since, `gone`, or `away` with its
            drive.
    """

    path: Path
    photo: Path
    state: str


def list_write_runs(workspace: Workspace) -> list[WriteRun]:
    """The runs that the journal keeps, the newest first."""
    return [
        WriteRun(int(run.id), run.started_at, run.undoes, run.photos)
        for run in workspace.library.write_runs()
    ]


def describe_run(workspace: Workspace, number: int) -> list[RunFile]:
    """Every file of a run, and how it stands to what was written.

    Raises:
        WrongUseError: the journal knows no such run.
    """
    away = {folder.id for folder in workspace.offline_folders()}
    return [
        RunFile(
            path=find_carrier(line),
            photo=line.photo_now or line.photo_path,
            state="away" if line.folder_id in away else judge_line(line),
        )
        for line in find_lines(workspace, number)
    ]


def find_lines(workspace: Workspace, number: int) -> list[JournalLine]:
    """The lines of a run.

    Raises:
        WrongUseError: the journal knows no such run.
    """
    lines = workspace.library.run_lines(RunId(number))
    if not lines:
        raise WrongUseError(f"There is no run {number} in the journal; see `tagger history`.")
    return lines


def judge_line(line: JournalLine) -> str:
    """How a file stands to what a run made of it."""
    now = read_digest(line)
    if now == line.change.after_digest:
        return "as-written"
    if now == line.change.before_digest:
        return "as-before"
    return "gone" if now is None else "changed"
