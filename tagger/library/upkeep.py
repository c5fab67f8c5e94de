"""Checking the whole database for damage, and making it as small as it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.ids import ContentId

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
