"""Tags whose keyword in a file stays as it is until a person decides on them again.

Another program took out a keyword that we had put there, or undoing a run did. The decision stays
in the library and the file's side stays in the file; nobody's word is overwritten. A decision of
the user that is newer than that ends it, and undoing that decision brings it back.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from tagger.core.ids import PhotoId, TagId
from tagger.core.keywords import keyword_key
from tagger.core.tag import Source
from tagger.library.rows import encode_text, pack
from tagger.library.settings import read_predictions_from

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

OUTSIDE, UNDONE = "outside", "undone"

ALONE = """
    alone (photo_id, tag_id, reason) AS MATERIALIZED (
        SELECT l.photo_id, l.tag_id, l.reason
        FROM left_alone l
        WHERE l.photo_id IN (SELECT value FROM json_each(:ids))
        AND NOT EXISTS (
            SELECT 1
            FROM photos one
            JOIN photos twin
                ON twin.id = one.id OR twin.id IN (
                    SELECT id FROM photos WHERE exposure_id = one.exposure_id
                )
            JOIN decisions d ON d.photo_id = twin.id AND d.tag_id = l.tag_id
            JOIN history h ON h.id = d.line_id
            JOIN batches b ON b.id = h.batch_id
            WHERE one.id = l.photo_id AND d.line_id > l.since_line AND b.source = 'user'
        )
    )
"""
"""`alone`: what is left alone in the asked files (`:ids`)."""

# What should be in each file, whoever left what alone: person is 1 for a person's decision.
_WANTED = """
    wanted (photo_id, tag_id, person) AS (
        SELECT c.id, t.tag_id, t.state IN (2, 3)
        FROM photos c JOIN photo_tags t ON t.photo_id = coalesce(c.leader_id, c.id)
        WHERE c.id IN (SELECT value FROM json_each(:ids))
        AND (t.state IN (2, 3) OR (t.state = 1 AND t.score >= :predictions_from))
    )
"""
_HELD = """
    EXISTS (
        SELECT 1 FROM tag_keywords k JOIN {table} f ON f.photo_id = {photo} AND f.key = k.key
        WHERE k.tag_id = {tag}
    )
"""
_IN_FILE = _HELD.format(table="file_keywords", photo="a.photo_id", tag="a.tag_id")
_IS_OURS = _HELD.format(table="written_keywords", photo="a.photo_id", tag="a.tag_id")

# Whose word it is: of all files of the exposure the newest decision counts.
_SOURCE = """
    SELECT b.source
    FROM photos one
    JOIN photos twin ON twin.id = one.id OR twin.exposure_id = one.exposure_id
    JOIN decisions d ON d.photo_id = twin.id AND d.tag_id = a.tag_id
    JOIN history h ON h.id = d.line_id
    JOIN batches b ON b.id = h.batch_id
    WHERE one.id = a.photo_id
    ORDER BY d.line_id DESC LIMIT 1
"""
_CONFLICTS = f"""
    WITH {ALONE}, {_WANTED}
    SELECT a.photo_id, t.keyword_path, w.person IS NOT NULL, ({_SOURCE})
    FROM alone a
    JOIN tags t ON t.id = a.tag_id
    LEFT JOIN wanted w ON w.photo_id = a.photo_id AND w.tag_id = a.tag_id
    WHERE a.reason = 'outside'
    AND ((w.person = 1 AND NOT {_IN_FILE}) OR (w.person IS NULL AND {_IN_FILE} AND {_IS_OURS}))
    ORDER BY a.photo_id, a.tag_id
"""
_CONFIRMED_IN_FILE = f"""
    WITH {_WANTED}
    SELECT a.tag_id, k.key FROM wanted a JOIN tag_keywords k ON k.tag_id = a.tag_id
    WHERE a.person = 1 AND {_IN_FILE}
"""
_NOTE = """
    INSERT INTO left_alone (photo_id, tag_id, reason, since_line)
    VALUES (?, ?, ?, coalesce(?, (SELECT coalesce(max(id), 0) FROM history)))
    ON CONFLICT (photo_id, tag_id) DO UPDATE SET reason = excluded.reason,
        since_line = excluded.since_line
