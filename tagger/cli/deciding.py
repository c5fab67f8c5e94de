"""Commands that decide: mark and undo."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tagger.cli.app import HomeOption, app, open_workspace
from tagger.cli.output import count_of
from tagger.core.errors import WrongUseError
from tagger.services.reviewing import Sign, mark_photos, parse_mark

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
        photos = [library.find_photo(path.expanduser().absolute()) for path in paths]
        changes = mark_photos(library, photos, marks)
    print(f"{count_of(len(changes.photo_ids), 'photo')} changed.")


@app.command("undo")
def undo(home: HomeOption = None) -> None:
    """Take back the newest decision, for every photo it was made on."""
    with open_workspace(home) as workspace:
        undone = workspace.library.undo()
    if undone is None:
        print("There is nothing to take back.")
    else:
        print(f"Taken back: {undone.label} on {count_of(len(undone.changes.photo_ids), 'photo')}.")


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
