"""Undo and redo of ratings and labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.ids import PhotoId
from tagger.core.rating import RatingField
from tagger.library.ratings import follow_up, give_value, read_value, show_value

if TYPE_CHECKING:
    import sqlite3

    from tagger.core.changes import Changes

# The person's word is back at what the file said when it was given, and another program has
# changed the file since: nothing of a person is left to write.
_RETRACT = """
    DELETE FROM ratings_to_write
    WHERE photo_id = :photo_id AND field = :field AND base = :value AND base <> in_file
    RETURNING in_file
"""


def take_back_ratings(db: sqlite3.Connection, batch_id: int) -> Changes:
    """What stood before the batch, wherever its word still stands."""
    return _move(db, batch_id, source="value", target="previous")


def bring_back_ratings(db: sqlite3.Connection, batch_id: int) -> Changes:
    """The reverse."""
    return _move(db, batch_id, source="previous", target="value")


def _move(db: sqlite3.Connection, batch_id: int, *, source: str, target: str) -> Changes:
    touched = set()
    rows = db.execute(
        f"SELECT photo_id, field, {source}, {target} FROM rating_history WHERE batch_id = ?",
        (batch_id,),
    ).fetchall()
    for photo_id, name, now, then in rows:
        field = RatingField(name)
        if read_value(db, photo_id, field) == now:
            _give_again(db, photo_id, field, then)
            touched.add(PhotoId(photo_id))
    return follow_up(db, touched)


def _give_again(db: sqlite3.Connection, photo_id: PhotoId, field: RatingField, value: str) -> None:
    """What stood before; where another program changed the file meanwhile, its word is kept."""
    line = {"photo_id": photo_id, "field": field, "value": value}
    theirs = db.execute(_RETRACT, line).fetchone()
    if theirs is None:
        give_value(db, photo_id, field, value, keeps_base=True)
    else:
        show_value(db, photo_id, field, theirs[0])
