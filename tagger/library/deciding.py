"""What people decide: lines that are only ever added, and a pointer to the one that stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.core.errors import WrongUseError
from tagger.core.ids import BatchId, PhotoId, TagId
from tagger.core.tag import Source, Verdict
from tagger.library.effective import STANDING, apply_decisions, list_members
from tagger.library.left_alone import list_alone
from tagger.library.rows import pack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import datetime

    from tagger.library.records import DecisionRequest

    Key = tuple[PhotoId, TagId]

_ADD_LINE = """
    INSERT INTO history (batch_id, photo_id, tag_id, verdict, model_id, score, previous_id)
    SELECT :batch_id, :photo_id, :tag_id, :verdict, pr.model_id, pr.score,
        (SELECT line_id FROM decisions WHERE photo_id = :photo_id AND tag_id = :tag_id)
    FROM photos p
    LEFT JOIN predictions pr
        ON pr.photo_id = coalesce(p.leader_id, p.id) AND pr.tag_id = :tag_id
    WHERE p.id = :photo_id
    RETURNING id
"""
POINT = """
    INSERT INTO decisions (photo_id, tag_id, line_id) VALUES (?, ?, ?)
    ON CONFLICT (photo_id, tag_id) DO UPDATE SET line_id = excluded.line_id
"""


def decide(
    db: sqlite3.Connection,
    requests: Sequence[DecisionRequest],
    label: str,
    source: Source,
    now: datetime,
    *,
    is_asked: bool = False,
) -> Changes:
    """Store decisions as one batch; those that change nothing leave no trace.

    `is_asked`: a person asked for it, so that undo takes it back whoever's word it is.

    Raises:
        WrongUseError: a photo or class that is not in the library.
    """
    wanted = {(request.photo_id, request.tag_id): request.verdict for request in requests}
    _refuse_unknown(db, wanted)
    photo_ids = {photo_id for photo_id, _ in wanted}
    standing = read_standing(db, photo_ids)
    alone = _read_alone(db, photo_ids)
    news = {
        key: verdict
        for key, verdict in wanted.items()
        if not _says_already(standing.get(key), verdict, source)
        or (source is Source.USER and key[1] in alone.get(key[0], ()))
    }
    if not news:
        return Changes()
    batch_id = open_batch(db, label, source, now, is_asked=is_asked)
    for (photo_id, tag_id), verdict in news.items():
        line = {"batch_id": batch_id, "photo_id": photo_id, "tag_id": tag_id, "verdict": verdict}
        line_id = db.execute(_ADD_LINE, line).fetchone()[0]
        db.execute(POINT, (photo_id, tag_id, line_id))
    decided = {photo_id for photo_id, _ in news}
    # What was read from a file stands in that file already, though not in its companions.
    unwritten = list_members(db, decided) - decided if source is Source.FILE else None
    members = apply_decisions(db, decided, unwritten=unwritten)
    return Changes(frozenset(members), tags=True)


def _read_alone(db: sqlite3.Connection, photo_ids: set[PhotoId]) -> dict[PhotoId, set[TagId]]:
    """Tags that a file of the exposure is left alone with: deciding the same again ends that."""
    if not list_alone(db, pack(list_members(db, photo_ids))):
        return {}
    return {
        photo_id: set().union(*list_alone(db, pack(list_members(db, [photo_id]))).values())
        for photo_id in photo_ids
    }


def _says_already(
    standing: tuple[Verdict, Source] | None, verdict: Verdict | None, source: Source
) -> bool:
    """A person's decision is recorded even when the file said the same before."""
    if standing is None:
        return verdict is None
    return standing[0] == verdict and (standing[1] is Source.USER or source is Source.FILE)


def read_standing(
    db: sqlite3.Connection, photo_ids: set[PhotoId]
) -> dict[Key, tuple[Verdict, Source]]:
    """The decisions that count for these photos, and whose they are."""
    rows = db.execute(
        f"{STANDING} SELECT s.photo_id, s.tag_id, s.verdict, b.source FROM standing s "
        "JOIN history h ON h.id = s.line_id JOIN batches b ON b.id = h.batch_id",
        {"ids": pack(photo_ids)},
    )
    return {
        (PhotoId(photo_id), TagId(tag_id)): (Verdict(verdict), Source(source))
        for photo_id, tag_id, verdict, source in rows
    }


def open_batch(
    db: sqlite3.Connection, label: str, source: Source, now: datetime, *, is_asked: bool = False
) -> BatchId:
    """Begin a step that undo takes back at once.

    A new decision of the user ends redo; what another program did leaves it alone.
    """
    if source is Source.USER or is_asked:
        db.execute("UPDATE batches SET state = 'cut' WHERE state = 'undone'")
        db.execute("DELETE FROM undone")
    row = db.execute(
        "INSERT INTO batches (label, source, decided_at, state, is_asked) "
        "VALUES (?, ?, ?, 'done', ?) RETURNING id",
        (label, source, now.isoformat(), is_asked),
    ).fetchone()
    return BatchId(row[0])


def _refuse_unknown(db: sqlite3.Connection, wanted: dict[Key, Verdict | None]) -> None:
    for table, ids, sentence in (
        ("photos", {photo_id for photo_id, _ in wanted}, "A photo is not in the library."),
        ("tags", {tag_id for _, tag_id in wanted}, "A class is not in the library."),
    ):
        known = db.execute(
            f"SELECT count(*) FROM {table} WHERE id IN (SELECT value FROM json_each(?))",
            (pack(ids),),
        ).fetchone()[0]
        if known != len(ids):
            raise WrongUseError(sentence)
