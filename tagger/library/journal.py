"""What every writing run did to files, so that it can be taken back byte for byte.

A line is stored before its file is replaced (`planned`) and closed afterwards (`done`). After a
crash the lines that are still planned tell which files to look at.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagger.core.ids import FolderId, PhotoId, RunId
from tagger.core.writes import FileChange
from tagger.library.journal_records import JournalLine, RunRow
from tagger.library.path_text import decode_path, encode_path
from tagger.library.rows import join_path, pack
from tagger.library.written_keywords import claim_ours, read_ours

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from tagger.library.journal_records import PlannedPhoto

KEPT_FOR = timedelta(days=365)
KEPT_BYTES = 256 << 20

_CREATE = (
    """
    CREATE TABLE write_runs (
        id INTEGER PRIMARY KEY,
        started_at TEXT NOT NULL,
        undoes INTEGER
    ) STRICT
    """,
    # path: the file that was written, the photo itself or a sidecar. photo_path: where the photo
    # was then. digests: of the whole file, NULL where there was or is none. since_line: the newest
    # decision of that moment.
    """
    CREATE TABLE journal (
        id INTEGER PRIMARY KEY,
        run_id INTEGER NOT NULL REFERENCES write_runs,
        photo_id INTEGER NOT NULL REFERENCES photos,
        path TEXT NOT NULL,
        photo_path TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('planned', 'done')),
        before_digest TEXT,
        after_digest TEXT,
        delta BLOB NOT NULL,
        ours_before TEXT NOT NULL,
        ours_after TEXT NOT NULL,
        since_line INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX journal_by_run ON journal (run_id)",
    "CREATE INDEX journal_planned ON journal (photo_id) WHERE state = 'planned'",
    # since_line: the newest decision of that moment; a newer one on the tag ends it.
    """
    CREATE TABLE left_alone (
        photo_id INTEGER NOT NULL REFERENCES photos,
        tag_id INTEGER NOT NULL REFERENCES tags,
        reason TEXT NOT NULL CHECK (reason IN ('outside', 'undone')),
        since_line INTEGER NOT NULL,
        PRIMARY KEY (photo_id, tag_id)
    ) STRICT, WITHOUT ROWID
    """,
    "ALTER TABLE photos ADD COLUMN sidecars TEXT NOT NULL DEFAULT ''",
)
_LINES = """
    SELECT j.id, j.run_id, j.photo_id, p.folder_id, j.path, j.before_digest, j.after_digest,
        j.delta, j.photo_path, f.path, p.rel_path,
        p.missing_since IS NULL AND f.removed_at IS NULL, j.ours_before, j.ours_after,
        j.since_line, r.undoes
    FROM journal j
    JOIN write_runs r ON r.id = j.run_id
    JOIN photos p ON p.id = j.photo_id
    JOIN folders f ON f.id = p.folder_id
"""
_RUNS = """
    SELECT r.id, r.started_at, r.undoes, count(DISTINCT j.photo_id),
        coalesce(sum(length(j.delta)), 0)
    FROM write_runs r LEFT JOIN journal j ON j.run_id = r.id
    GROUP BY r.id ORDER BY r.id DESC
"""
_ADD = """
    INSERT INTO journal (run_id, photo_id, path, photo_path, state, before_digest, after_digest,
        delta, ours_before, ours_after, since_line)
    VALUES (?, ?, ?, ?, 'planned', ?, ?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM history))
"""


def create_journal(db: sqlite3.Connection) -> None:
    """The journal of writing, what it leaves alone, and the stamps of sidecars."""
    for statement in _CREATE:
        db.execute(statement)


def begin_run(db: sqlite3.Connection, now: datetime, undoes: RunId | None) -> RunId:
    """A new run; what is too old or too much is forgotten first."""
    _drop_old_runs(db, now)
    row = db.execute(
        "INSERT INTO write_runs (started_at, undoes) VALUES (?, ?) RETURNING id",
        (now.isoformat(), undoes),
    ).fetchone()
    return RunId(row[0])


