"""From a search text to photos, and from a photo to everything known of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.library import HistoryLine, RatingLine, Sort
from tagger.services.neighbours import Neighbours
from tagger.services.saved_searches import understand_query

if TYPE_CHECKING:
    from datetime import datetime

    from tagger.core.photo import FileState
    from tagger.core.tag import PhotoTag
    from tagger.library import Library, PhotoRow
    from tagger.services.workspace import Workspace


@dataclass(frozen=True)
class FoundPhoto:
    """A photo of a result; the fields are the JSON contract of `find`.

    Attributes:
        sidecar: the XMP file that other programs read beside it, if there is one.
        tags: effective and rejected tags with their states.
    """

    path: Path
    sidecar: Path | None
    taken_at: datetime | None
    tags: tuple[PhotoTag, ...]


@dataclass(frozen=True)
class PhotoDetails:
    """Everything known of one photo; the fields are the JSON of `show`.

    Attributes:
        companions: other files of the same exposure, RAW beside JPEG.
        scores: class to the model's score in 0..1, also below the threshold.
        file_keywords: what the file held when last seen.
        file_state: whether the file is in step with the decisions.
        problem: why it can't be read or written, else None.
        ratings: every time a person gave stars or a label, the newest first.
    """

    path: Path
    sidecar: Path | None
    companions: tuple[Path, ...]
    taken_at: datetime | None
    camera: str | None
    width: int | None
    height: int | None
    rating: int | None
    label: str | None
    tags: tuple[PhotoTag, ...]
    scores: dict[str, float]
    file_keywords: tuple[str, ...]
    file_state: FileState
    problem: str | None
    history: tuple[HistoryLine, ...]
    ratings: tuple[RatingLine, ...]


def find_photos(
    workspace: Workspace, text: str, *, sort: Sort = Sort.TAKEN, limit: int | None = None
) -> list[FoundPhoto]:
    """The photos that a search text means, in the order asked for.

    Raises:
        QueryError: the text can't be understood; it names the place.
    """
    neighbours = Neighbours()
    return [
        FoundPhoto(row.path, _first_sidecar(neighbours, row.path), row.taken_at, row.tags)
        for row in find_rows(workspace, text, sort=sort, limit=limit)
    ]


def find_rows(
    workspace: Workspace, text: str, *, sort: Sort = Sort.TAKEN, limit: int | None = None
) -> list[PhotoRow]:
    """As `find_photos`, but only what the index itself knows."""
    library = workspace.library
    query = understand_query(library, text)
    offline = [folder.id for folder in workspace.offline_folders()]
    return library.photo_rows(library.find(query, sort=sort, limit=limit, offline=offline))


def spell_path(library: Library, path: Path) -> Path:
    """The path of a photo as the library has it, whichever links lead to its folder.

    A path that leads into no folder of the library is made absolute and nothing more.
    """
    path = Path(os.path.abspath(path.expanduser()))  # noqa: PTH100 -- resolve() would follow links
    folders = [folder.path for folder in library.folders()]
    if any(path.is_relative_to(folder) for folder in folders):
        return path
    real = path.parent.resolve() / path.name  # the photo itself may be a link
    for folder in folders:
        real_folder = folder.resolve()
        if real.is_relative_to(real_folder):
            return folder / real.relative_to(real_folder)
    return path


def find_named(library: Library, path: Path) -> PhotoRow:
    """The photo that a person names by a path (`spell_path`).

    Raises:
        WrongUseError: it is not in the library.
    """
    return library.find_photo(spell_path(library, path))


def photo_details(workspace: Workspace, path: Path) -> PhotoDetails:
    """Everything known of one photo.

    Raises:
        WrongUseError: it is not in the library.
    """
    library = workspace.library
    row = find_named(library, path)
    return PhotoDetails(
        path=row.path,
        sidecar=_first_sidecar(Neighbours(), row.path),
        companions=row.companions,
        taken_at=row.taken_at,
        camera=row.camera,
        width=row.width,
        height=row.height,
        rating=row.rating,
        label=row.label,
        tags=row.tags,
        scores=library.scores(row.id),
        file_keywords=library.file_keywords(row.id),
        file_state=row.file_state,
        problem=row.error or row.write_error,
        history=tuple(library.history(row.id)),
        ratings=tuple(library.rating_history(row.id)),
    )


def _first_sidecar(neighbours: Neighbours, path: Path) -> Path | None:
    return next(iter(neighbours.sidecars(path)), None)
