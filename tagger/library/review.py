"""What a person should look at next, and what they said of the sure ones mixed in blind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.ids import PhotoId
from tagger.library.records import BlindChecks, Doubt
from tagger.library.tags import find_tag, list_tags

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime

# A sure prediction that was shown among unsure ones. model_id and score: what was predicted.
_TABLE = """
CREATE TABLE blind_checks (
    photo_id INTEGER NOT NULL REFERENCES photos,
    tag_id INTEGER NOT NULL REFERENCES tags,
    model_id INTEGER NOT NULL REFERENCES models,
    score REAL NOT NULL,
    asked_at TEXT NOT NULL,
    PRIMARY KEY (photo_id, tag_id, model_id)
) STRICT, WITHOUT ROWID
"""

# One class at a time, so that the index over its scores is used.
_UNDECIDED = """
    SELECT p.photo_id, p.score
    FROM predictions p
    JOIN photos f ON f.id = p.photo_id
    JOIN folders d ON d.id = f.folder_id AND d.removed_at IS NULL
    LEFT JOIN photo_tags t ON t.photo_id = p.photo_id AND t.tag_id = p.tag_id
    WHERE p.tag_id = ? AND p.score BETWEEN ? AND ?
        AND f.leader_id IS NULL AND f.missing_since IS NULL AND f.error IS NULL
        AND (t.state IS NULL OR t.state = 1)
"""
_NEAREST = _UNDECIDED + " ORDER BY abs(p.score - ?) LIMIT ?"
_ANY = _UNDECIDED + " ORDER BY random() LIMIT ?"


def create_blind_checks(db: sqlite3.Connection) -> None:
    """What the precision of the sure predictions is measured by."""
    db.execute(_TABLE)


def list_unsure(db: sqlite3.Connection, within: float, limit: int) -> list[Doubt]:
    """Undecided classes whose score is near their threshold, at most `limit` for each class."""
    return [
        Doubt(PhotoId(photo_id), tag.name, score, tag.threshold)
        for tag in list_tags(db)
        for photo_id, score in db.execute(
            _NEAREST,
            (tag.id, tag.threshold - within, tag.threshold + within, tag.threshold, limit),
        )
    ]


def list_sure(db: sqlite3.Connection, share: float, limit: int) -> list[Doubt]:
    """Undecided predictions in the upper part of what counts, any `limit` of them for each class.

    `share` of the way from the threshold to 1 is where the upper part begins.
    """
    return [
        Doubt(PhotoId(photo_id), tag.name, score, tag.threshold)
        for tag in list_tags(db)
        for photo_id, score in db.execute(
            _ANY, (tag.id, tag.threshold + share * (1 - tag.threshold), 1.0, limit)
        )
    ]


def note_blind(db: sqlite3.Connection, sure: Sequence[Doubt], now: datetime) -> None:
    """Remember what was mixed in; asked for twice, the first time counts."""
    db.executemany(
        "INSERT OR IGNORE INTO blind_checks (photo_id, tag_id, model_id, score, asked_at) "
        "SELECT ?, ?, id, ?, ? FROM models WHERE in_use = 1",
        [
            (doubt.photo_id, find_tag(db, doubt.name).id, doubt.score, now.isoformat())
            for doubt in sure
        ],
    )


def count_blind(db: sqlite3.Connection) -> BlindChecks:
    """What people decided on those that the classifier in use was sure of."""
    right, decided = db.execute(
        "SELECT coalesce(sum(t.state IN (2, 3)), 0), count(*) FROM blind_checks b "
        "JOIN models m ON m.id = b.model_id AND m.in_use = 1 "
        "JOIN photo_tags t ON t.photo_id = b.photo_id AND t.tag_id = b.tag_id AND t.state > 1"
    ).fetchone()
    return BlindChecks(right=right, decided=decided)
