"""What writing would do, in words, before it does it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tagger.core.errors import PhotoError
from tagger.core.rating import normal_rating
from tagger.files import explain_protection
from tagger.services.exiftool import exiftool_in_use
from tagger.services.neighbours import Neighbours
from tagger.services.settings import profile_in_use
from tagger.services.writing.batches import read_queue
from tagger.services.writing.planning import Way, keywords_of, plan_photo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.core.writes import PendingWrite
    from tagger.services.workspace import Workspace


@dataclass(frozen=True)
class PlannedWrite:
    """What would change in the metadata of one photo.

    Attributes:
        path: the photo.
        carriers: the files that would be written: the photo itself or its sidecars.
        add, remove: keywords as people see them, `Wedding|Bouquet`.
        rating, label: stars and label that would be written, else None.
        problem: why it can't be written, else None.
    """

    path: Path
    carriers: tuple[Path, ...]
    add: tuple[str, ...]
    remove: tuple[str, ...]
    rating: int | None = None
    label: str | None = None
    problem: str | None = None


def plan_writes(workspace: Workspace, cancel: CancelToken) -> Iterator[PlannedWrite]:
    """What writing would do, photo by photo; no file is touched."""
    workspace.library.adopt_keywords()
    way = Way(Neighbours(), profile_in_use(workspace.library))
    with exiftool_in_use(workspace.library) as exiftool:
        way = replace(way, exiftool=exiftool)
        for pending in read_queue(workspace):
            cancel.raise_if_cancelled()
            yield _describe(pending, way)


def _describe(pending: PendingWrite, way: Way) -> PlannedWrite:
    try:
        plan = plan_photo(pending, way)
    except PhotoError as error:
        return PlannedWrite(pending.path, (), (), (), problem=str(error))
    for edit in plan.edits:
        if protection := explain_protection(edit.path):
            return PlannedWrite(pending.path, (), (), (), problem=protection)
    held = {text.casefold() for text in keywords_of(plan.files.held)}
    now = normal_rating(plan.files.held.rating, plan.files.held.label)
    return PlannedWrite(
        path=pending.path,
        carriers=tuple(edit.path for edit in plan.edits),
        add=tuple(
            text
            for text in ("|".join(path) for path in plan.merge.add)
            if plan.edits and text.casefold() not in held
        ),
        remove=tuple("|".join(path) for path in plan.merge.remove),
        rating=plan.rating.rating if plan.rating.rating != now.rating else None,
        label=plan.rating.label if plan.rating.label != now.label else None,
        problem=plan.conflict,
    )
