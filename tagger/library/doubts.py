"""Decisions that look wrong, for finding their photos: found anew whenever they are looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.core.ids import PhotoId

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from tagger.core.ids import TagId

DOUBTFUL = """
    FROM (
        SELECT DISTINCT d.photo_id AS id
        FROM doubts d
        JOIN photo_tags t ON t.photo_id = d.photo_id AND t.tag_id = d.tag_id AND t.state = d.state
    )
"""
"""The photos; once a person has decided otherwise, a doubt is none any more."""


def create_doubts(db: sqlite3.Connection) -> None:
    """The decision that is doubted is the one that stood then, by its state."""
    db.execute(
        "CREATE TABLE doubts ("
        "photo_id INTEGER NOT NULL REFERENCES photos, "
        "tag_id INTEGER NOT NULL REFERENCES tags, "
        "state INTEGER NOT NULL, "
        "PRIMARY KEY (photo_id, tag_id)) STRICT, WITHOUT ROWID"
    )


def replace_doubts(db: sqlite3.Connection, doubtful: Sequence[tuple[PhotoId, TagId]]) -> Changes:
    """Doubt these decisions and no others."""
    before = {row[0] for row in db.execute("SELECT photo_id FROM doubts")}
    db.execute("DELETE FROM doubts")
    db.executemany(
        "INSERT INTO doubts (photo_id, tag_id, state) SELECT photo_id, tag_id, state "
        "FROM photo_tags WHERE photo_id = ? AND tag_id = ? AND state > 1",
        doubtful,
    )
    after = {row[0] for row in db.execute("SELECT photo_id FROM doubts")}
    changed = before ^ after
    return Changes(frozenset(PhotoId(photo_id) for photo_id in changed), tags=bool(changed))


def forget_doubts(
    db: sqlite3.Connection, photo_ids: Sequence[PhotoId], tag_id: TagId | None
) -> Changes:
    """The decisions on this tag of these photos are right, with None all decisions on them."""
    db.executemany(
        "DELETE FROM doubts WHERE photo_id = ? AND tag_id = coalesce(?, tag_id)",
        [(photo_id, tag_id) for photo_id in photo_ids],
    )
    return Changes(frozenset(photo_ids), tags=True)
