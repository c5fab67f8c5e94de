"""Commands for classes: list them, and add one from a few photos."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations when it runs
from typing import Annotated

import typer

from tagger.cli.app import HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import count_of, print_json, print_table
from tagger.cli.progress import shown_progress
from tagger.cli.stopping import cancel_on_interrupt
from tagger.services.models.class_list import list_classes
from tagger.services.models.new_classes import NewClass, add_class

classes = typer.Typer(
    help="Classes: list them, add one from a few photos.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(classes, name="classes")


@classes.command("list")
def list_command(home: HomeOption = None, json: JsonOption = False) -> None:
    """List the classes with keyword, threshold, and how many photos have them."""
    with open_workspace(home) as workspace:
        listed = list_classes(workspace)
    if json:
        print_json(listed)
        return
    rows = [("class", "keyword", "tag from", "photos", "confirmed", "rejected")]
    for entry in listed:
        threshold = "retired" if entry.is_retired else "-"
        if entry.in_model and not entry.is_retired:
            threshold = f"{entry.threshold:.2f}"
        photos, confirmed, rejected = (
            f"{count:,}" for count in (entry.photos, entry.confirmed, entry.rejected)
        )
        keyword = "|".join(entry.keyword_path)
        rows.append((entry.name, keyword, threshold, photos, confirmed, rejected))
    print_table(rows)


@classes.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    photos: Annotated[
        list[Path],
        typer.Argument(metavar="PHOTO…", help="Photos of the library that show it; ten are good."),
    ],
    keyword: Annotated[
        str | None,
        typer.Option("--keyword", help="As written to files: 'Wedding|First Dance'."),
    ] = None,
    like: Annotated[  # noqa: ARG001 - a word before the photos
        bool, typer.Option("--like", help="What follows are the photos; may be left out.")
    ] = True,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Add a class from photos that show it; all photos get a score of it at once."""
    path = tuple(keyword.split("|")) if keyword else None
    with (
        open_workspace(home) as workspace,
        workspace.working(),
        cancel_on_interrupt() as cancel,
        shown_progress() as report,
    ):
        added = add_class(workspace, name, photos, cancel, report, keyword_path=path)
    if json:
        print_json(added)
    else:
        _print_added(added)


def _print_added(added: NewClass) -> None:
    print(
        f"“{added.name}” ({'|'.join(added.keyword_path)}) is a class now: "
        f"{count_of(added.tagged, 'other photo')} of {added.rescored:,} have it."
    )
    for sentence in added.advice:
        print(sentence)
    print(f"It is in the classifier {added.model}, which is in use now.")
