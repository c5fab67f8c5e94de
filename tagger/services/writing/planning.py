"""What writing would do to one photo, down to the bytes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from tagger.core.errors import PhotoError
from tagger.core.rating import NO_RATING_CHANGE, RatingChange, normal_rating
from tagger.metadata import KeywordChange, PhotoFiles, plan_files
from tagger.services.exiftool import exiftool_in_use
from tagger.services.neighbours import Neighbours
from tagger.services.rating import explain_conflict
from tagger.services.settings import profile_in_use
from tagger.services.writing.merging import Merge, merge_keywords

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import PhotoId
    from tagger.library import PendingWrite
    from tagger.metadata import CarrierEdit, FileMetadata, Profile
    from tagger.metadata.exiftool import Exiftool
    from tagger.services.workspace import Workspace

PAGE = 64
"""Photos that are read from the queue at once."""


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


@dataclass(frozen=True)
class Way:
    """How a run writes.

    Attributes:
        neighbours: the names of the files in each folder.
        profile: what the person chose to be written.
        exiftool: what edits the formats that are not ours, None where they get sidecars.
    """

    neighbours: Neighbours
    profile: Profile
    exiftool: Exiftool | None = None


@dataclass(frozen=True)
class PhotoPlan:
    """One photo, ready to be written.

    Attributes:
        files: the photo and its sidecars as they are.
        edits: those that change, with their new bytes.
        merge: what becomes of its keywords.
        rating: the change of stars and label.
        rating_conflict: why stars or label are not written, else None.
    """

    pending: PendingWrite
    files: PhotoFiles
    edits: tuple[CarrierEdit, ...]
    merge: Merge
    rating: RatingChange
    rating_conflict: str | None

    @property
    def conflict(self) -> str | None:
        """One sentence when another program decided otherwise than a person did here."""
        if self.merge.refused:
            return f"Another program took out {', '.join(self.merge.refused)}; it stays out."
        return self.rating_conflict


def plan_writes(workspace: Workspace, cancel: CancelToken) -> Iterator[PlannedWrite]:
    """What writing would do, photo by photo; no file is touched."""
    workspace.library.adopt_keywords()
    way = Way(Neighbours(), profile_in_use(workspace.library))
    with exiftool_in_use(workspace.library) as exiftool:
        way = replace(way, exiftool=exiftool)
        for pending in read_queue(workspace):
            cancel.raise_if_cancelled()
            yield _describe(pending, way)


def read_queue(workspace: Workspace) -> Iterator[PendingWrite]:
    """The queue in pages. Walks forward by id, so that a photo which fails is met once a run."""
    folder_ids = [folder.id for folder in workspace.online_folders()]
    after: PhotoId | None = None
    while page := workspace.library.next_unwritten(folder_ids, PAGE, after=after):
        yield from page
        after = page[-1].photo_id


def plan_photo(pending: PendingWrite, way: Way) -> PhotoPlan:
    """Read the photo and plan its new bytes, by what the person chose to be written.

    Raises:
        PhotoError: it can't be read, or not be written without risk.
    """
    names = tuple(way.neighbours.names(pending.path))
    files = PhotoFiles.read(pending.path, names, way.exiftool)
    held = files.held
    merge = merge_keywords(pending, keywords_of(held))
    conflict = explain_conflict(pending.rating, normal_rating(held.rating, held.label))
    rating = NO_RATING_CHANGE if conflict else pending.rating.wanted
    change = KeywordChange(add=merge.add, remove=merge.remove, rating=rating)
    edits = plan_files(files, change, now=datetime.now().astimezone(), profile=way.profile)
    return PhotoPlan(pending, files, edits, merge, rating, conflict)


def keywords_of(metadata: FileMetadata) -> tuple[str, ...]:
    """Flat keywords and full paths, as the library keeps them."""
    return (*metadata.keywords, *("|".join(names) for names in metadata.paths))


def _describe(pending: PendingWrite, way: Way) -> PlannedWrite:
    try:
        plan = plan_photo(pending, way)
    except PhotoError as error:
        return PlannedWrite(pending.path, (), (), (), problem=str(error))
    held = {text.casefold() for text in keywords_of(plan.files.held)}
    return PlannedWrite(
        path=pending.path,
        carriers=tuple(edit.path for edit in plan.edits),
        add=tuple(
            text
            for text in ("|".join(path) for path in plan.merge.add)
            if plan.edits and text.casefold() not in held
        ),
        remove=tuple("|".join(path) for path in plan.merge.remove),
        rating=plan.rating.rating,
        label=plan.rating.label,
        problem=plan.conflict,
    )
