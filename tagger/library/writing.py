"""The queue for writing keywords to files, and what came of it."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.core.errors import WrongUseError
from tagger.core.ids import ContentId, FolderId, PhotoId
from tagger.core.photo import FileState, Stamp
from tagger.core.rating import NOTHING_PENDING
from tagger.core.writes import PendingWrite
from tagger.library.effective import bump_revision, settle_files
from tagger.library.journal import close_lines
from tagger.library.learned_keywords import note_learned_gone
from tagger.library.left_alone import ALONE, list_alone_keys, note_outside_change
from tagger.library.path_text import decode_path
from tagger.library.photo_columns import store_keywords
from tagger.library.ratings import follow_files, read_pending, store_ratings_written
from tagger.library.rows import encode_text, join_path, pack
from tagger.library.settings import PREDICTIONS_FROM, read_predictions_from, store_setting
from tagger.library.shared_sidecars import pass_on_stamps
from tagger.library.written_keywords import add_ours, keep_ours

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Sequence

    from tagger.library.records import WrittenFile

_STORED_STATES = {FileState.FAILED, FileState.CONFLICT, FileState.READ_ONLY, FileState.OFFLINE}

_QUEUE = """
    FROM photos c INDEXED BY photos_to_write
    WHERE c.tag_rev > c.written_rev AND c.missing_since IS NULL
    AND c.folder_id IN (SELECT value FROM json_each(:folders))
"""
_PENDING = f"""
    SELECT c.id, (SELECT path FROM folders WHERE id = c.folder_id), c.rel_path, c.size,
        c.mtime_ns, c.tag_rev
    {_QUEUE} AND c.id > :after
    ORDER BY c.id LIMIT :limit
"""
_WANTED = f"""
    WITH {ALONE}
    SELECT c.id, t.keyword_path
    FROM photos c
    JOIN photo_tags pt ON pt.photo_id = coalesce(c.leader_id, c.id)
    JOIN tags t ON t.id = pt.tag_id
    LEFT JOIN alone ON alone.photo_id = c.id AND alone.tag_id = pt.tag_id
    WHERE c.id IN (SELECT value FROM json_each(:ids)) AND alone.tag_id IS NULL
    AND (pt.state IN (2, 3) OR (pt.state = 1 AND pt.score >= :predictions_from))
    ORDER BY pt.tag_id
