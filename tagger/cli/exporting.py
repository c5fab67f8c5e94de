"""The command that makes pictures for posts, clients and vendors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagger.cli.app import HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import count_of, print_json
from tagger.cli.progress import shown_progress
from tagger.cli.stopping import cancel_on_interrupt
from tagger.core.query import positive_classes
from tagger.services.exporting import (
    DEFAULT_PRESET,
    Crop,
    ExportRequest,
    Sheet,
    export_photos,
    find_preset,
    name_examples,
    with_template,
)
from tagger.services.finding import find_rows
from tagger.services.saved_searches import understand_query

if TYPE_CHECKING:
    from tagger.services.exporting import ExportResult

_SOME_FAILED = 1


@app.command("export")
def export(  # noqa: PLR0917  typer turns parameters into options
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Such as: bouquet AND NOT bride")],
    to: Annotated[Path, typer.Option("--to", help="Folder for the pictures.")],
    preset: Annotated[
        str, typer.Option("--preset", help="Size and form; see tagger presets list.")
    ] = DEFAULT_PRESET,
    name: Annotated[
        str | None, typer.Option("--name", help="Template of the names: {date}_{class}_{n}")
    ] = None,
    crop: Annotated[
        Crop, typer.Option("--crop", help="What is cut around, where you placed no crop.")
    ] = Crop.SUBJECT,
    zip_up: Annotated[
        bool, typer.Option("--zip", help="Into one ZIP file called after DIR.")
    ] = False,
    captions: Annotated[
        bool, typer.Option("--captions", help="Also a text file with captions and hashtags.")
    ] = False,
    sheet: Annotated[Sheet, typer.Option("--sheet", help="Also a contact sheet.")] = Sheet.NONE,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what the files would be called.")
    ] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Make pictures of the photos that a search means; originals are never touched."""
    with open_workspace(home) as workspace:
        chosen = with_template(find_preset(workspace.home, preset), name)
        rows = find_rows(workspace, query)
        asked = positive_classes(understand_query(workspace.library, query))
        request = ExportRequest(
            preset=chosen,
            folder=to.expanduser().resolve(),
            is_zip=zip_up,
            has_captions=captions,
            sheet=sheet,
            crop=crop,
            tag=asked[0] if len(asked) == 1 else None,
        )
        if dry_run:
            _show_names(name_examples(workspace, rows, request), json=json)
            return
        with cancel_on_interrupt() as cancel, shown_progress() as report:
            result = export_photos(workspace, rows, request, cancel, report)
    show_export(result, request, json=json)


def show_export(result: ExportResult, request: ExportRequest, *, json: bool) -> None:
    """Print what an export did, and end with the exit code that says it."""
    if json:
        print_json(
            {
                "written": result.written,
                "skipped": result.skipped,
                "failed": [{"path": path, "error": error} for path, error in result.failed],
            }
        )
    elif not (result.written or result.skipped or result.failed):
        print("No photo fits, so there is nothing to export.")
    else:
        place = result.written[0] if request.is_zip and result.written else request.folder
        print(f"{count_of(result.pictures, 'picture')} in {place}.")
        if result.skipped:
            print(f"{len(result.skipped):,} of the files were there already.")
        for path, error in result.failed:
            print(f"{path}: {error}")
    raise typer.Exit(_SOME_FAILED if result.failed else 0)


def _show_names(names: list[tuple[Path, str]], *, json: bool) -> None:
    if json:
        print_json([{"path": path, "name": name} for path, name in names])
        return
    for path, name in names:
        print(f"{path}: {name}")
