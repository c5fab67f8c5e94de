"""Commands that change classes: rename, retire, bring back, merge, split."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tagger.cli.app import HomeOption, JsonOption, open_workspace
from tagger.cli.classes import classes
from tagger.cli.output import count_of, print_json, quoted
from tagger.core.errors import WrongUseError
from tagger.services.lessons.tidying import merge_classes
from tagger.services.models.class_changes import rename_class, retire_class, revive_class
from tagger.services.models.splitting import propose_split, split_class

if TYPE_CHECKING:
    from tagger.library import Library
    from tagger.services.models.splitting import SplitProposal

_SHOWN = 3

NameArgument = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]


@classes.command("rename")
def rename(
    name: NameArgument,
    new_name: Annotated[str, typer.Argument(metavar="NEW-NAME", show_default=False)],
    keyword: Annotated[
        str | None,
        typer.Option("--keyword", help="As written to files: 'Wedding|Decor'; else it follows."),
    ] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Give a class another name; decisions, threshold, colour and key stay with it."""
    path = tuple(keyword.split("|")) if keyword else None
    with open_workspace(home) as workspace:
        renamed = rename_class(workspace, name, new_name, path)
    if json:
        print_json(renamed)
        return
    print(
        f"“{renamed.before}” is “{renamed.name}” now, written as {'|'.join(renamed.keyword_path)}"
    )
    if renamed.files:
        print(
            f"{count_of(renamed.files, 'file')} to write: look at them with tagger write --dry-run."
        )
    print(f"The way back: tagger classes rename {quoted(renamed.name)} {quoted(renamed.before)}")


@classes.command("retire")
def retire(name: NameArgument, home: HomeOption = None) -> None:
    """Ask about a class no more and tag nothing with it; what was decided stays."""
    with open_workspace(home) as workspace:
        retire_class(workspace, name)
        title = workspace.library.find_tag(name).name
    print(f"“{title}” is retired. Bring it back with tagger classes revive {quoted(title)}")


@classes.command("revive")
def revive(name: NameArgument, home: HomeOption = None) -> None:
    """Bring a retired class back, with all that was decided."""
    with open_workspace(home) as workspace:
        revive_class(workspace, name)
        title = workspace.library.find_tag(name).name
    print(f"“{title}” is asked about and tagged again.")


@classes.command("merge")
def merge(
    name: NameArgument,
    into: Annotated[str, typer.Argument(metavar="INTO", show_default=False)],
    home: HomeOption = None,
) -> None:
    """Photos confirmed to show the first class get the second instead, as one step."""
    with open_workspace(home) as workspace:
        changes = merge_classes(workspace.library, name, into)
    print(f"{count_of(len(changes.photo_ids), 'photo')} changed. tagger undo takes it back.")
    print(f"If nobody needs “{name}” any more: tagger classes retire {quoted(name)}")


@classes.command("split")
def split(
    name: NameArgument,
    groups: Annotated[
        int | None, typer.Option("--groups", min=2, help="How many; else as many as are clear.")
    ] = None,
    into: Annotated[
        list[str] | None,
        typer.Option("--into", help="A name for a group: 2=shoes. Without one only look."),
    ] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Group the confirmed photos of a class by what looks alike, and make groups classes."""
    names = _read_names(into or [])
    with open_workspace(home) as workspace:
        library = workspace.library
        proposal = propose_split(library, name, groups)
        taken = split_class(library, proposal, names)[0] if names else ()
        listed = _list_groups(library, proposal)
    if json:
        print_json({"name": proposal.name, "groups": listed, "unseen": proposal.unseen})
    elif taken:
        print(f"New from “{proposal.name}”: {', '.join(taken)}. tagger undo takes it back.")
        print("The classifier knows them after the next lesson: tagger train.")
    else:
        _print_groups(proposal, listed)


def _read_names(texts: list[str]) -> dict[int, str]:
    names = {}
    for text in texts:
        number, equals, name = text.partition("=")
        if not equals or not number.strip().isdecimal() or int(number) < 1 or not name.strip():
            raise WrongUseError(f"{text} names no group. Write it as 2=shoes.")
        names[int(number) - 1] = name.strip()
    return names


def _list_groups(library: Library, proposal: SplitProposal) -> list[list[str]]:
    listed = []
    for group in proposal.groups:
        paths = {row.id: str(row.path) for row in library.photo_rows(group.photo_ids)}
        listed.append([paths[photo_id] for photo_id in group.photo_ids if photo_id in paths])
    return listed


def _print_groups(proposal: SplitProposal, listed: list[list[str]]) -> None:
    if len(listed) == 1:
        print(f"All photos of “{proposal.name}” look alike. --groups 2 splits them all the same.")
        return
    for number, paths in enumerate(listed, start=1):
        print(f"Group {number}, {count_of(len(paths), 'photo')}, such as:")
        for path in paths[:_SHOWN]:
            print(f"  {path}")
    name = quoted(proposal.name)
    print(f"To split: tagger classes split {name} --groups {len(listed)} --into 2=NAME")
