"""The command that holds weddings against the shooting list."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tagger.cli.app import HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import print_json, print_table
from tagger.services.coverage import measure_coverage, read_shooting_list

_MISSING = 1


@app.command("coverage")
def coverage(
    query: Annotated[
        str, typer.Argument(metavar="[QUERY]", help='Such as: shoot:"2026-06-20 Ana"')
    ] = "",
    shooting_list: Annotated[
        Path | None, typer.Option("--list", help="Your own shooting list; else the usual one.")
    ] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Hold every wedding against a shooting list; ends with 1 when something is missing."""
    wanted = read_shooting_list(shooting_list)
    with open_workspace(home) as workspace:
        weddings = measure_coverage(workspace, wanted, query)
    if json:
        print_json(weddings)
    else:
        for wedding in weddings:
            print(f"{wedding.shoot or 'Without a date'}: {wedding.photos:,} photos")
            print_table(
                (
                    "  missing" if one.is_missing else "  enough",
                    one.name.replace("_", " "),
                    f"{one.photos} of {one.at_least}",
                )
                for one in wedding.classes
            )
    raise typer.Exit(_MISSING if any(wedding.missing for wedding in weddings) else 0)
