"""Closing what a crash left open in the journal, and what undoing a run leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.ids import ContentId
from tagger.core.keywords import keyword_key
from tagger.library.effective import bump_revision, settle_files
from tagger.library.journal import close_lines, drop_empty_runs
from tagger.library.left_alone import leave_undone, note_unclear
from tagger.library.path_text import encode_path
from tagger.library.rows import pack
from tagger.library.written_keywords import replace_ours

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from tagger.core.ids import PhotoId
    from tagger.library.journal_records import CrashFinding, JournalLine

# Of formats whose content id is a hash of the whole file, it is the digest that the journal keeps.
_RENAMED = """
    SELECT p.id, p.content_id, j.after_digest
    FROM journal j JOIN photos p ON p.id = j.photo_id
    WHERE j.state = 'planned' AND j.after_digest IS NOT NULL AND j.before_digest = p.content_id
    AND j.photo_id IN (SELECT value FROM json_each(?))
"""
_ADD_HELD = """
    INSERT OR IGNORE INTO file_keywords (photo_id, key, keyword, position)
    VALUES (:photo_id, :key, :keyword, (
        SELECT coalesce(max(position), 0) + 1 FROM file_keywords WHERE photo_id = :photo_id
    ))
"""


def follow_pictures(
    db: sqlite3.Connection, photo_ids: Iterable[PhotoId]
) -> list[tuple[ContentId, ContentId]]:
    """Files that were written as planned show the same pictures; their open lines say so.

    Returns the old and the new id of those that have another one now.
    """
    renamed = db.execute(_RENAMED, (pack(photo_ids),)).fetchall()
    db.executemany(
        "UPDATE photos SET content_id = ? WHERE id = ?",
        [(new, photo_id) for photo_id, _, new in renamed],
    )
    return [(ContentId(old), ContentId(new)) for _, old, new in renamed]


def settle_lines(
    db: sqlite3.Connection, finding: CrashFinding
) -> list[tuple[ContentId, ContentId]]:
    """Close lines as the files were found.

    Written files wait again, for decisions may have been made since. Of unclear ones nobody knows
    whether they were written before another program changed them: they count as written, and where
    a keyword of them is missing or there against a person's word now, the person is asked.
    Returns the old and the new id of pictures that are the same under a new one.
    """
    renamed = follow_pictures(db, {line.photo_id for line in finding.written})
    for line in finding.untouched:
        db.execute("DELETE FROM journal WHERE id = ?", (line.id,))
        if not _has_more(db, line):
            replace_ours(db, line.photo_id, line.ours_before)
    for line in finding.written:
        _forget_held(db, line)
        replace_ours(db, line.photo_id, line.ours_after)
    for line in finding.unclear:
        note_unclear(db, line.photo_id, _list_taken_out(line) | _list_put_in(line))
    for line in (*finding.written, *finding.unclear):
        _add_held(db, line)
        db.execute("UPDATE journal SET state = 'done' WHERE id = ?", (line.id,))
    bump_revision(db, {line.photo_id for line in (*finding.written, *finding.unclear)})
    drop_empty_runs(db, {line.run_id for line in finding.untouched})
    return renamed


def store_undone(db: sqlite3.Connection, line: JournalLine) -> None:
    """Files of this photo are as they were; they stay so until a person decides again."""
    replace_ours(db, line.photo_id, line.ours_after)
    leave_undone(db, line.photo_id, line.since_line)
    close_lines(db, [line.photo_id])
    bump_revision(db, [line.photo_id])
    settle_files(db, [line.photo_id])


def _has_more(db: sqlite3.Connection, line: JournalLine) -> bool:
    """Whether another file of the photo was written in this run."""
    row = db.execute(
        "SELECT 1 FROM journal WHERE run_id = ? AND photo_id = ? LIMIT 1",
        (line.run_id, line.photo_id),
    ).fetchone()
    return row is not None


def _add_held(db: sqlite3.Connection, line: JournalLine) -> None:
    """The next look at the file compares with what was planned."""
    for keyword in line.ours_after:
        key = keyword_key(keyword)
        values = {"photo_id": line.photo_id, "key": key, "keyword": encode_path(keyword)}
        db.execute(_ADD_HELD, values)


def _forget_held(db: sqlite3.Connection, line: JournalLine) -> None:
    """A keyword stood in the file by its path and by its last name; we took out both."""
    kept = {keyword_key(_leaf(keyword)) for keyword in line.ours_after}
    leaves = {keyword_key(_leaf(keyword)) for keyword in line.ours_before} - kept
    db.execute(
        "DELETE FROM file_keywords WHERE photo_id = ? AND key IN (SELECT value FROM json_each(?))",
        (line.photo_id, pack(_list_taken_out(line) | leaves)),
    )


def _leaf(keyword: str) -> str:
    return keyword.rsplit("|", maxsplit=1)[-1]


def _list_taken_out(line: JournalLine) -> set[str]:
    """Keys of keywords of ours that were to go."""
    after = set(map(keyword_key, line.ours_after))
    return set(map(keyword_key, line.ours_before)) - after


def _list_put_in(line: JournalLine) -> set[str]:
    """Keys of keywords that were to be ours; another program may have put them there instead."""
    before = set(map(keyword_key, line.ours_before))
    return set(map(keyword_key, line.ours_after)) - before
