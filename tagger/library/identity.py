"""Which row a file on disk belongs to, when names and pictures move.

A path is no identity: photographers rename, renumber, move and copy. The content id is one, but
an edited picture has a new one. Hence, for a known path with another content:

- another capture time: another photo took the name;
- a content that another row had, while that row's file has just gone or changed too, or while the
  old content turned up elsewhere: the names moved on, the picture kept its row. A file that went
  long ago did not come here: it was a copy of this photo, which is back at what it was;
- else the picture was edited and the row stays.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tagger.core.ids import ContentId, FolderId, PhotoId
from tagger.library.path_text import encode_path
from tagger.library.rows import encode_time, join_path, pack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from tagger.core.photo import ScannedPhoto


@dataclass(frozen=True, slots=True)
class KnownRow:
    """What tells one row from another. `is_gone`: missing, or in a folder that was removed.

    `missing_since` is ISO 8601 in UTC.
    """

    id: PhotoId
    folder_id: FolderId
    rel_path: str
    path: Path
    content_id: ContentId | None
    taken_at: str | None
    missing_since: str | None
    is_gone: bool


_JUST_GONE = timedelta(days=1)
_SELECT = """
    SELECT p.id, p.folder_id, p.rel_path, f.path, p.content_id, p.taken_at,
        p.missing_since, p.missing_since IS NOT NULL OR f.removed_at IS NOT NULL
    FROM photos p JOIN folders f ON f.id = p.folder_id
