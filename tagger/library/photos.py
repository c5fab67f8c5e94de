"""Reading what is known of single photos, by primary key."""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from tagger.core.errors import WrongUseError
from tagger.core.ids import FolderId, PhotoId
from tagger.core.photo import FileState
from tagger.core.tag import PhotoTag, Source, Verdict
from tagger.library.effective import STATES_BY_CODE, list_members
from tagger.library.path_text import decode_path, encode_path
from tagger.library.records import HistoryLine, PhotoRow
from tagger.library.rows import decode_text, decode_time, join_path, pack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

_PHOTOS = """
    SELECT p.id, f.path, p.rel_path, p.folder_id, p.taken_at, p.camera, p.width, p.height,
        p.rating, p.label, p.shoot, p.error, p.missing_since IS NOT NULL,
        p.tagged_by IS NULL OR p.tagged_by IS NOT (SELECT id FROM models WHERE in_use = 1)
    FROM photos p JOIN folders f ON f.id = p.folder_id
    WHERE p.id IN (SELECT value FROM json_each(?))
"""
_CARRIERS = """
    SELECT c.id, coalesce(c.leader_id, c.id), f.path, c.rel_path, c.tag_rev > c.written_rev,
        c.write_state, c.write_error
    FROM photos c JOIN folders f ON f.id = c.folder_id
    WHERE c.id IN (SELECT value FROM json_each(:ids))
    OR c.leader_id IN (SELECT value FROM json_each(:ids))
    ORDER BY c.rel_path
"""
_WORST_FIRST = (
    FileState.CONFLICT,
    FileState.FAILED,
    FileState.READ_ONLY,
    FileState.OFFLINE,
    FileState.PENDING,
    FileState.IN_STEP,
)


class _Carriers:
    """The files of one photo: how they stand, and the RAW companions."""

    def __init__(self) -> None:
        self.state = FileState.IN_STEP
        self.write_error: str | None = None
        self.companions: list[Path] = []

    def add(self, companion: Path | None, state: FileState, write_error: str | None) -> None:
        if companion is not None:
            self.companions.append(companion)
        if _WORST_FIRST.index(state) < _WORST_FIRST.index(self.state):
            self.state, self.write_error = state, write_error


def find_photo(db: sqlite3.Connection, path: Path) -> PhotoRow:
    """The photo of this absolute path, or the one that leads it.

    Raises:
        WrongUseError: it is not in the library.
    """
    photo_id = find_photo_id(db, path)
    if photo_id is None:
        raise WrongUseError(f"{path} is not in the library; add its folder first.")
    return read_photo_rows(db, [photo_id])[0]


def find_photo_id(db: sqlite3.Connection, path: Path) -> PhotoId | None:
    """The id of the photo at this absolute path, present ones first; a leader for a companion."""
    text = os.path.abspath(path)  # noqa: PTH100 -- resolve() would follow links
    for folder_id, folder in db.execute("SELECT id, path FROM folders WHERE removed_at IS NULL"):
        root = decode_path(folder).rstrip(os.sep) + os.sep
        if not text.startswith(root):
            continue
        rel_path = encode_path(text[len(root) :].replace(os.sep, "/"))
        row = db.execute(
            "SELECT coalesce(leader_id, id) FROM photos WHERE folder_id = ? AND rel_path = ? "
            "ORDER BY missing_since IS NOT NULL, id DESC LIMIT 1",
            (folder_id, rel_path),
        ).fetchone()
        if row is not None:
            return PhotoId(row[0])
    return None


def read_photo_rows(db: sqlite3.Connection, ids: Sequence[PhotoId]) -> list[PhotoRow]:
    """Rows in the order of `ids`; unknown ones are left out."""
    packed = pack(ids)
    tags = _read_tags(db, packed)
    carriers = _read_carriers(db, packed)
    rows = {}
    for row in db.execute(_PHOTOS, (packed,)):
        photo_id = PhotoId(row[0])
        files = carriers[photo_id]
        rows[photo_id] = PhotoRow(
            id=photo_id,
            path=join_path(row[1], row[2]),
            folder_id=FolderId(row[3]),
            taken_at=decode_time(row[4]),
            camera=decode_text(row[5]),
            width=row[6],
            height=row[7],
            rating=row[8],
            label=decode_text(row[9]),
            shoot=decode_path(row[10]),
            error=decode_text(row[11]),
            is_missing=bool(row[12]),
            needs_tags=bool(row[13]),
            file_state=files.state,
            write_error=files.write_error,
            tags=tuple(tags[photo_id]),
            companions=tuple(files.companions),
        )
    return [rows[photo_id] for photo_id in ids if photo_id in rows]


