"""Which shoot each photo belongs to, and how many photos each shoot has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.ids import FolderId
from tagger.library.found_ids import Search
from tagger.library.path_text import decode_path
from tagger.library.revisions import Subject
from tagger.library.rows import pack
from tagger.library.searching import find_mask

if TYPE_CHECKING:
    import sqlite3

    from numpy.typing import NDArray

    from tagger.library.found_ids import Scope


@dataclass(frozen=True, slots=True)
class ShootCount:
    """A shoot in a folder of the library. `shoot` is empty for photos without a date."""

    folder_id: FolderId
    shoot: str
    count: int


def number_shoots(search: Search) -> tuple[NDArray[np.int64], list[str]]:
    """The shoot of every photo as a number, `[highest id + 1]`; and the names of the shoots.

    Places without a photo hold 0. All comes from the index of shoots alone.
    """
    ids = search.read_kept(Subject.FILES, "id", "FROM (SELECT id FROM photos ORDER BY shoot)")
    sizes = search.read_kept(
        Subject.FILES,
        "photos",
        "FROM (SELECT count(*) AS photos FROM photos GROUP BY shoot ORDER BY shoot)",
    )
    numbers = search.zeros()
    numbers[ids] = np.repeat(np.arange(len(sizes)), sizes)
    return numbers, [decode_path(shoot) for shoot in search.distinct("photos", "shoot")]


def count_shoots(db: sqlite3.Connection, scope: Scope) -> list[ShootCount]:
    """Every shoot in every folder with its number of photos, by name within its folder."""
    search = Search(db, scope)
    numbers, titles = number_shoots(search)
    shown = find_mask(db, None, scope)
    found = []
    for (folder_id,) in db.execute("SELECT id FROM folders WHERE removed_at IS NULL").fetchall():
        source = "FROM photos WHERE folder_id IN (SELECT value FROM json_each(?))"
        ids = search.read_kept(Subject.FILES, "id", source, pack([folder_id]))
        counts = np.bincount(numbers[ids[shown[ids]]], minlength=len(titles)).tolist()
        found += [
            ShootCount(FolderId(folder_id), title, count)
            for title, count in zip(titles, counts, strict=True)
            if count
        ]
    return found
