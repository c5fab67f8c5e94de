"""The tags that count: a decision before the model's prediction, kept ready for searching.

`photo_tags` is brought up to date in the transaction that changes a decision or a score. All files
of one exposure share decisions: of their lines the newest counts. Predictions are those of the
leader, against the threshold of the model that made them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tagger.core.ids import PhotoId
from tagger.core.tag import TagState
from tagger.library.left_alone import ALONE, show_conflicts
from tagger.library.rows import pack
from tagger.library.settings import read_predictions_from

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from tagger.core.ids import ModelId, TagId

STATE_CODES = {
    TagState.PREDICTED: 1,
    TagState.CONFIRMED: 2,
    TagState.CORRECTED: 3,
    TagState.REJECTED: 4,
}
STATES_BY_CODE = {code: state for state, code in STATE_CODES.items()}

STANDING = """
    WITH asked (id) AS (SELECT CAST(value AS INTEGER) FROM json_each(:ids)),
    member (photo_id, member_id) AS (
        SELECT id, id FROM asked
        UNION
        SELECT asked.id, twin.id
        FROM asked
        JOIN photos p ON p.id = asked.id
        JOIN photos twin ON twin.exposure_id = p.exposure_id
    ),
    newest (photo_id, tag_id, line_id) AS (
        SELECT photo_id, tag_id, max(line_id)
        FROM (
            SELECT member.photo_id, d.tag_id, d.line_id
            FROM member JOIN decisions d ON d.photo_id = member.member_id
        )
        GROUP BY photo_id, tag_id
    ),
    standing (photo_id, tag_id, line_id, verdict) AS (
        SELECT n.photo_id, n.tag_id, n.line_id, h.verdict
        FROM newest n JOIN history h ON h.id = n.line_id
        WHERE h.verdict IS NOT NULL
    )
"""
"""`standing`: the decision that counts for each asked photo (`:ids`) and tag.

Values of JSON have no type: without the cast SQLite looks decisions up by tag alone.
"""

_FILL = f"""
    {STANDING}
    INSERT INTO photo_tags (photo_id, tag_id, state, score)
    SELECT s.photo_id, s.tag_id,
        CASE s.verdict WHEN 'confirmed' THEN 2 WHEN 'corrected' THEN 3 ELSE 4 END, pr.score
    FROM standing s
    JOIN photos p ON p.id = s.photo_id AND p.leader_id IS NULL
    LEFT JOIN predictions pr ON pr.photo_id = s.photo_id AND pr.tag_id = s.tag_id
    UNION ALL
    SELECT pr.photo_id, pr.tag_id, 1, pr.score
    FROM asked
    JOIN photos p ON p.id = asked.id AND p.leader_id IS NULL
    JOIN predictions pr ON pr.photo_id = asked.id
    JOIN model_classes c ON c.model_id = pr.model_id AND c.tag_id = pr.tag_id
    LEFT JOIN standing s ON s.photo_id = pr.photo_id AND s.tag_id = pr.tag_id
    WHERE pr.score >= c.threshold AND s.line_id IS NULL
"""

# A file is in step when it holds leaf and path of every tag that should be in it, and nothing of
# what we put there and should not be, and no rating or label waits. What is left alone in it
# counts neither way.
_SETTLE = f"""
    WITH {ALONE},
    carrier (id, leader_id) AS (
        SELECT id, coalesce(leader_id, id) FROM photos
        WHERE id IN (SELECT value FROM json_each(:ids)) AND tag_rev > written_rev
    ),
    wanted (id, key) AS MATERIALIZED (
        SELECT carrier.id, k.key
        FROM carrier
        JOIN photo_tags t ON t.photo_id = carrier.leader_id
        JOIN tag_keywords k ON k.tag_id = t.tag_id
        LEFT JOIN alone ON alone.photo_id = carrier.id AND alone.tag_id = t.tag_id
        WHERE alone.tag_id IS NULL
        AND (t.state IN (2, 3) OR (t.state = 1 AND t.score >= :predictions_from))
    ),
    lacking (id) AS (
        SELECT wanted.id
        FROM wanted
        LEFT JOIN file_keywords f ON f.photo_id = wanted.id AND f.key = wanted.key
        WHERE f.photo_id IS NULL
    ),
    unwanted (id) AS (
        SELECT carrier.id
        FROM carrier
        JOIN written_keywords w ON w.photo_id = carrier.id
        JOIN file_keywords f ON f.photo_id = carrier.id AND f.key IN (w.key, w.leaf_key)
        LEFT JOIN wanted ON wanted.id = carrier.id AND wanted.key = w.key
        WHERE wanted.id IS NULL
        AND w.key NOT IN (
            SELECT k.key FROM alone JOIN tag_keywords k ON k.tag_id = alone.tag_id
            WHERE alone.photo_id = carrier.id
        )
    )
    UPDATE photos SET written_rev = tag_rev, write_state = NULL, write_error = NULL
    WHERE id IN (SELECT id FROM carrier)
    AND id NOT IN (SELECT id FROM lacking)
    AND id NOT IN (SELECT id FROM unwanted)
    AND id NOT IN (SELECT photo_id FROM ratings_to_write)
