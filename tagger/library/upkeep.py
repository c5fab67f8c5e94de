"""Checking the whole database for damage, and making it as small as it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.ids import ContentId, PhotoId, TagId
from tagger.library.settings import read_predictions_from

if TYPE_CHECKING:
    import sqlite3

_REPORTED = 20
_ORPHANS = {
    "decisions: {} stand for another class than was decided on": """
        SELECT count(*) FROM decisions d JOIN history h ON h.id = d.line_id
        WHERE h.tag_id <> d.tag_id
    """,
    "photos: {} belong to a photo that belongs to another": """
        SELECT count(*) FROM photos p JOIN photos leader ON leader.id = p.leader_id
        WHERE leader.leader_id IS NOT NULL
    """,
    "photo_tags: {} are on companions of photos": """
        SELECT count(*) FROM photo_tags t JOIN photos p ON p.id = t.photo_id
        WHERE p.leader_id IS NOT NULL
    """,
}
_KEYWORD_TAGS = """
    SELECT DISTINCT f.photo_id, k.tag_id
    FROM tag_keywords k
    JOIN file_keywords f ON f.key = k.key
    JOIN photos p ON p.id = f.photo_id AND p.missing_since IS NULL
    LEFT JOIN predictions pr
        ON pr.photo_id = coalesce(p.leader_id, p.id) AND pr.tag_id = k.tag_id
    WHERE coalesce(pr.score, 0) < ?
    AND NOT EXISTS (
        SELECT 1 FROM written_keywords w
        WHERE w.photo_id = f.photo_id AND k.key IN (w.key, w.leaf_key)
    )
"""


def check_database(db: sqlite3.Connection) -> str:
    """`ok`, or one line for each thing that is wrong (the first twenty of each kind)."""
    lines = [str(row[0]) for row in db.execute(f"PRAGMA integrity_check({_REPORTED})")]
    broken = db.execute("PRAGMA foreign_key_check").fetchmany(_REPORTED)
    found = [f"{table}: row {row} points to no row of {to}" for table, row, to, _ in broken]
    for words, statement in _ORPHANS.items():
        count = db.execute(statement).fetchone()[0]
        found += [words.format(count)] if count else []
    if not found:
        return "\n".join(lines)
    return "\n".join([line for line in lines if line != "ok"] + found)


def vacuum(db: sqlite3.Connection) -> None:
    """Write the file anew without gaps. Outside of a transaction."""
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def list_contents(db: sqlite3.Connection) -> set[ContentId]:
    """Every picture that the library knows."""
    rows = db.execute("SELECT DISTINCT content_id FROM photos WHERE content_id IS NOT NULL")
    return {ContentId(row[0]) for row in rows}


def list_picture_keys(db: sqlite3.Connection) -> list[str]:
    """The keys under which pictures of photos are kept."""
    rows = db.execute(
        "SELECT DISTINCT content_id || '-' || orientation FROM photos WHERE content_id IS NOT NULL"
    )
    return [row[0] for row in rows]


def list_keyword_tags(db: sqlite3.Connection) -> set[tuple[PhotoId, TagId]]:
    """Photos and classes that a keyword in the file names and that we did not write."""
    rows = db.execute(_KEYWORD_TAGS, (read_predictions_from(db),))
    return {(PhotoId(photo_id), TagId(tag_id)) for photo_id, tag_id in rows}
