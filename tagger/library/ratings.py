"""Ratings and labels that people give: shown at once, written to files like keywords.

`photos.rating` and `photos.label` hold what counts: a person's word while it waits for writing,
else what the file says. `ratings_to_write` holds what waits, with what the file said when the
person decided (`base`) and when it was last seen (`in_file`), so that a change by another program
is noticed and never written over unseen.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.core.errors import WrongUseError
from tagger.core.ids import PhotoId
from tagger.core.rating import (
    MAX_STARS,
    REJECTED,
    PendingRating,
    RatingChange,
    RatingField,
)
from tagger.library.effective import bump_revision, list_members, settle_files
from tagger.library.records import RatingLine
from tagger.library.rows import decode_text, encode_text, pack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from tagger.core.ids import BatchId

_VALUE = {
    RatingField.RATING: "CAST(coalesce(rating, 0) AS TEXT)",
    RatingField.LABEL: "coalesce(label, '')",
}
_SHOW = {
    RatingField.RATING: "nullif(CAST(:value AS INTEGER), 0)",
    RatingField.LABEL: "nullif(:value, '')",
}
_QUEUE = """
    INSERT INTO ratings_to_write (photo_id, field, value, base, in_file)
    VALUES (:photo_id, :field, :value, :previous, :previous)
    ON CONFLICT (photo_id, field) DO UPDATE SET value = excluded.value
