"""Stars and labels that a person gave follow the picture, as decisions do.

They are in the file once they were written, and copied with it. A copy that was made before, or a
file that joins an exposure later, gets them here: where it still says what the other file said
before a person spoke, and nobody spoke of it itself.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tagger.core.ids import PhotoId
from tagger.core.rating import RatingField
from tagger.library.ratings import add_word, read_value

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

# For each heir and field the newest word that stands, and whose it was (SQLite takes a bare column
# from the row of the maximum).
_WORDS = """
    WITH pair (giver_id, heir_id) AS (
        SELECT value ->> 0, value ->> 1 FROM json_each(?)
    ),
    word (giver_id, heir_id, field, id) AS (
        SELECT pair.giver_id, pair.heir_id, h.field, max(h.id)
        FROM pair
        JOIN rating_history h ON h.photo_id = pair.giver_id
        JOIN batches b ON b.id = h.batch_id AND b.state = 'done'
        GROUP BY pair.heir_id, h.field
    )
    SELECT word.giver_id, word.heir_id, h.batch_id, h.field, h.value
    FROM word JOIN rating_history h ON h.id = word.id
    WHERE NOT EXISTS (
        SELECT 1 FROM rating_history own JOIN batches b ON b.id = own.batch_id
        WHERE own.photo_id = word.heir_id AND own.field = word.field AND b.state = 'done'
    )
    ORDER BY h.id
"""
_BEFORE = "SELECT previous FROM rating_history WHERE photo_id = ? AND field = ?"


def inherit_ratings(
    db: sqlite3.Connection, pairs: Iterable[tuple[PhotoId, PhotoId]]
) -> set[PhotoId]:
    """Let files inherit, each from another (giver, heir); returns those that did.

    They become part of the step in which the person spoke, so that undo takes it back from all.
    """
    heirs = set()
    for giver, heir, batch_id, name, value in db.execute(
        _WORDS, (json.dumps(list(pairs)),)
    ).fetchall():
        field = RatingField(name)
        before = {row[0] for row in db.execute(_BEFORE, (giver, field))}
        shown = read_value(db, heir, field)
        if read_value(db, giver, field) == value != shown and shown in before:
            add_word(db, batch_id, heir, field, value)
            heirs.add(PhotoId(heir))
    return heirs