"""
# Both sides agree again: what another program took out is back.
_FORGET = """
    DELETE FROM left_alone AS a
    WHERE photo_id = :photo_id AND reason = 'outside'
    AND EXISTS (
        SELECT 1 FROM photo_tags t JOIN photos c ON t.photo_id = coalesce(c.leader_id, c.id)
        WHERE c.id = a.photo_id AND t.tag_id = a.tag_id AND t.state < 4
    )
    AND EXISTS (
        SELECT 1 FROM tag_keywords k
        WHERE k.tag_id = a.tag_id AND k.key IN (SELECT value FROM json_each(:held))
    )
"""


def note_outside_change(
    db: sqlite3.Connection, photo_id: PhotoId, keywords_now: Iterable[str]
) -> None:
    """Compare what a file holds with what it held when last seen, before that is replaced.

    A keyword that we put there or that a person had confirmed, and that is gone, was taken out by
    somebody: it is left alone, and no longer ours.
    """
    held = {keyword_key(keyword) for keyword in keywords_now}
    seen = db.execute("SELECT key FROM file_keywords WHERE photo_id = ?", (photo_id,))
    if not held.issuperset(row[0] for row in seen.fetchall()):
        _note_gone(db, photo_id, held)
    db.execute(_FORGET, {"photo_id": photo_id, "held": pack(held)})


def _note_gone(db: sqlite3.Connection, photo_id: PhotoId, held: set[str]) -> None:
    gone = [
        key
        for key, leaf_key in db.execute(
            "SELECT w.key, w.leaf_key FROM written_keywords w WHERE w.photo_id = ? AND EXISTS ("
            "SELECT 1 FROM file_keywords f WHERE f.photo_id = w.photo_id "
            "AND f.key IN (w.key, w.leaf_key))",
            (photo_id,),
        ).fetchall()
        if held.isdisjoint({key, leaf_key})
    ]
    tag_ids = {tag_id for key in gone for tag_id in _find_tags(db, key)}
    for tag_id in tag_ids | _find_confirmed_gone(db, photo_id, held):
        leave_alone(db, photo_id, tag_id, OUTSIDE)
    db.executemany(
        "DELETE FROM written_keywords WHERE photo_id = ? AND key = ?",
        [(photo_id, key) for key in gone],
    )


def _find_confirmed_gone(db: sqlite3.Connection, photo_id: PhotoId, held: set[str]) -> set[TagId]:
    """Tags of a person that the file said when last seen, whoever wrote them, and says no more."""
    keys: dict[TagId, set[str]] = defaultdict(set)
    values = {"ids": pack([photo_id]), "predictions_from": read_predictions_from(db)}
    for tag_id, key in db.execute(_CONFIRMED_IN_FILE, values):
        keys[TagId(tag_id)].add(key)
    return {tag_id for tag_id, forms in keys.items() if held.isdisjoint(forms)}


def leave_alone(
    db: sqlite3.Connection,
    photo_id: PhotoId,
    tag_id: TagId,
    reason: str,
    since_line: int | None = None,
) -> None:
    """Until a person decides on this tag of this photo, after `since_line` or from now on."""
    db.execute(_NOTE, (photo_id, tag_id, reason, since_line))


def leave_undone(db: sqlite3.Connection, photo_id: PhotoId, since_line: int) -> None:
    """A run was undone: wherever the file differs from the library now, it stays so.

    What a person decided after `since_line` counts before that.
    """
    values = {"ids": pack([photo_id]), "predictions_from": read_predictions_from(db)}
    db.execute("DELETE FROM left_alone WHERE photo_id = ? AND reason = 'undone'", (photo_id,))
    rows = db.execute(
        f"WITH {_WANTED} SELECT a.tag_id FROM wanted a WHERE EXISTS ("
        "SELECT 1 FROM tag_keywords k WHERE k.tag_id = a.tag_id AND NOT EXISTS ("
        "SELECT 1 FROM file_keywords f WHERE f.photo_id = a.photo_id AND f.key = k.key)) "
        "UNION SELECT k.tag_id FROM written_keywords o "
        "JOIN tag_keywords k ON k.key = o.key "
        "JOIN file_keywords f ON f.photo_id = o.photo_id AND f.key IN (o.key, o.leaf_key) "
        "WHERE o.photo_id IN (SELECT value FROM json_each(:ids)) "
        "AND k.tag_id NOT IN (SELECT tag_id FROM wanted)",
        values,
    ).fetchall()
    for (tag_id,) in rows:
        leave_alone(db, photo_id, TagId(tag_id), UNDONE, since_line)


def note_unclear(db: sqlite3.Connection, photo_id: PhotoId, keys: Iterable[str]) -> None:
    """Nobody knows whether these keywords were taken out: that is a person's to say."""
    for key in keys:
        for tag_id in _find_tags(db, key):
            leave_alone(db, photo_id, tag_id, OUTSIDE)


