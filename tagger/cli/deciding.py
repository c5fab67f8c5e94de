"""Commands that decide: mark and undo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagger.cli.app import HomeOption, app, open_workspace
from tagger.cli.output import count_of
from tagger.core.errors import WrongUseError
from tagger.services.finding import find_named
from tagger.services.reverting import newest_standing, revert_decisions
from tagger.services.reviewing import Sign, mark_photos, parse_mark

if TYPE_CHECKING:
    from tagger.library import Library

_SIGNS = tuple(Sign)


# `-bride` must reach us as a mark and not as an option.
@app.command("mark", context_settings={"ignore_unknown_options": True})
def mark(
    words: Annotated[
        list[str],
        typer.Argument(metavar="PHOTO… MARK…", help="Marks: +bouquet -bride =newlyweds =none"),
    ],
    home: HomeOption = None,
) -> None:
    """Confirm or add (+class), reject (-class) or replace (=class); =none: none of the classes."""
    marks = [parse_mark(word) for word in words if word.startswith(_SIGNS)]
    paths = [Path(word) for word in words if not word.startswith(_SIGNS)]
    if not marks or not paths:
        raise WrongUseError("Give photos and marks: tagger mark PHOTO +bouquet -bride")
    with open_workspace(home) as workspace:
        library = workspace.library
        photos = [find_named(library, path) for path in paths]
        changes = mark_photos(library, photos, marks)
    print(f"{count_of(len(changes.photo_ids), 'photo')} changed.")


@app.command("undo")
def undo(
    photo: Annotated[
        Path | None,
        typer.Option("--photo", help="Only on this photo, whatever was decided since on others."),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--class", help="Of that photo only the decision on this class.")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Take back the newest decision, for every photo it was made on, or for one photo."""
    if photo is None and name is not None:
        raise WrongUseError("Say on which photo: tagger undo --photo PHOTO --class NAME")
    with open_workspace(home) as workspace:
        if photo is None:
            print(_undo_newest(workspace.library))
        else:
            print(_undo_on_photo(workspace.library, photo, name))


def _undo_newest(library: Library) -> str:
    undone = library.undo()
    if undone is None:
        return "There is nothing to take back."
    return f"Taken back: {undone.label} on {count_of(len(undone.changes.photo_ids), 'photo')}."


def _undo_on_photo(library: Library, path: Path, name: str | None) -> str:
    photo_id = find_named(library, path).id
    if name is not None:
        name = library.find_tag(name).name
    lines = newest_standing(library.history(photo_id), name)
    if not revert_decisions(library, photo_id, lines).photo_ids:
        return "There is nothing to take back on this photo."
    names = ", ".join(f"{line.verdict} {line.tag}" for line in lines)
    return f"Taken back on {path.name}: {names}."


@app.command("redo")
def redo(home: HomeOption = None) -> None:
    """Decide again what was taken back last."""
    with open_workspace(home) as workspace:
        redone = workspace.library.redo()
    if redone is None:
        print("There is nothing to decide again.")
    else:
        print(
            f"Decided again: {redone.label} on {count_of(len(redone.changes.photo_ids), 'photo')}."
        )
