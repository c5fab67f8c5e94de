"""Commands for what was written: the runs, taking one back, and writing it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagger.cli.app import HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import count_of, print_json, print_table
from tagger.cli.progress import shown_progress
from tagger.cli.stopping import cancel_on_interrupt
from tagger.services.finding import find_named
from tagger.services.journal import RunFile, WriteRun, describe_run, list_write_runs
from tagger.services.journal_undo import UndoResult, undo_run

if TYPE_CHECKING:
    from collections.abc import Sequence

_SOME_KEPT = 1
_STATES = {
    "as-written": "as written",
    "as-before": "as before the run",
    "changed": "changed since",
    "gone": "no longer there",
    "away": "on a drive that is away",
}


@app.command("history")
def history(
    run: Annotated[int | None, typer.Argument(metavar="RUN", show_default=False)] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """List the runs that wrote to photos, or the files of one run."""
    with open_workspace(home) as workspace:
        rows: Sequence[WriteRun] | Sequence[RunFile] = (
            list_write_runs(workspace) if run is None else describe_run(workspace, run)
        )
    if json:
        print_json(rows)
        return
    print_table(_run_words(row) if isinstance(row, WriteRun) else _file_words(row) for row in rows)
    if not rows:
        print("Nothing was written yet.")


@app.command("undo-run")
def undo(
    run: Annotated[int, typer.Argument(metavar="RUN", help="Number of the run, see history.")],
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Bring the files of a run back to what they were, where nobody changed them since."""
    with (
        open_workspace(home) as workspace,
        workspace.working(),
        cancel_on_interrupt() as cancel,
        shown_progress() as report,
    ):
        result = undo_run(workspace, run, cancel, report)
    if json:
        print_json(result)
    else:
        _print_undone(result)
    raise typer.Exit(_SOME_KEPT if result.kept else 0)


@app.command("write-again")
def write_again(
    photos: Annotated[list[Path], typer.Argument(metavar="PHOTO…", show_default=False)],
    home: HomeOption = None,
) -> None:
    """Let photos wait for writing again that undo-run took back."""
    with open_workspace(home) as workspace:
        library = workspace.library
        rows = [find_named(library, photo) for photo in photos]
        changes = library.write_again([row.id for row in rows])
    print(f"{count_of(len(changes.photo_ids), 'photo')} to write (tagger write).")


def _run_words(run: WriteRun) -> tuple[str, ...]:
    words = "wrote" if run.undoes is None else f"took run {run.undoes} back,"
    when = f"{run.started_at.astimezone():%Y-%m-%d %H:%M}"
    return str(run.run), when, f"{words} {count_of(run.photos, 'photo')}"


def _file_words(file: RunFile) -> tuple[str, ...]:
    return str(file.path), _STATES[file.state]


def _print_undone(result: UndoResult) -> None:
    print(f"{count_of(result.restored, 'photo')} taken back.")
    if result.already:
        print(f"{count_of(result.already, 'photo')} needed nothing.")
    for path, reason in result.kept:
        print(f"{path}: {reason}")
    if result.restored:
        print(
            "Tags stay as you decided, stars and labels are again what the files say. These photos "
            "are not written again until you decide on them again, or ask for their tags: "
            "tagger write-again PHOTO…"
        )
        print(f"To take this back: tagger undo-run {result.run}")
