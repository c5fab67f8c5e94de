"""Commands that give stars and colour labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagger.cli.app import HomeOption, app, open_workspace
from tagger.cli.output import count_of
from tagger.core.errors import WrongUseError
from tagger.services.finding import find_named
from tagger.services.rating import label_photos, name_rating, rate_photos, spell_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.core.ids import PhotoId
    from tagger.library import Library

_NO_LABEL = "none"


# `-1` must reach us as stars and not as an option.
@app.command("rate", context_settings={"ignore_unknown_options": True})
def rate(
    words: Annotated[list[str], typer.Argument(metavar="PHOTO… STARS", help="0 to 5, or -1.")],
    home: HomeOption = None,
) -> None:
    """Give photos stars: 0 to 5, or -1 for rejected. Written with the keywords."""
    paths, last = _split(words, "stars: tagger rate PHOTO 4")
    try:
        stars = int(last)
    except ValueError as error:
        raise WrongUseError(f"“{last}” is no number of stars: 0 to 5, or -1.") from error
    with open_workspace(home) as workspace:
        library = workspace.library
        changes = rate_photos(library, _find_ids(library, paths), stars)
    print(f"{count_of(len(changes.photo_ids), 'file')}: {name_rating(stars)}.")


@app.command("label")
def label(
    words: Annotated[
        list[str], typer.Argument(metavar="PHOTO… LABEL", help="Red, any other text, or none.")
    ],
    home: HomeOption = None,
) -> None:
    """Give photos a label, such as Red; none takes it away. Written with the keywords."""
    paths, last = _split(words, "a label: tagger label PHOTO Red")
    text = "" if last.casefold() == _NO_LABEL else spell_label(last)
    with open_workspace(home) as workspace:
        library = workspace.library
        changes = label_photos(library, _find_ids(library, paths), text)
    print(f"{count_of(len(changes.photo_ids), 'file')}: {text or 'no label'}.")


def _split(words: Sequence[str], wanted: str) -> tuple[list[Path], str]:
    if len(words) < 2:
        raise WrongUseError(f"Give photos and {wanted}")
    return [Path(word) for word in words[:-1]], words[-1]


def _find_ids(library: Library, paths: Sequence[Path]) -> list[PhotoId]:
    return [find_named(library, path).id for path in paths]