"""


def find_at_paths(
    db: sqlite3.Connection, folder_id: FolderId, found: Iterable[ScannedPhoto], *, missing: bool
) -> dict[str, KnownRow]:
    """Rows by stored path: the present one, or of missing ones the newest."""
    state = "IS NOT NULL" if missing else "IS NULL"
    rows = db.execute(
        f"{_SELECT} WHERE p.folder_id = ? AND p.missing_since {state} "
        "AND p.rel_path IN (SELECT value FROM json_each(?)) ORDER BY p.id",
        (folder_id, pack(encode_path(photo.rel_path) for photo in found)),
    )
    return {row.rel_path: row for row in map(_read_row, rows)}


def read_rows(db: sqlite3.Connection, ids: Iterable[PhotoId]) -> list[KnownRow]:
    """The rows of these ids."""
    rows = db.execute(f"{_SELECT} WHERE p.id IN (SELECT value FROM json_each(?))", (pack(ids),))
    return [_read_row(row) for row in rows]


def find_by_content(
    db: sqlite3.Connection, contents: Iterable[ContentId]
) -> dict[ContentId, list[KnownRow]]:
    """Every row that has one of these contents, present or not."""
    rows = db.execute(
        f"{_SELECT} WHERE p.content_id IN (SELECT value FROM json_each(?))", (pack(contents),)
    )
    by_content: dict[ContentId, list[KnownRow]] = defaultdict(list)
    for row in map(_read_row, rows):
        if row.content_id is not None:
            by_content[row.content_id].append(row)
    return by_content


def find_replaced(
    db: sqlite3.Connection, folder_id: FolderId, found: Sequence[ScannedPhoto], now: datetime
) -> list[KnownRow]:
    """Present rows whose path another photo has taken."""
    at_paths = find_at_paths(db, folder_id, found, missing=False)
    changed = [
        (photo, row)
        for photo in found
        if (row := at_paths.get(encode_path(photo.rel_path))) is not None
        and None not in {photo.content_id, row.content_id}
        and photo.content_id != row.content_id
    ]
    if not changed:
        return []
    contents = {item.content_id for pair in changed for item in pair}
    holders = find_by_content(db, {content for content in contents if content is not None})
    content_at = {encode_path(photo.rel_path): photo.content_id for photo in found}
    scan = _Scan(folder_id, content_at, frozenset(content_at.values()), holders, now)
    return [row for photo, row in changed if _is_replaced(photo, row, scan)]


def match_moved(
    found: Sequence[ScannedPhoto],
    folder_id: FolderId,
    root: Path,
    holders: Mapping[ContentId, Sequence[KnownRow]],
) -> dict[str, KnownRow]:
    """For new paths the row of the photo that moved there; by relative path.

    Where several rows or paths compete: the same path, else the same name, else the same folder.
    """
    offers = sorted(
        (
            (_distance(photo, folder_id, root, row), order, row.id, photo, row)
            for order, photo in enumerate(found)
            if photo.content_id is not None
            for row in holders.get(photo.content_id, ())
            if row.missing_since is not None or (row.is_gone and row.path == root / photo.rel_path)
        ),
        key=lambda offer: offer[:3],
    )
    moved: dict[str, KnownRow] = {}
    taken: set[PhotoId] = set()
    for *_, photo, row in offers:
        if photo.rel_path not in moved and row.id not in taken:
            moved[photo.rel_path] = row
            taken.add(row.id)
    return moved


def is_same_picture(
    photo: ScannedPhoto, row: KnownRow, holders: Mapping[ContentId, Sequence[KnownRow]]
) -> bool:
    """Whether a file that came back to a path is the photo that was there, perhaps edited."""
    if None in {photo.content_id, row.content_id} or photo.content_id == row.content_id:
        return True
    if _has_other_time(photo, row):
        return False
    return photo.content_id is None or not holders.get(photo.content_id)


@dataclass(frozen=True, slots=True)
class _Scan:
    """One scan as a whole, against the rows that have its contents.

    Attributes:
        content_at: stored path to what lies there now.
        contents: all that lies anywhere in this scan.
        holders: content to the rows that had it before the scan.
    """

    folder_id: FolderId
    content_at: Mapping[str, ContentId | None]
    contents: frozenset[ContentId | None]
    holders: Mapping[ContentId, Sequence[KnownRow]]
    now: datetime

    def others(self, content_id: ContentId | None, row: KnownRow) -> list[KnownRow]:
        """Other rows that had this content."""
        holders = () if content_id is None else self.holders.get(content_id, ())
        return [holder for holder in holders if holder.id != row.id]

    def has_left(self, row: KnownRow) -> bool:
        """Whether the row's picture is no longer at its path."""
        if row.is_gone or row.folder_id != self.folder_id:
            return row.is_gone
        return self.content_at.get(row.rel_path, row.content_id) not in {row.content_id, None}

    def may_have_moved(self, row: KnownRow) -> bool:
        """Whether the row's picture left its path, and not so long ago that it was no move."""
        if row.missing_since is not None:
            return self.now - datetime.fromisoformat(row.missing_since) < _JUST_GONE
        return self.has_left(row)


def _is_replaced(photo: ScannedPhoto, row: KnownRow, scan: _Scan) -> bool:
    if _has_other_time(photo, row):
        return True
    holders = scan.others(photo.content_id, row)
    if any(scan.may_have_moved(holder) for holder in holders):
        return True
    is_elsewhere = row.content_id in scan.contents or any(
        not scan.has_left(other) for other in scan.others(row.content_id, row)
    )
    return bool(holders) and is_elsewhere


def _has_other_time(photo: ScannedPhoto, row: KnownRow) -> bool:
    taken_at = encode_time(photo.capture.taken_at)
    return taken_at is not None and row.taken_at is not None and taken_at[:19] != row.taken_at[:19]


def _distance(
    photo: ScannedPhoto, folder_id: FolderId, root: Path, row: KnownRow
) -> tuple[bool, bool, bool]:
    path = root / photo.rel_path
    return (path != row.path, path.name != row.path.name, folder_id != row.folder_id)


def _read_row(
    row: tuple[int, int, str, str, ContentId | None, str | None, str | None, int],
) -> KnownRow:
    photo_id, folder_id, rel_path, folder, content_id, taken_at, missing, is_gone = row
    return KnownRow(
        PhotoId(photo_id),
        FolderId(folder_id),
        rel_path,
        join_path(folder, rel_path),
        content_id,
        taken_at,
        missing,
        bool(is_gone),
    )
