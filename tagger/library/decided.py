"""What people decided, photo by photo: what a classifier can learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.ids import ContentId, PhotoId
from tagger.library.records import DecidedPhoto
from tagger.library.rows import decode_text, join_path

if TYPE_CHECKING:
    import sqlite3

# Photos whose files are gone count as well: their features are still known.
_DECIDED = """
    SELECT p.id, f.path, p.rel_path, p.content_id, p.folder_id, p.shoot, t.name, d.state
    FROM photo_tags d INDEXED BY photo_tags_by_tag
    JOIN photos p ON p.id = d.photo_id
    JOIN folders f ON f.id = p.folder_id AND f.removed_at IS NULL
    JOIN tags t ON t.id = d.tag_id
    WHERE d.state IN (2, 3, 4) AND p.content_id IS NOT NULL
    ORDER BY p.id, t.id
"""
_REJECTED = 4


def list_decided(db: sqlite3.Connection) -> list[DecidedPhoto]:
    """Every photo that somebody decided on, with all decisions that stand."""
    found: dict[int, DecidedPhoto] = {}
    for photo_id, folder, rel_path, content_id, folder_id, shoot, tag, state in db.execute(
        _DECIDED
    ):
        photo = found.setdefault(
            photo_id,
            DecidedPhoto(
                PhotoId(photo_id),
                join_path(folder, rel_path),
                ContentId(content_id),
                f"{folder_id}/{decode_text(shoot)}" if shoot else "",
                {},
            ),
        )
        photo.has_tag[tag] = state != _REJECTED
    return list(found.values())