def write_again(db: sqlite3.Connection, ids: Iterable[PhotoId]) -> set[PhotoId]:
    """Forget what undoing a run left alone in these files; returns those that this concerns."""
    rows = db.execute(
        "DELETE FROM left_alone WHERE reason = 'undone' "
        "AND photo_id IN (SELECT value FROM json_each(?)) RETURNING photo_id",
        (pack(ids),),
    )
    return {PhotoId(row[0]) for row in rows.fetchall()}


def list_alone(db: sqlite3.Connection, ids: str) -> dict[PhotoId, set[TagId]]:
    """Photo to the tags that are left alone in its file. `ids` is packed."""
    alone: dict[PhotoId, set[TagId]] = {}
    for photo_id, tag_id in db.execute(
        f"WITH {ALONE} SELECT photo_id, tag_id FROM alone", {"ids": ids}
    ):
        alone.setdefault(PhotoId(photo_id), set()).add(TagId(tag_id))
    return alone


def list_alone_keys(db: sqlite3.Connection, ids: str) -> dict[int, set[str]]:
    """Photo to the keys of the keywords that are left alone in its file. `ids` is packed."""
    keys: dict[int, set[str]] = {}
    for photo_id, key in db.execute(
        f"WITH {ALONE} SELECT a.photo_id, k.key FROM alone a "
        "JOIN tag_keywords k ON k.tag_id = a.tag_id",
        {"ids": ids},
    ):
        keys.setdefault(photo_id, set()).add(key)
    return keys


def show_conflicts(db: sqlite3.Connection, ids: str) -> None:
    """Where a person's decision and another program's change differ, the photo says so."""
    values = {"ids": ids, "predictions_from": read_predictions_from(db)}
    sentences: dict[int, str] = {}
    for photo_id, keyword_path, is_wanted, source in db.execute(_CONFLICTS, values).fetchall():
        keyword = json.loads(keyword_path)[-1]
        sentences.setdefault(photo_id, _explain(keyword, source, is_wanted=is_wanted))
    db.execute(
        "UPDATE photos SET write_state = NULL, write_error = NULL "
        "WHERE id IN (SELECT value FROM json_each(:ids)) AND write_state = 'conflict' "
        # What stars or a label wait for is asked about until it is written.
        "AND (tag_rev <= written_rev OR id NOT IN (SELECT photo_id FROM ratings_to_write))",
        values,
    )
    db.executemany(
        "UPDATE photos SET write_state = 'conflict', write_error = ? WHERE id = ?",
        [(encode_text(sentence), photo_id) for photo_id, sentence in sentences.items()],
    )


def _explain(keyword: str, source: str | None, *, is_wanted: bool) -> str:
    if is_wanted and source == Source.FILE:
        return (
            f"Another program took out the keyword by which this is “{keyword}”. Confirm it to "
            "have it written, or reject it; until then both stay."
        )
    if is_wanted:
        return (
            f"Another program took out “{keyword}”, which you had confirmed. Confirm it again to "
            "have it written, or reject it; until then both stay."
        )
    return (
        f"Another program changed this photo while it was being written. Reject “{keyword}” again "
        "to have it taken out, or confirm it; until then both stay."
    )


def _find_tags(db: sqlite3.Connection, key: str) -> list[TagId]:
    """The tags that leave this keyword in a file.

    One whose whole keyword it is wrote it, and not another one that only ends in the same name.
    """
    rows = db.execute(
        "SELECT k.tag_id, EXISTS (SELECT 1 FROM tag_keywords o "
        "WHERE o.tag_id = k.tag_id AND instr(o.key, '|') > instr(k.key, '|')) "
        "FROM tag_keywords k WHERE k.key = ?",
        (key,),
    ).fetchall()
    whole = [TagId(tag_id) for tag_id, is_end in rows if not is_end]
    return whole or [TagId(tag_id) for tag_id, _ in rows]
