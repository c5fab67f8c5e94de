"""What the window asks of the index beyond searching: the files behind photos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.ids import PhotoId
from tagger.library.rows import join_path, pack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class PictureFile:
    """The file behind a photo.

    Attributes:
        path: absolute.
        key: equal for equal pictures held the same way; None where the file could not be read.
    """

    path: Path
    key: str | None


_FILES = """
    SELECT p.id, f.path, p.rel_path, p.content_id, p.orientation
    FROM photos p JOIN folders f ON f.id = p.folder_id
    WHERE p.id IN (SELECT value FROM json_each(?))
"""


def list_picture_files(
    db: sqlite3.Connection, ids: Sequence[PhotoId]
) -> dict[PhotoId, PictureFile]:
    """The file behind each photo and the key of its picture; unknown ids are left out."""
    return {
        PhotoId(photo_id): PictureFile(
            join_path(folder, rel_path),
            None if content_id is None else f"{content_id}-{orientation}",
        )
        for photo_id, folder, rel_path, content_id, orientation in db.execute(_FILES, (pack(ids),))
    }
