"""What people decided, photo by photo: what a classifier can learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.ids import ContentId, PhotoId
from tagger.core.tag import TagState
from tagger.library.records import DecidedPhoto
from tagger.library.rows import decode_text, join_path

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

# Photos whose files are gone count as well: their features are still known.
_STANDING = """
    FROM photo_tags d INDEXED BY photo_tags_by_tag
    JOIN photos p ON p.id = d.photo_id
    JOIN folders f ON f.id = p.folder_id AND f.removed_at IS NULL
    JOIN tags t ON t.id = d.tag_id
    WHERE d.state IN (2, 3, 4) AND p.content_id IS NOT NULL
"""
# A copy that is there has inherited what was decided on a file that is gone, and a person may have
# thought better of it since: both would teach the same picture twice, or yes and no.
_ONCE = f"""
    {_STANDING}
    AND (p.missing_since IS NULL OR NOT EXISTS (
        SELECT 1 FROM photos heir
        JOIN folders g ON g.id = heir.folder_id AND g.removed_at IS NULL
        WHERE heir.content_id = p.content_id AND heir.missing_since IS NULL
    ))
"""
_LINES = "SELECT p.id, f.path, p.rel_path, p.content_id, p.folder_id, p.shoot, t.name, d.state"
_COUNTED = f"SELECT t.name, d.state, count(*) {_ONCE} GROUP BY t.name, d.state"
_REJECTED = 4
_STATES = {2: TagState.CONFIRMED, 3: TagState.CORRECTED, 4: TagState.REJECTED}
_SINCE = """
    SELECT count(*) FROM decisions d
    JOIN history h ON h.id = d.line_id
    JOIN batches b ON b.id = h.batch_id
    WHERE b.decided_at > ?
"""


def count_decided(db: sqlite3.Connection) -> dict[tuple[str, TagState], int]:
    """How many photos each class was confirmed, corrected and rejected on; 0 is left out."""
    return {(name, _STATES[state]): count for name, state, count in db.execute(_COUNTED)}


def count_decided_since(db: sqlite3.Connection, moment: datetime | None) -> int:
    """How many decisions that stand were made after a moment; None for all."""
    text = "" if moment is None else moment.isoformat()
    return int(db.execute(_SINCE, (text,)).fetchone()[0])


def list_decided(db: sqlite3.Connection, *, has_copied: bool = False) -> list[DecidedPhoto]:
    """Every photo that somebody decided on, with all decisions that stand.

    A file that is gone is left out where a copy is there, unless `has_copied`.
    """
    found: dict[int, DecidedPhoto] = {}
    statement = f"{_LINES} {_STANDING if has_copied else _ONCE} ORDER BY p.id, t.id"
    for photo_id, folder, rel_path, content_id, folder_id, shoot, tag, state in db.execute(
        statement
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
