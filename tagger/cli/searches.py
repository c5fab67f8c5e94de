"""Commands for saved searches."""

from __future__ import annotations

from typing import Annotated

import typer

from tagger.cli.app import HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import print_json, print_table
from tagger.services.saved_searches import (
    list_searches,
    remove_search,
    rename_search,
    save_search,
)

searches = typer.Typer(
    help="Searches with a name; saved:NAME finds their photos.", no_args_is_help=True
)
app.add_typer(searches, name="searches")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]


@searches.command("list")
def show_searches(home: HomeOption = None, json: JsonOption = False) -> None:
    """List the saved searches."""
    with open_workspace(home) as workspace:
        saved = list_searches(workspace.library)
    if json:
        print_json(saved)
    else:
        print_table((search.name, search.query) for search in saved)


@searches.command("save")
def save(
    name: NameArgument,
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Such as: bouquet AND NOT bride")],
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Keep a search under a name, in place of one that has it already."""
    with open_workspace(home) as workspace:
        search = save_search(workspace.library, name, query)
    if json:
        print_json(search)
    else:
        print(f"{search.name} means {search.query}")


@searches.command("rename")
def rename(
    name: NameArgument,
    new_name: Annotated[str, typer.Argument(metavar="NEW-NAME", show_default=False)],
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Give a saved search another name; what it means stays."""
    with open_workspace(home) as workspace:
        search = rename_search(workspace.library, name, new_name)
    if json:
        print_json(search)
    else:
        print(f"{search.name} means {search.query}")


@searches.command("remove")
def remove(name: NameArgument, home: HomeOption = None) -> None:
    """Forget a saved search; photos and tags stay as they are."""
    with open_workspace(home) as workspace:
        remove_search(workspace.library, name)
        print(f"{name} is no longer saved; no photo was touched.")
