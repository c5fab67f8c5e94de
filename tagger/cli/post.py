"""Commands that build a post."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from tagger.cli.app import HomeOption, JsonOption, app, open_workspace
from tagger.cli.exporting import show_export
from tagger.cli.output import print_json, print_table
from tagger.cli.posts import AccountOption, CaptionOption, DateOption, read_place
from tagger.cli.progress import shown_progress
from tagger.cli.stopping import cancel_on_interrupt
from tagger.services.posts.building import (
    build_post,
    lock_slot,
    move_slot,
    new_draft,
    shape_of,
    swap_slot,
)
from tagger.services.posts.draft import (
    Wish,
    find_draft,
    list_drafts,
    parse_quotas,
    remove_draft,
    save_draft,
)
from tagger.services.posts.exporting import export_post, list_exported, request_post
from tagger.services.posts.ledger import note_posts, warn_of_repeats

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.services.posts.draft import Draft
    from tagger.services.workspace import Workspace

post = typer.Typer(help="Posts in the making.", no_args_is_help=True)
app.add_typer(post, name="post")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]
SlideArgument = Annotated[int, typer.Argument(metavar="SLIDE", help="From 1.", show_default=False)]


@post.command("build")
def build(  # noqa: PLR0917  typer turns parameters into options
    name: NameArgument,
    quotas: Annotated[str, typer.Argument(metavar="QUOTAS", help="Such as: 3 bouquet, 2 bride")],
    query: Annotated[str, typer.Option("--from", help="Only photos of this search.")] = "",
    per_wedding: Annotated[
        int | None, typer.Option("--per-wedding", min=1, help="At most so many of one wedding.")
    ] = None,
    alike: Annotated[bool, typer.Option("--alike", help="Allow look-alikes.")] = False,
    blurred: Annotated[bool, typer.Option("--blurred", help="Allow blurred photos.")] = False,
    posted: Annotated[bool, typer.Option("--posted", help="Allow what was posted before.")] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Choose photos for a post, in place of one that has the name already."""
    with open_workspace(home) as workspace:
        wish = Wish(
            quotas=parse_quotas(workspace.library, quotas),
            query=query,
            per_shoot=per_wedding,
            allows_alike=alike,
            allows_blurred=blurred,
            allows_posted=posted,
        )
        draft = build_post(workspace, new_draft(name, wish))
        save_draft(workspace.library, draft)
        _show(workspace, draft, json=json)


@post.command("list")
def show_all(home: HomeOption = None, json: JsonOption = False) -> None:
    """List the posts in the making."""
    with open_workspace(home) as workspace:
        drafts = list_drafts(workspace.library)
    if json:
        print_json([{"name": one.name, "slides": len(one.slots)} for one in drafts])
    else:
        print_table((one.name, f"{len(one.photo_ids)} of {len(one.slots)}") for one in drafts)


@post.command("show")
def show(name: NameArgument, home: HomeOption = None, json: JsonOption = False) -> None:
    """Show the slides of a post."""
    with open_workspace(home) as workspace:
        _show(workspace, find_draft(workspace.library, name), json=json)


@post.command("swap")
def swap(
    name: NameArgument, slide: SlideArgument, home: HomeOption = None, json: JsonOption = False
) -> None:
    """Take the next best photo for a slide; what was swapped does not come back."""
    _change(home, name, lambda workspace, draft: swap_slot(workspace, draft, slide - 1), json=json)


@post.command("lock")
def lock(
    name: NameArgument, slide: SlideArgument, home: HomeOption = None, json: JsonOption = False
) -> None:
    """Keep a slide as it is."""
    _change(home, name, lambda _, draft: lock_slot(draft, slide - 1, is_locked=True), json=json)


@post.command("unlock")
def unlock(
    name: NameArgument, slide: SlideArgument, home: HomeOption = None, json: JsonOption = False
) -> None:
    """Let a slide be swapped again."""
    _change(home, name, lambda _, draft: lock_slot(draft, slide - 1, is_locked=False), json=json)


@post.command("move")
def move(
    name: NameArgument,
    slide: SlideArgument,
    to: Annotated[int, typer.Argument(metavar="PLACE", show_default=False)],
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Put a slide at another place; the first sets the shape of all."""
    _change(home, name, lambda _, draft: move_slot(draft, slide - 1, to - 1), json=json)


@post.command("rebuild")
def rebuild(name: NameArgument, home: HomeOption = None, json: JsonOption = False) -> None:
    """Choose all slides anew that are not locked."""
    _change(home, name, build_post, json=json)


@post.command("remove")
def remove(name: NameArgument, home: HomeOption = None) -> None:
    """Forget a post in the making; no photo is touched."""
    with open_workspace(home) as workspace:
        remove_draft(workspace.library, name)
    print(f"{name} is forgotten.")


@post.command("export")
def export(  # noqa: PLR0917  typer turns parameters into options
    name: NameArgument,
    to: Annotated[Path, typer.Option("--to", help="Folder for the pictures.")],
    preset: Annotated[
        str | None, typer.Option("--preset", help="Else the first slide sets the shape.")
    ] = None,
    platform: Annotated[
        str | None, typer.Option("--posted-on", help="Also note them as posted there.")
    ] = None,
    account: AccountOption = "",
    day: DateOption = None,
    caption: CaptionOption = "",
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Export the slides in their order, with captions; warns of what was posted before."""
    place = read_place(platform or "", account, day, caption)
    with open_workspace(home) as workspace:
        draft = find_draft(workspace.library, name)
        for sentence in warn_of_repeats(workspace, draft.photo_ids):
            typer.echo(sentence, err=True)
        request = request_post(workspace, draft, to.expanduser().resolve(), preset)
        with cancel_on_interrupt() as cancel, shown_progress() as report:
            result = export_post(workspace, draft, request, cancel, report)
        if platform:
            note_posts(workspace, list_exported(workspace, draft, result), place)
    show_export(result, request, json=json)


def _change(
    home: Path | None, name: str, change: Callable[[Workspace, Draft], Draft], *, json: bool
) -> None:
    with open_workspace(home) as workspace:
        draft = change(workspace, find_draft(workspace.library, name))
        save_draft(workspace.library, draft)
        _show(workspace, draft, json=json)


def _show(workspace: Workspace, draft: Draft, *, json: bool) -> None:
    rows = {row.id: row for row in workspace.library.photo_rows(draft.photo_ids)}
    slides = [
        {
            "class": slot.name,
            "path": rows[slot.photo_id].path if slot.photo_id in rows else None,
            "shoot": rows[slot.photo_id].shoot if slot.photo_id in rows else None,
            "locked": slot.is_locked,
        }
        for slot in draft.slots
    ]
    preset = shape_of(workspace, draft)
    if json:
        print_json({"name": draft.name, "preset": preset, "slides": slides})
        return
    print(f"{draft.name}: {len(draft.photo_ids)} of {len(slides)} slides, {preset}")
    print_table(
        (
            str(number),
            str(slide["class"]),
            "locked" if slide["locked"] else "",
            str(slide["path"] or "no photo fits; widen the search or allow more"),
        )
        for number, slide in enumerate(slides, start=1)
    )
