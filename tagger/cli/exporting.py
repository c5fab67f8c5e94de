"""The command that makes pictures for posts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tagger.cli.app import HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import count_of, print_json
from tagger.cli.progress import shown_progress
from tagger.cli.stopping import cancel_on_interrupt
from tagger.services.exporting import DEFAULT_PRESET, export_photos, find_preset
from tagger.services.finding import find_rows

_SOME_FAILED = 1


@app.command("export")
def export(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Such as: bouquet AND NOT bride")],
    to: Annotated[Path, typer.Option("--to", help="Folder for the pictures.")],
    preset: Annotated[
        str, typer.Option("--preset", help="Size and form of the pictures.")
    ] = DEFAULT_PRESET,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Make pictures of the photos that a search means; originals are never touched."""
    chosen = find_preset(preset)
    with open_workspace(home) as workspace:
        photos = [row.path for row in find_rows(workspace, query)]
        with cancel_on_interrupt() as cancel, shown_progress() as report:
            result = export_photos(
                workspace, photos, to.expanduser().resolve(), chosen, cancel, report
            )
    if json:
        print_json(
            {
                "written": result.written,
                "failed": [{"path": path, "error": error} for path, error in result.failed],
            }
        )
    else:
        print(f"{count_of(len(result.written), 'picture')} in {to}.")
        for path, error in result.failed:
            print(f"{path}: {error}")
    raise typer.Exit(_SOME_FAILED if result.failed else 0)