def _drop_old_runs(db: sqlite3.Connection, now: datetime) -> None:
    """Runs older than a year go, and the oldest while all need more than 256 MB.

    The newest stays, and so does what a crash left open.
    """
    oldest = (now - KEPT_FOR).isoformat()
    kept, gone = 0, []
    for number, run in enumerate(list_runs(db)):
        kept += run.size_bytes
        if number and (run.started_at.isoformat() < oldest or kept > KEPT_BYTES):
            gone.append(run.id)
    db.execute(
        "DELETE FROM journal WHERE run_id IN (SELECT value FROM json_each(?)) AND state = 'done'",
        (pack(gone),),
    )
    drop_empty_runs(db, gone)


def drop_empty_runs(db: sqlite3.Connection, run_ids: Iterable[RunId]) -> None:
    """Forget those of these runs that have no line."""
    db.execute(
        "DELETE FROM write_runs WHERE id IN (SELECT value FROM json_each(?)) "
        "AND id NOT IN (SELECT run_id FROM journal)",
        (pack(run_ids),),
    )


def list_runs(db: sqlite3.Connection) -> list[RunRow]:
    """Every run that the journal keeps, the newest first."""
    return [
        RunRow(
            RunId(run_id),
            datetime.fromisoformat(started_at),
            None if undoes is None else RunId(undoes),
            photos,
            size_bytes,
        )
        for run_id, started_at, undoes, photos, size_bytes in db.execute(_RUNS)
    ]


def add_lines(db: sqlite3.Connection, run_id: RunId, photos: Iterable[PlannedPhoto]) -> None:
    """Note what is about to be written, and that what is new in it is ours."""
    for photo in photos:
        before = _pack_keywords(read_ours(db, photo.photo_id))
        after = _pack_keywords(photo.ours)
        claim_ours(db, photo.photo_id, photo.ours)
        photo_path = encode_path(str(photo.path))
        db.executemany(
            _ADD,
            [
                (
                    run_id,
                    photo.photo_id,
                    encode_path(str(change.path)),
                    photo_path,
                    change.before_digest,
                    change.after_digest,
                    change.delta,
                    before,
                    after,
                )
                for change in photo.changes
            ],
        )


def close_lines(db: sqlite3.Connection, photo_ids: Iterable[PhotoId]) -> None:
    """All files of these photos were written as planned."""
    db.executemany(
        "UPDATE journal SET state = 'done' WHERE photo_id = ? AND state = 'planned'",
        [(photo_id,) for photo_id in photo_ids],
    )


def list_lines(db: sqlite3.Connection, run_id: RunId) -> list[JournalLine]:
    """Every file of one run, in the order of writing."""
    rows = db.execute(f"{_LINES} WHERE j.run_id = ? ORDER BY j.id", (run_id,))
    return [_read_line(row) for row in rows]


def list_planned(db: sqlite3.Connection) -> list[JournalLine]:
    """What was about to be written when the program ended."""
    rows = db.execute(f"{_LINES} WHERE j.state = 'planned' ORDER BY j.id")
    return [_read_line(row) for row in rows]


def _pack_keywords(keywords: Iterable[str]) -> str:
    return json.dumps([encode_path(keyword) for keyword in keywords])


def _unpack_keywords(text: str) -> tuple[str, ...]:
    return tuple(decode_path(keyword) for keyword in json.loads(text))


def _read_line(row: tuple[Any, ...]) -> JournalLine:
    line_id, run_id, photo_id, folder_id, *change, photo_path = row[:9]
    folder, rel_path, is_present, ours_before, ours_after, since_line, undoes = row[9:]
    return JournalLine(
        id=line_id,
        run_id=RunId(run_id),
        photo_id=PhotoId(photo_id),
        folder_id=FolderId(folder_id),
        change=FileChange(Path(decode_path(change[0])), *change[1:]),
        photo_path=Path(decode_path(photo_path)),
        photo_now=join_path(folder, rel_path) if is_present else None,
        ours_before=_unpack_keywords(ours_before),
        ours_after=_unpack_keywords(ours_after),
        since_line=since_line,
        undoes=None if undoes is None else RunId(undoes),
    )