def read_scores(db: sqlite3.Connection, photo_id: PhotoId) -> dict[str, float]:
    """The score of each class, best first."""
    rows = db.execute(
        "SELECT t.name, pr.score FROM predictions pr JOIN tags t ON t.id = pr.tag_id "
        "WHERE pr.photo_id = ? ORDER BY pr.score DESC, t.id",
        (photo_id,),
    )
    return dict(rows.fetchall())


def read_history(db: sqlite3.Connection, photo_id: PhotoId) -> list[HistoryLine]:
    """Every decision on this exposure, and those that it inherited; the newest first."""
    rows = db.execute(
        """
        WITH RECURSIVE line (id) AS (
            SELECT id FROM history WHERE photo_id IN (SELECT value FROM json_each(:ids))
            UNION
            SELECT line_id FROM decisions WHERE photo_id IN (SELECT value FROM json_each(:ids))
            UNION
            SELECT h.previous_id FROM line JOIN history h ON h.id = line.id
            WHERE h.previous_id IS NOT NULL
        )
        SELECT b.decided_at, b.label, b.source, t.name, h.verdict, h.score, b.state
        FROM line
        JOIN history h ON h.id = line.id
        JOIN batches b ON b.id = h.batch_id
        JOIN tags t ON t.id = h.tag_id
        ORDER BY h.id DESC
        """,
        {"ids": pack(list_members(db, [photo_id]))},
    )
    return [
        HistoryLine(
            decided_at=datetime.fromisoformat(decided_at),
            label=label,
            source=Source(source),
            tag=tag,
            verdict=None if verdict is None else Verdict(verdict),
            score=score,
            is_undone=state != "done",
        )
        for decided_at, label, source, tag, verdict, score, state in rows
    ]


def read_file_keywords(db: sqlite3.Connection, photo_id: PhotoId) -> tuple[str, ...]:
    """What the file held when it was last seen, in its order."""
    rows = db.execute(
        "SELECT keyword FROM file_keywords WHERE photo_id = ? ORDER BY position", (photo_id,)
    )
    return tuple(decode_path(row[0]) for row in rows)


def _read_tags(db: sqlite3.Connection, ids: str) -> dict[PhotoId, list[PhotoTag]]:
    rows = db.execute(
        "SELECT pt.photo_id, t.name, pt.score, pt.state FROM photo_tags pt "
        "JOIN tags t ON t.id = pt.tag_id "
        "WHERE pt.photo_id IN (SELECT value FROM json_each(?)) "
        "ORDER BY pt.score DESC, pt.tag_id",
        (ids,),
    )
    tags: dict[PhotoId, list[PhotoTag]] = defaultdict(list)
    for photo_id, name, score, state in rows:
        tags[PhotoId(photo_id)].append(PhotoTag(name, score, STATES_BY_CODE[state]))
    return tags


def _read_carriers(db: sqlite3.Connection, ids: str) -> dict[PhotoId, _Carriers]:
    carriers: dict[PhotoId, _Carriers] = defaultdict(_Carriers)
    for row in db.execute(_CARRIERS, {"ids": ids}):
        photo_id, leader_id, folder, rel_path, is_pending, write_state, write_error = row
        companion = join_path(folder, rel_path) if photo_id != leader_id else None
        state = FileState.PENDING if is_pending else FileState.IN_STEP
        if write_state is not None and (is_pending or write_state == FileState.CONFLICT):
            state = FileState(write_state)
        carriers[PhotoId(leader_id)].add(companion, state, decode_text(write_error))
    return carriers
