"""The columns of a photo that follow from its file."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from tagger.core.formats import format_of
from tagger.core.ids import PhotoId
from tagger.core.keywords import keyword_key
from tagger.core.names import fold_name
from tagger.library.path_text import encode_path
from tagger.library.rows import encode_text, encode_time

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from tagger.core.ids import FolderId
    from tagger.core.photo import ScannedPhoto

_DAY_BEGINS = timedelta(hours=5)
"""The dance after midnight belongs to the wedding of the evening before."""

_INSERT = """
    INSERT INTO photos (
        folder_id, rel_path, dir, name_key, pair_key, format, size, mtime_ns, shoot, content_id,
        taken_at, camera, width, height, orientation, rating, label, error, added_at, sidecars
    ) VALUES (
        :folder_id, :rel_path, :dir, :name_key, :pair_key, :format, :size, :mtime_ns, :shoot,
        :content_id, :taken_at, :camera, :width, :height, :orientation, :rating, :label, :error,
        :added_at, :sidecars
    ) RETURNING id
"""

_UPDATE_PLACE = """
    UPDATE photos SET folder_id = :folder_id, rel_path = :rel_path, dir = :dir,
        name_key = :name_key, pair_key = :pair_key, format = :format, size = :size,
        mtime_ns = :mtime_ns, missing_since = NULL, error = :error, sidecars = :sidecars
    WHERE id = :id
"""

# Another picture waits for the classifier again.
_UPDATE_PICTURE = """
    UPDATE photos SET tagged_by = CASE WHEN content_id IS :content_id THEN tagged_by END,
        content_id = :content_id, taken_at = :taken_at, shoot = :shoot, camera = :camera,
        width = :width, height = :height, orientation = :orientation, rating = :rating,
        label = :label
    WHERE id = :id
"""


def derive_pair_key(rel_path: str) -> str:
    """What RAW and JPEG of one exposure have in common: folder and name without suffix."""
    path = PurePosixPath(rel_path)
    return f"{path.parent}/{path.stem.casefold()}"


def derive_shoot(folder: str, taken_at: datetime | None) -> str:
    """The wedding a photo belongs to, as far as can be told.

    In a folder of its own: that folder, `2026/Ana & Luis`. Directly in the library's folder: the
    day, which begins at five in the morning. Without a capture time: nothing.
    """
    if folder:
        return folder
    if taken_at is None:
        return ""
    earliest = datetime.min + _DAY_BEGINS  # noqa: DTZ901 -- the camera's clock has no time zone
    return (max(taken_at, earliest) - _DAY_BEGINS).date().isoformat()


def insert_photo(
    db: sqlite3.Connection, folder_id: FolderId, photo: ScannedPhoto, now: datetime
) -> PhotoId:
    """A new row."""
    columns = _derive_columns(folder_id, photo) | {"added_at": now.isoformat()}
    return PhotoId(db.execute(_INSERT, columns).fetchone()[0])


def update_photo(
    db: sqlite3.Connection, photo_id: PhotoId, folder_id: FolderId, photo: ScannedPhoto
) -> None:
    """A file as it is now. What could not be read this time stays as it was last seen."""
    columns = _derive_columns(folder_id, photo) | {"id": photo_id}
    db.execute(_UPDATE_PLACE, columns)
    if photo.content_id is not None:
        db.execute(_UPDATE_PICTURE, columns)


def store_keywords(db: sqlite3.Connection, photo_id: PhotoId, keywords: Iterable[str]) -> None:
    """What the file holds now: the base of the next merge. Of two spellings the first."""
    by_key: dict[str, str] = {}
    for keyword in keywords:
        by_key.setdefault(keyword_key(keyword), keyword)
    db.execute("DELETE FROM file_keywords WHERE photo_id = ?", (photo_id,))
    db.executemany(
        "INSERT INTO file_keywords (photo_id, key, keyword, position) VALUES (?, ?, ?, ?)",
        [
            (photo_id, key, encode_path(keyword), position)
            for position, (key, keyword) in enumerate(by_key.items())
            if key
        ],
    )


def _derive_columns(folder_id: FolderId, photo: ScannedPhoto) -> dict[str, str | int | None]:
    rel_path = encode_path(photo.rel_path)
    folder, _, name = rel_path.rpartition("/")
    capture = photo.capture
    return {
        "folder_id": folder_id,
        "rel_path": rel_path,
        "dir": folder,
        "name_key": fold_name(name),
        "pair_key": derive_pair_key(rel_path),
        "format": format_of(PurePosixPath(rel_path)),
        "size": photo.stamp.size,
        "mtime_ns": photo.stamp.mtime_ns,
        "shoot": derive_shoot(folder, capture.taken_at),
        "content_id": photo.content_id,
        "taken_at": encode_time(capture.taken_at),
        "camera": encode_text(capture.camera),
        "width": capture.width,
        "height": capture.height,
        "orientation": capture.orientation,
        "rating": photo.rating,
        "label": encode_text(photo.label),
        "error": encode_text(photo.error),
        "sidecars": photo.sidecars,
    }
