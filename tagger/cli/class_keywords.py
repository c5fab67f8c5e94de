"""The command that changes what is written to files for a class."""

from __future__ import annotations

from typing import Annotated

import typer

from tagger.cli.app import HomeOption, open_workspace
from tagger.cli.classes import classes
from tagger.cli.output import count_of


@classes.command("keyword")
def keyword(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    path: Annotated[str, typer.Argument(metavar="KEYWORD", help="Such as 'Wedding|Bouquet'.")],
    home: HomeOption = None,
) -> None:
    """Change the keyword that is written for a class, spelled as your files spell it already."""
    with open_workspace(home) as workspace:
        tag, changes = workspace.library.choose_keyword(name, tuple(path.split("|")))
    print(
        f"{tag.name} is written as {'|'.join(tag.keyword_path)}; "
        f"{count_of(len(changes.photo_ids), 'file')} to write."
    )
