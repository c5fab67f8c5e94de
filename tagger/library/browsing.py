"""What the window asks of the index beyond searching: files behind photos, shoots and folders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.ids import FolderId, PhotoId
from tagger.library.found_ids import read_numbers
from tagger.library.path_text import decode_path
from tagger.library.rows import join_path, pack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class PictureFile:
    """The file behind a photo.

    Attributes:
        path: absolute.
        key: equal for equal pictures held the same way; None where the file could not be read.
    """

    path: Path
    key: str | None


@dataclass(frozen=True, slots=True)
class ShootCount:
    """A shoot in a folder of the library. `shoot` is empty for photos without a date."""

    folder_id: FolderId
    shoot: str
    count: int


_FILES = """
    SELECT p.id, f.path, p.rel_path, p.content_id, p.orientation
    FROM photos p JOIN folders f ON f.id = p.folder_id
    WHERE p.id IN (SELECT value FROM json_each(?))
"""
_SHOOTS = """
    SELECT p.folder_id, p.shoot, count(*)
    FROM photos p JOIN folders f ON f.id = p.folder_id
    WHERE p.leader_id IS NULL AND p.missing_since IS NULL AND f.removed_at IS NULL
    GROUP BY p.folder_id, p.shoot
    ORDER BY p.shoot
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


def number_shoots(db: sqlite3.Connection) -> tuple[NDArray[np.int64], list[str]]:
    """The shoot of every photo as a number, `[highest id + 1]`; and the names of the shoots.

    Places without a photo hold 0. All comes from the index of shoots alone.
    """
    shoots = db.execute(
        "SELECT shoot, count(*) FROM photos GROUP BY shoot ORDER BY shoot"
    ).fetchall()
    ids = read_numbers(db, "id", "FROM (SELECT id FROM photos ORDER BY shoot)")
    numbers = np.zeros(int(ids.max(initial=0)) + 1, dtype=np.int64)
    numbers[ids] = np.repeat(np.arange(len(shoots)), [count for _, count in shoots])
    return numbers, [decode_path(shoot) for shoot, _ in shoots]


def count_shoots(db: sqlite3.Connection) -> list[ShootCount]:
    """Every shoot in every folder with its number of photos, by name."""
    return [
        ShootCount(FolderId(folder_id), decode_path(shoot), count)
        for folder_id, shoot, count in db.execute(_SHOOTS)
    ]