"""

_BETWEEN = """
    SELECT pr.photo_id FROM predictions pr
    WHERE pr.tag_id = :tag_id AND pr.score >= :lower AND pr.score < :upper
    AND pr.model_id = :model_id
"""
_RAISE = f"""
    DELETE FROM photo_tags WHERE tag_id = :tag_id AND state = 1 AND photo_id IN ({_BETWEEN})
    RETURNING photo_id, score
"""
_LOWER = """
    INSERT INTO photo_tags (photo_id, tag_id, state, score)
    SELECT pr.photo_id, pr.tag_id, 1, pr.score
    FROM predictions pr
    JOIN photos p ON p.id = pr.photo_id AND p.leader_id IS NULL
    LEFT JOIN photo_tags decided ON decided.photo_id = pr.photo_id AND decided.tag_id = pr.tag_id
    WHERE pr.tag_id = :tag_id AND pr.score >= :lower AND pr.score < :upper
    AND pr.model_id = :model_id AND decided.state IS NULL
    RETURNING photo_id, score
"""


def list_members(db: sqlite3.Connection, ids: Iterable[PhotoId]) -> set[PhotoId]:
    """These photos and every other file of their exposures."""
    rows = db.execute(
        "SELECT value FROM json_each(:ids) UNION "
        "SELECT twin.id FROM photos p JOIN photos twin ON twin.exposure_id = p.exposure_id "
        "WHERE p.id IN (SELECT value FROM json_each(:ids))",
        {"ids": pack(ids)},
    )
    return {PhotoId(row[0]) for row in rows}


def refresh_tags(db: sqlite3.Connection, ids: Iterable[PhotoId]) -> None:
    """Bring the effective tags of exactly these photos up to date."""
    packed = {"ids": pack(ids)}
    db.execute(
        "DELETE FROM photo_tags WHERE photo_id IN (SELECT value FROM json_each(:ids))", packed
    )
    db.execute(_FILL, packed)


def bump_revision(db: sqlite3.Connection, ids: Iterable[PhotoId]) -> None:
    """What should be in these files may have changed."""
    db.execute(
        "UPDATE photos SET tag_rev = tag_rev + 1 WHERE id IN (SELECT value FROM json_each(?))",
        (pack(ids),),
    )


def settle_files(db: sqlite3.Connection, ids: Iterable[PhotoId]) -> None:
    """Take photos with nothing to write out of the queue: the file already says so.

    Where another program took out what a person had decided, the photo says that.
    """
    packed = pack(ids)
    db.execute(_SETTLE, {"ids": packed, "predictions_from": read_predictions_from(db)})
    show_conflicts(db, packed)


def apply_decisions(
    db: sqlite3.Connection, ids: Iterable[PhotoId], *, unwritten: Iterable[PhotoId] | None = None
) -> set[PhotoId]:
    """Follow up changed decisions of these photos; returns all files that this concerns.

    `unwritten` are the files to write, None for all.
    """
    members = list_members(db, ids)
    refresh_tags(db, members)
    bump_revision(db, members if unwritten is None else unwritten)
    settle_files(db, members)
    return members


def refresh_predictions(db: sqlite3.Connection, leaders: Iterable[PhotoId]) -> None:
    """Follow up changed scores; files wait for writing only where other keywords come of it."""
    ids = pack(leaders)
    before = _list_written_predictions(db, ids)
    refresh_tags(db, json.loads(ids))
    changed = before ^ _list_written_predictions(db, ids)
    if changed:
        members = list_members(db, {PhotoId(photo_id) for photo_id, _ in changed})
        bump_revision(db, members)
        settle_files(db, members)


def move_threshold(
    db: sqlite3.Connection, model_class: tuple[ModelId, TagId], before: float, after: float
) -> None:
    """A class of a model got another threshold; only scores between the two change their tags."""
    model_id, tag_id = model_class
    statement = _RAISE if after > before else _LOWER
    rows = db.execute(
        statement,
        {
            "model_id": model_id,
            "tag_id": tag_id,
            "lower": min(before, after),
            "upper": max(before, after),
        },
    ).fetchall()
    written_from = read_predictions_from(db)
    changed = {PhotoId(photo_id) for photo_id, score in rows if score >= written_from}
    if changed:
        members = list_members(db, changed)
        bump_revision(db, members)
        settle_files(db, members)


def _list_written_predictions(db: sqlite3.Connection, ids: str) -> set[tuple[int, int]]:
    """Photo and tag of each prediction that belongs into a file."""
    return set(
        db.execute(
            "SELECT photo_id, tag_id FROM photo_tags "
            "WHERE photo_id IN (SELECT value FROM json_each(?)) AND state = 1 AND score >= ?",
            (ids, read_predictions_from(db)),
        )
    )
