"""A number for each subject of the library that grows with every change to it.

Triggers count, so that no code that stores anything can forget to. What was read at one revision
holds for as long as the revision stands; see `kept_reads`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


class Subject(StrEnum):
    """What is counted."""

    FILES = "files"
    """Which photos there are, their names, places, capture data and ratings."""
    KEYWORDS = "keywords"
    """What the files held when they were last seen."""
    TAGS = "tags"
    """Which tag each photo has, and in which state."""
    SCORES = "scores"
    """What the classifier says."""


# Those that searches read. Tagging and writing change others, and the count stands.
_FILE_COLUMNS = (
    "folder_id, dir, name_key, format, taken_at, camera, shoot, rating, leader_id, missing_since"
)
_COUNTED = (
    (Subject.FILES, "photos", f"UPDATE OF {_FILE_COLUMNS}"),
    (Subject.KEYWORDS, "file_keywords", "UPDATE"),
    (Subject.TAGS, "photo_tags", "UPDATE"),
    (Subject.SCORES, "predictions", "UPDATE"),
)


def create_revisions(db: sqlite3.Connection) -> None:
    """Count changes of what searches read."""
    db.execute(
        "CREATE TABLE revisions (subject TEXT PRIMARY KEY, revision INTEGER NOT NULL) "
        "STRICT, WITHOUT ROWID"
    )
    for subject, table, update in _COUNTED:
        db.execute("INSERT INTO revisions (subject, revision) VALUES (?, 0)", (subject,))
        for event in ("INSERT", update, "DELETE"):
            name = f"{subject}_{event.split()[0].lower()}_counted"
            db.execute(
                f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN "
                f"UPDATE revisions SET revision = revision + 1 WHERE subject = '{subject}'; END"
            )


def read_revisions(db: sqlite3.Connection) -> dict[Subject, int]:
    """The revision of every subject, as this transaction sees it."""
    rows = db.execute("SELECT subject, revision FROM revisions")
    return {Subject(subject): int(revision) for subject, revision in rows}