"""
_IN_STEP = "DELETE FROM ratings_to_write WHERE photo_id = ? AND value = in_file"

_Line = tuple[PhotoId, RatingField, str]
"""Photo, field and text."""


def parse_values(change: RatingChange) -> dict[RatingField, str]:
    """The fields that change, with their new texts.

    Raises:
        WrongUseError: there are no such stars.
    """
    if change.rating is not None and not REJECTED <= change.rating <= MAX_STARS:
        raise WrongUseError("A rating is 0 to 5 stars, or -1 for a rejected photo.")
    values: dict[RatingField, str] = {}
    if change.rating is not None:
        values[RatingField.RATING] = str(change.rating)
    if change.label is not None:
        values[RatingField.LABEL] = encode_text(change.label) or ""
    return values


def list_rating_news(
    db: sqlite3.Connection, ids: Iterable[PhotoId], change: RatingChange
) -> list[_Line]:
    """What the change brings that is not so already, for every file of these exposures."""
    members = pack(list_members(db, ids))
    return [
        (PhotoId(row[0]), field, value)
        for field, value in parse_values(change).items()
        for row in db.execute(
            f"SELECT id FROM photos WHERE id IN (SELECT value FROM json_each(?)) "
            f"AND {_VALUE[field]} <> ? ORDER BY id",
            (members, value),
        )
    ]


def settle_conflicts(
    db: sqlite3.Connection, ids: Iterable[PhotoId], change: RatingChange
) -> Changes:
    """Deciding the same again is the last word against what another program wrote meanwhile."""
    members = pack(list_members(db, ids))
    settled = {
        PhotoId(row[0])
        for field, value in parse_values(change).items()
        for row in db.execute(
            "UPDATE ratings_to_write SET base = in_file WHERE field = ? AND value = ? "
            "AND base <> in_file AND photo_id IN (SELECT value FROM json_each(?)) "
            "RETURNING photo_id",
            (field, value, members),
        )
    }
    return follow_up(db, settled)


def rate(db: sqlite3.Connection, batch_id: BatchId, news: Iterable[_Line]) -> Changes:
    """Store ratings and labels as lines of an open batch."""
    touched = set()
    for photo_id, field, value in news:
        add_word(db, batch_id, photo_id, field, value)
        touched.add(photo_id)
    return follow_up(db, touched)


def add_word(
    db: sqlite3.Connection, batch_id: int, photo_id: PhotoId, field: RatingField, value: str
) -> None:
    """What a person said in a step counts for this photo: shown, waiting, and to be undone."""
    previous = give_value(db, photo_id, field, value)
    db.execute(
        "INSERT INTO rating_history (batch_id, photo_id, field, value, previous) "
        "VALUES (?, ?, ?, ?, ?)",
        (batch_id, photo_id, field, value, previous),
    )


def read_rating_history(db: sqlite3.Connection, photo_id: PhotoId) -> list[RatingLine]:
    """Every time a person gave the photo stars or a label, the newest first."""
    rows = db.execute(
        "SELECT b.decided_at, b.label, b.state <> 'done' FROM rating_history h "
        "JOIN batches b ON b.id = h.batch_id WHERE h.photo_id = ? ORDER BY h.id DESC",
        (photo_id,),
    )
    return [
        RatingLine(datetime.fromisoformat(rated_at), label, bool(is_undone))
        for rated_at, label, is_undone in rows
    ]


def follow_files(db: sqlite3.Connection, held: Mapping[PhotoId, RatingChange]) -> None:
    """What files say of stars and label is what counts, but for what waits for writing."""
    shown = db.execute(
        f"SELECT id, {_VALUE[RatingField.RATING]}, {_VALUE[RatingField.LABEL]} FROM photos "
        "WHERE id IN (SELECT value FROM json_each(?))",
        (pack(held),),
    ).fetchall()
    for photo_id, *values in shown:
        texts = parse_values(held[photo_id])
        news = {
            field: text
            for field, value in zip((RatingField.RATING, RatingField.LABEL), values, strict=True)
            if (text := texts.get(field, value)) != value
        }
        for field, text in news.items():
            show_value(db, photo_id, field, text)
        if news:
            follow_file(db, photo_id, held[photo_id])


def follow_file(db: sqlite3.Connection, photo_id: PhotoId, in_file: RatingChange) -> None:
    """A scan stored what the file says; what waits for writing still counts before it."""
    for field, value in parse_values(in_file).items():
        db.execute(
            "UPDATE ratings_to_write SET in_file = ? WHERE photo_id = ? AND field = ?",
            (value, photo_id, field),
        )
    db.execute(_IN_STEP, (photo_id,))
    _show_waiting(db, photo_id)


def read_pending(db: sqlite3.Connection, ids: str) -> dict[int, PendingRating]:
    """What waits for writing, by photo."""
    wanted: dict[int, dict[str, str]] = {}
    base: dict[int, dict[str, str]] = {}
    for photo_id, field, value, before in db.execute(
        "SELECT photo_id, field, value, base FROM ratings_to_write "
        "WHERE photo_id IN (SELECT value FROM json_each(?))",
        (ids,),
    ):
        wanted.setdefault(photo_id, {})[field] = value
        base.setdefault(photo_id, {})[field] = before
    return {
        photo_id: PendingRating(_as_change(wanted[photo_id]), _as_change(base[photo_id]))
        for photo_id in wanted
    }


def store_ratings_written(db: sqlite3.Connection, photo_id: PhotoId, in_file: RatingChange) -> None:
    """The file holds these now; what was decided meanwhile starts from them."""
    for field, value in parse_values(in_file).items():
        db.execute(
            "UPDATE ratings_to_write SET in_file = :value, base = :value "
            "WHERE photo_id = :photo_id AND field = :field",
            {"value": value, "photo_id": photo_id, "field": field},
        )
        show_value(db, photo_id, field, value)
    db.execute(_IN_STEP, (photo_id,))
    _show_waiting(db, photo_id)


def give_value(
    db: sqlite3.Connection,
    photo_id: PhotoId,
    field: RatingField,
    value: str,
    *,
    keeps_base: bool = False,
) -> str:
    """Show the value and queue it for the file; returns what was shown before.

    `keeps_base`: it is no new word of a person, so that a conflict stays one.
    """
    previous = read_value(db, photo_id, field)
    line = {"photo_id": photo_id, "field": field, "value": value, "previous": previous}
    db.execute(_QUEUE if keeps_base else f"{_QUEUE}, base = in_file", line)
    show_value(db, photo_id, field, value)
    db.execute(_IN_STEP, (photo_id,))
    return previous


def show_value(db: sqlite3.Connection, photo_id: PhotoId, field: str, value: str) -> None:
    """This is what counts from now on: an empty text, or no stars, is none."""
    db.execute(
        f"UPDATE photos SET {field} = {_SHOW[RatingField(field)]} WHERE id = :photo_id",
        {"value": value, "photo_id": photo_id},
    )


def read_value(db: sqlite3.Connection, photo_id: int, field: RatingField) -> str:
    """What is shown: stars as digits, 0 for none; a label, empty for none."""
    row = db.execute(f"SELECT {_VALUE[field]} FROM photos WHERE id = ?", (photo_id,)).fetchone()
    return str(row[0])


def _show_waiting(db: sqlite3.Connection, photo_id: PhotoId) -> None:
    waiting = db.execute(
        "SELECT field, value FROM ratings_to_write WHERE photo_id = ?", (photo_id,)
    ).fetchall()
    for field, value in waiting:
        show_value(db, photo_id, field, value)


def follow_up(db: sqlite3.Connection, touched: set[PhotoId]) -> Changes:
    """These files wait for writing, unless they say so already."""
    if not touched:
        return Changes()
    bump_revision(db, touched)
    settle_files(db, touched)
    return Changes(frozenset(touched), tags=True)


def _as_change(texts: dict[str, str]) -> RatingChange:
    rating, label = texts.get(RatingField.RATING), texts.get(RatingField.LABEL)
    return RatingChange(
        rating=None if rating is None else int(rating),
        label=None if label is None else decode_text(label),
    )