"""


def count_unwritten(db: sqlite3.Connection, folder_ids: Collection[FolderId]) -> int:
    """How many files of these folders wait for their keywords."""
    row = db.execute(f"SELECT count(*) {_QUEUE}", {"folders": pack(folder_ids)}).fetchone()
    return int(row[0])


def list_unwritten(
    db: sqlite3.Connection,
    folder_ids: Collection[FolderId],
    limit: int,
    after: PhotoId | None,
) -> list[PendingWrite]:
    """Files that wait for their keywords, by rising id."""
    rows = _read_queue(db, folder_ids, limit, after)
    ids = pack(row[0] for row in rows)
    wanted = _read_wanted(db, ids)
    ours = _read_keywords(db, "written_keywords", "key", ids)
    base = _read_keywords(db, "file_keywords", "position", ids)
    rated = read_pending(db, ids)
    alone = list_alone_keys(db, ids)
    return [
        PendingWrite(
            photo_id=PhotoId(photo_id),
            path=join_path(folder, rel_path),
            stamp=Stamp(size, mtime_ns),
            tag_rev=tag_rev,
            wanted=tuple(wanted[photo_id]),
            ours=tuple(ours[photo_id]),
            base=tuple(base[photo_id]),
            rating=rated.get(photo_id, NOTHING_PENDING),
            left_alone=frozenset(alone.get(photo_id, ())),
        )
        for photo_id, folder, rel_path, size, mtime_ns, tag_rev in rows
    ]


def _read_queue(
    db: sqlite3.Connection,
    folder_ids: Collection[FolderId],
    limit: int,
    after: PhotoId | None,
) -> list[tuple[int, str, str, int, int, int]]:
    return db.execute(
        _PENDING, {"folders": pack(folder_ids), "after": after or 0, "limit": limit}
    ).fetchall()


def _read_wanted(db: sqlite3.Connection, ids: str) -> dict[int, list[tuple[str, ...]]]:
    """Photo to the keyword paths that its file should hold."""
    wanted: dict[int, list[tuple[str, ...]]] = defaultdict(list)
    for photo_id, keyword_path in db.execute(
        _WANTED, {"ids": ids, "predictions_from": read_predictions_from(db)}
    ):
        wanted[photo_id].append(tuple(json.loads(keyword_path)))
    return wanted


def store_written(
    db: sqlite3.Connection, written: Sequence[WrittenFile]
) -> list[tuple[ContentId, ContentId]]:
    """The files hold what was planned; what was decided meanwhile stays in the queue.

    What another program took out since the last look was not written again and is noted first.
    Returns the old and the new id of pictures that are the same under a new one.
    """
    renamed = _list_renamed(db, written)
    pass_on_stamps(db, written)
    for one in written:
        note_outside_change(db, one.photo_id, one.keywords_before)
        note_learned_gone(db, one.photo_id, one.keywords_before)
        add_ours(db, one.photo_id, one.ours)
        keep_ours(db, one.photo_id, one.ours)
        store_keywords(db, one.photo_id, one.keywords)
    db.executemany(
        "UPDATE photos SET written_rev = ?, size = ?, mtime_ns = ?, sidecars = ?, "
        "content_id = coalesce(?, content_id), write_state = NULL, write_error = NULL WHERE id = ?",
        [
            (
                one.tag_rev,
                one.stamp.size,
                one.stamp.mtime_ns,
                one.sidecars,
                one.content_id,
                one.photo_id,
            )
            for one in written
        ],
    )
    ids = [one.photo_id for one in written]
    rated = read_pending(db, pack(ids))
    for one in written:
        if one.rating or one.photo_id in rated:
            store_ratings_written(db, one.photo_id, one.rating)
    follow_files(db, {one.photo_id: one.in_file for one in written if one.in_file})
    close_lines(db, ids)
    settle_files(db, ids)
    return renamed


def _list_renamed(
    db: sqlite3.Connection, written: Sequence[WrittenFile]
) -> list[tuple[ContentId, ContentId]]:
    renamed = []
    for one in written:
        if one.content_id is not None:
            (old,) = db.execute(
                "SELECT content_id FROM photos WHERE id = ?", (one.photo_id,)
            ).fetchone()
            if old is not None:
                renamed.append((ContentId(old), one.content_id))
    return renamed


def store_write_problem(
    db: sqlite3.Connection, photo_id: PhotoId, state: FileState, sentence: str
) -> Changes:
    """Writing did not work; the file stays in the queue."""
    if state not in _STORED_STATES:
        raise WrongUseError(f"{state} is no problem with writing.")
    db.execute(
        "UPDATE photos SET write_state = ?, write_error = ? WHERE id = ?",
        (state, encode_text(sentence), photo_id),
    )
    return Changes(frozenset({photo_id}))


def store_away(db: sqlite3.Connection, folder_ids: Collection[FolderId], sentence: str) -> Changes:
    """What waits in these folders waits for its drive; elsewhere no longer."""
    away = db.execute(
        "UPDATE photos SET write_state = 'offline', write_error = ? WHERE id IN ("
        f"SELECT c.id {_QUEUE.replace(':folders', '?')}) "
        "AND (write_state IS NULL OR write_state NOT IN ('offline', 'conflict')) RETURNING id",
        (sentence, pack(folder_ids)),
    ).fetchall()
    back = db.execute(
        "UPDATE photos SET write_state = NULL, write_error = NULL "
        "WHERE (error IS NOT NULL OR write_state IS NOT NULL) AND write_state = 'offline' "
        "AND folder_id NOT IN (SELECT value FROM json_each(?)) RETURNING id",
        (pack(folder_ids),),
    ).fetchall()
    return Changes(frozenset(PhotoId(row[0]) for row in (*away, *back)))


def change_setting(db: sqlite3.Connection, key: str, value: str | None) -> Changes:
    """Store a setting; files that should hold more or fewer predictions now wait for writing."""
    before = read_predictions_from(db)
    store_setting(db, key, value)
    after = read_predictions_from(db)
    if key != PREDICTIONS_FROM or before == after:
        return Changes()
    rows = db.execute(
        "WITH leader (id) AS (SELECT DISTINCT photo_id FROM photo_tags "
        "WHERE state = 1 AND score >= ? AND score < ?) "
        "SELECT id FROM leader UNION "
        "SELECT c.id FROM photos c WHERE c.leader_id IN (SELECT id FROM leader)",
        (min(before, after), max(before, after)),
    )
    carriers = [PhotoId(row[0]) for row in rows]
    bump_revision(db, carriers)
    settle_files(db, carriers)
    return Changes(frozenset(carriers))


def _read_keywords(
    db: sqlite3.Connection, table: str, order: str, ids: str
) -> dict[int, list[str]]:
    keywords: dict[int, list[str]] = defaultdict(list)
    for photo_id, keyword in db.execute(
        f"SELECT photo_id, keyword FROM {table} "
        f"WHERE photo_id IN (SELECT value FROM json_each(?)) ORDER BY photo_id, {order}",
        (ids,),
    ):
        keywords[photo_id].append(decode_path(keyword))
    return keywords
