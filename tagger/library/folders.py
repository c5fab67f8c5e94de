"""The folders that the library watches."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.core.errors import WrongUseError
from tagger.core.ids import ContentId, FolderId
from tagger.library.heirs import hand_on
from tagger.library.path_text import decode_path, encode_path
from tagger.library.records import Folder

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

_HAS_PHOTOS = "EXISTS (SELECT 1 FROM photos WHERE photos.folder_id = folders.id)"


def add_folder(db: sqlite3.Connection, path: Path, now: datetime) -> Folder:
    """Watch a folder, or bring a removed one back.

    Raises:
        WrongUseError: it lies inside a watched folder or around one.
    """
    path = Path(os.path.abspath(path))  # noqa: PTH100 -- resolve() would follow links
    for other in list_folders(db):
        _refuse_overlap(path, other.path)
    row = db.execute(
        "INSERT INTO folders (path, added_at) VALUES (?, ?) "
        f"ON CONFLICT (path) DO UPDATE SET removed_at = NULL RETURNING id, {_HAS_PHOTOS}",
        (encode_path(str(path)), now.isoformat()),
    ).fetchone()
    return Folder(FolderId(row[0]), path, bool(row[1]))


def remove_folder(db: sqlite3.Connection, folder_id: FolderId, now: datetime) -> Changes:
    """Hide a folder. Copies of its photos in other folders inherit the decisions."""
    cursor = db.execute(
        "UPDATE folders SET removed_at = ? WHERE id = ? AND removed_at IS NULL",
        (now.isoformat(), folder_id),
    )
    if cursor.rowcount == 0:
        return Changes()
    contents = db.execute(
        "SELECT content_id FROM photos WHERE folder_id = ? AND content_id IS NOT NULL",
        (folder_id,),
    ).fetchall()
    heirs = hand_on(db, {ContentId(row[0]) for row in contents})
    return Changes(frozenset(heirs), membership=True, tags=True)


def relocate_folder(db: sqlite3.Connection, folder_id: FolderId, path: Path) -> Changes:
    """The same folder is found at another path now; its photos keep everything.

    Raises:
        WrongUseError: the path lies inside another folder of the library, around one, or was one.
    """
    path = Path(os.path.abspath(path))  # noqa: PTH100 -- resolve() would follow links
    for other in list_folders(db):
        if other.id != folder_id:
            _refuse_overlap(path, other.path)
    text = encode_path(str(path))
    taken = db.execute("SELECT id FROM folders WHERE path = ?", (text,)).fetchone()
    if taken is not None and taken[0] != folder_id:
        raise WrongUseError(
            f"{path} is or was a folder of the library itself. Add it and remove the other one: "
            "photos that moved are recognised and keep their decisions."
        )
    db.execute("UPDATE folders SET path = ? WHERE id = ?", (text, folder_id))
    return Changes(membership=True)


def list_folders(db: sqlite3.Connection) -> list[Folder]:
    """The watched folders in the order of their paths."""
    rows = db.execute(
        f"SELECT id, path, {_HAS_PHOTOS} FROM folders WHERE removed_at IS NULL ORDER BY path"
    )
    return [
        Folder(FolderId(folder_id), Path(decode_path(path)), bool(has_photos))
        for folder_id, path, has_photos in rows
    ]


def _refuse_overlap(path: Path, other: Path) -> None:
    """By the names that people gave, and by where links lead: no file may have two rows."""
    if path == other:
        return
    real, real_other = Path(os.path.realpath(path)), Path(os.path.realpath(other))
    if real == real_other:
        raise WrongUseError(f"{path} is in the library already, as {other}.")
    if path.is_relative_to(other) or real.is_relative_to(real_other):
        raise WrongUseError(f"{path} is in the library already, as part of {other}.")
    if other.is_relative_to(path) or real_other.is_relative_to(real):
        raise WrongUseError(
            f"{path} contains {other}, which is in the library. Remove that one first; its tags "
            "and decisions are kept."
        )
