"""Commands for the ledger of what was posted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path  # noqa: TC003  typer reads the annotations
from typing import Annotated

import typer

from tagger.cli.app import HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import count_of, print_json, print_table
from tagger.cli.progress import shown_progress
from tagger.cli.stopping import cancel_on_interrupt
from tagger.core.errors import WrongUseError
from tagger.services.finding import find_rows
from tagger.services.posts.ledger import (
    Place,
    ShownPhoto,
    forget_posts,
    import_folder,
    import_table,
    list_shown,
    note_posts,
    warn_of_repeats,
)

posts = typer.Typer(help="What was posted where and when; see also posted:.", no_args_is_help=True)
app.add_typer(posts, name="posts")

_UNMATCHED = 1
PlatformOption = Annotated[str, typer.Option("--platform", help="Such as: Instagram")]
AccountOption = Annotated[str, typer.Option("--account", help="Whose page it was.")]
DateOption = Annotated[str | None, typer.Option("--date", help="2026-06-20; else today.")]
CaptionOption = Annotated[str, typer.Option("--caption", help="What was said.")]


def read_place(platform: str, account: str, day: str | None, caption: str) -> Place:
    """Where and when, from options.

    Raises:
        WrongUseError: the date is none.
    """
    place = Place(platform, account, caption=caption)
    if day is None:
        return place
    try:
        return replace(place, posted_on=date.fromisoformat(day))
    except ValueError as error:
        raise WrongUseError(f"{day} is no date. Write it as 2026-06-20.") from error


@posts.command("list")
def show_ledger(
    query: Annotated[str, typer.Argument(metavar="[QUERY]", help="Only these photos.")] = "",
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """List what was posted, the newest first."""
    with open_workspace(home) as workspace:
        ids = [row.id for row in find_rows(workspace, query)] if query else None
        shown = list_shown(workspace, ids)
    if json:
        print_json([_describe(one) for one in shown])
        return
    lines = ((one.post, str(one.path)) for one in shown)
    print_table(
        (f"{post.posted_on}", post.platform, post.account, path, post.caption)
        for post, path in lines
    )


def _describe(shown: ShownPhoto) -> dict[str, object]:
    post = shown.post
    return {
        "path": shown.path,
        "platform": post.platform,
        "account": post.account,
        "posted_on": post.posted_on.isoformat(),
        "caption": post.caption,
    }


@posts.command("add")
def add(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Such as: file:IMG_0412*")],
    platform: PlatformOption,
    account: AccountOption = "",
    day: DateOption = None,
    caption: CaptionOption = "",
    home: HomeOption = None,
) -> None:
    """Note that the photos of a search were posted; warns of those posted before."""
    place = read_place(platform, account, day, caption)
    with open_workspace(home) as workspace:
        ids = [row.id for row in find_rows(workspace, query)]
        for sentence in warn_of_repeats(workspace, ids):
            typer.echo(sentence, err=True)
        note_posts(workspace, ids, place)
    print(f"{count_of(len(ids), 'photo')} noted as posted on {place.posted_on}.")


@posts.command("remove")
def remove(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Such as: file:IMG_0412*")],
    platform: PlatformOption,
    day: Annotated[
        str | None, typer.Option("--date", help="2026-06-20; else whatever the day.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Take photos out of the ledger that were noted by mistake."""
    posted_on = None if day is None else read_place(platform, "", day, "").posted_on
    with open_workspace(home) as workspace:
        ids = [row.id for row in find_rows(workspace, query)]
        count = forget_posts(workspace, ids, platform, posted_on)
    print(f"{count_of(count, 'note')} removed.")


@posts.command("import")
def import_past(
    source: Annotated[Path, typer.Argument(metavar="FILE.csv|DIR", help="Table or folder.")],
    platform: PlatformOption,
    account: AccountOption = "",
    day: DateOption = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Note past posts, from a table or from a folder of exported pictures."""
    place = read_place(platform, account, day, "")
    source = source.expanduser().resolve()
    run = import_folder if source.is_dir() else import_table
    with (
        open_workspace(home) as workspace,
        cancel_on_interrupt() as cancel,
        shown_progress() as report,
    ):
        result = run(workspace, source, place, cancel, report)
    if json:
        print_json(result)
    else:
        print(f"{count_of(result.added, 'photo')} noted.")
        for name in result.unmatched:
            print(f"{name}: no photo of the library fits.")
    raise typer.Exit(_UNMATCHED if result.unmatched else 0)
