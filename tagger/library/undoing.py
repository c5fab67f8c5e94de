"""Undo and redo: moving the pointers of one batch, never touching its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.core.ids import PhotoId
from tagger.core.tag import Source
from tagger.library.deciding import POINT
from tagger.library.effective import apply_decisions, list_members
from tagger.library.rating_undoing import bring_back_ratings, take_back_ratings
from tagger.library.records import UndoneBatch

if TYPE_CHECKING:
    import sqlite3


def undo(db: sqlite3.Connection) -> UndoneBatch | None:
    """Take back the user's newest batch; None when there is none.

    Where something else was decided since (another program changed the file), that stays.
    """
    batch = db.execute(
        "SELECT id, label, source FROM batches "
        "WHERE state = 'done' AND (source = 'user' OR is_asked = 1) ORDER BY id DESC LIMIT 1"
    ).fetchone()
    if batch is None:
        return None
    batch_id, label, source = batch
    touched = _point_back(db, batch_id)
    rated = take_back_ratings(db, batch_id)
    db.execute("UPDATE batches SET state = 'undone' WHERE id = ?", (batch_id,))
    changes = _follow_up(db, touched, Source(source)) | rated
    return UndoneBatch(label, changes)


def redo(db: sqlite3.Connection) -> UndoneBatch | None:
    """Bring back the batch that undo took back last; None when there is none."""
    batch = db.execute(
        "SELECT id, label, source FROM batches "
        "WHERE state = 'undone' AND (source = 'user' OR is_asked = 1) ORDER BY id LIMIT 1"
    ).fetchone()
    if batch is None:
        return None
    batch_id, label, source = batch
    touched = _point_forward(db, batch_id)
    rated = bring_back_ratings(db, batch_id)
    db.execute("UPDATE batches SET state = 'done' WHERE id = ?", (batch_id,))
    changes = _follow_up(db, touched, Source(source)) | rated
    return UndoneBatch(label, changes)


def _point_back(db: sqlite3.Connection, batch_id: int) -> set[PhotoId]:
    """Whatever points to a line of the batch points to the line before it, copies too."""
    db.execute(
        "INSERT INTO undone (batch_id, photo_id, tag_id, line_id) "
        "SELECT h.batch_id, d.photo_id, d.tag_id, h.id FROM history h "
        "JOIN decisions d ON d.line_id = h.id WHERE h.batch_id = ?",
        (batch_id,),
    )
    rows = db.execute(
        "SELECT u.photo_id, u.tag_id, h.previous_id FROM undone u "
        "JOIN history h ON h.id = u.line_id WHERE u.batch_id = ?",
        (batch_id,),
    ).fetchall()
    db.executemany(
        "DELETE FROM decisions WHERE photo_id = ? AND tag_id = ?", [row[:2] for row in rows]
    )
    db.executemany(POINT, [row for row in rows if row[2] is not None])
    return {PhotoId(row[0]) for row in rows}


def _point_forward(db: sqlite3.Connection, batch_id: int) -> set[PhotoId]:
    """The reverse, where nothing else was decided since."""
    rows = db.execute(
        "SELECT u.photo_id, u.tag_id, u.line_id FROM undone u "
        "JOIN history h ON h.id = u.line_id "
        "LEFT JOIN decisions d ON d.photo_id = u.photo_id AND d.tag_id = u.tag_id "
        "WHERE u.batch_id = ? AND d.line_id IS h.previous_id",
        (batch_id,),
    ).fetchall()
    db.executemany(POINT, rows)
    db.execute("DELETE FROM undone WHERE batch_id = ?", (batch_id,))
    return {PhotoId(row[0]) for row in rows}


def _follow_up(db: sqlite3.Connection, touched: set[PhotoId], source: Source) -> Changes:
    """What was read from a file needs no writing to that file, neither back nor forth."""
    if not touched:  # a step of stars and labels alone
        return Changes()
    unwritten = list_members(db, touched) - touched if source is Source.FILE else None
    members = apply_decisions(db, touched, unwritten=unwritten)
    return Changes(frozenset(members), tags=True)
