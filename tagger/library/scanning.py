"""From files as a scan found them to rows that keep what people decided."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.core.errors import WrongUseError
from tagger.core.ids import ContentId, FolderId, PhotoId
from tagger.core.photo import Stamp
from tagger.core.rating import normal_rating
from tagger.library.effective import settle_files
from tagger.library.heirs import hand_on
from tagger.library.identity import (
    KnownRow,
    find_at_paths,
    find_by_content,
    find_replaced,
    is_same_picture,
    match_moved,
    read_rows,
)
from tagger.library.learned_keywords import note_learned_gone
from tagger.library.left_alone import note_outside_change
from tagger.library.pairing import pair_files
from tagger.library.path_text import decode_path, encode_path
from tagger.library.photo_columns import derive_pair_key, insert_photo, store_keywords, update_photo
from tagger.library.ratings import follow_file
from tagger.library.rows import pack, split_chunks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from tagger.core.photo import ScannedPhoto
    from tagger.library.store import Store


@dataclass
class _Touched:
    """What a transaction changed, for the steps that follow up."""

    ids: set[PhotoId] = field(default_factory=set)
    contents: set[ContentId] = field(default_factory=set)
    pair_keys: dict[FolderId, set[str]] = field(default_factory=lambda: defaultdict(set))
    membership: bool = False
    read_again: set[PhotoId] = field(default_factory=set)

    def add_row(self, row: KnownRow) -> None:
        """A row as it was before."""
        self.ids.add(row.id)
        self.pair_keys[row.folder_id].add(derive_pair_key(row.rel_path))
        if row.content_id is not None:
            self.contents.add(row.content_id)


def list_known_files(db: sqlite3.Connection, folder_id: FolderId) -> dict[str, Stamp]:
    """Relative path and stamp of each file that is not missing."""
    rows = db.execute(
        "SELECT rel_path, size, mtime_ns FROM photos WHERE folder_id = ? AND missing_since IS NULL",
        (folder_id,),
    )
    return {decode_path(rel_path): Stamp(size, mtime_ns) for rel_path, size, mtime_ns in rows}


def list_known_sidecars(db: sqlite3.Connection, folder_id: FolderId) -> dict[str, str]:
    """Relative path and sidecar stamps of each present file that had sidecars when last read."""
    rows = db.execute(
        "SELECT rel_path, sidecars FROM photos "
        "WHERE folder_id = ? AND missing_since IS NULL AND sidecars <> ''",
        (folder_id,),
    )
    return {decode_path(rel_path): sidecars for rel_path, sidecars in rows}


def list_present_files(
    db: sqlite3.Connection, contents: Iterable[ContentId]
) -> dict[FolderId, list[str]]:
    """Relative paths of the files that show these pictures and are not missing, by folder."""
    found: dict[FolderId, list[str]] = defaultdict(list)
    for folder_id, rel_path in db.execute(
        "SELECT p.folder_id, p.rel_path FROM photos p "
        "JOIN folders f ON f.id = p.folder_id AND f.removed_at IS NULL "
        "WHERE p.missing_since IS NULL AND p.content_id IN (SELECT value FROM json_each(?))",
        (pack(contents),),
    ):
        found[FolderId(folder_id)].append(decode_path(rel_path))
    return found


def mark_missing(
    store: Store, folder_id: FolderId, rel_paths: Collection[str], now: datetime
) -> Changes:
    """These files are gone. Their rows stay; copies of the pictures inherit the decisions."""
    changes = Changes()
    for chunk in split_chunks(list(rel_paths)):
        with store.writing() as db:
            rows = _read_present(db, folder_id, chunk)
            changes |= _release(db, rows, now)
    return changes


def store_scan(
    store: Store, folder_id: FolderId, found: Sequence[ScannedPhoto], now: datetime
) -> Changes:
    """Store new and changed files in short transactions.

    Rows whose name another picture took are released first, all of them, so that each can be found
    again wherever its picture is now. Ending between two transactions loses nothing: the next scan
    finds the rest by content.
    """
    found = list({photo.rel_path: photo for photo in found}.values())
    with store.reading() as db:
        root = _read_root(db, folder_id)
        replaced = [row.id for row in find_replaced(db, folder_id, found, now)]
    changes = Changes()
    for ids in split_chunks(replaced):
        with store.writing() as db:
            changes |= _release(db, read_rows(db, ids), now)
    for chunk in split_chunks(found):
        with store.writing() as db:
            changes |= _store_chunk(db, _Place(folder_id, root, now), chunk)
    return changes


@dataclass(frozen=True, slots=True)
class _Place:
    folder_id: FolderId
    root: Path
    now: datetime


def _store_chunk(db: sqlite3.Connection, place: _Place, found: Sequence[ScannedPhoto]) -> Changes:
    at_paths = find_at_paths(db, place.folder_id, found, missing=False)
    gone = find_at_paths(db, place.folder_id, found, missing=True)
    fresh = [photo for photo in found if encode_path(photo.rel_path) not in at_paths]
    holders = find_by_content(db, {photo.content_id for photo in fresh if photo.content_id})
    moved = match_moved(fresh, place.folder_id, place.root, holders)
    taken = {row.id for row in moved.values()}
    touched = _Touched()
    for photo in found:
        path = encode_path(photo.rel_path)
        row = at_paths.get(path) or moved.get(photo.rel_path)
        if row is None and path in gone and gone[path].id not in taken:
            row = gone[path] if is_same_picture(photo, gone[path], holders) else None
        touched.membership |= path not in at_paths
        _store_photo(db, place, photo, row, touched)
    return _follow_up(db, touched)


def _store_photo(
    db: sqlite3.Connection,
    place: _Place,
    photo: ScannedPhoto,
    row: KnownRow | None,
    touched: _Touched,
) -> None:
    """Into its row, or into a new one."""
    if row is None:
        photo_id = insert_photo(db, place.folder_id, photo, place.now)
    else:
        touched.add_row(row)
        photo_id = row.id
        touched.read_again.add(photo_id)
        update_photo(db, photo_id, place.folder_id, photo)
    if photo.content_id is not None:
        note_outside_change(db, photo_id, photo.keywords)
        note_learned_gone(db, photo_id, photo.keywords)
        store_keywords(db, photo_id, photo.keywords)
        follow_file(db, photo_id, normal_rating(photo.rating, photo.label))
        touched.contents.add(photo.content_id)
    touched.ids.add(photo_id)
    touched.pair_keys[place.folder_id].add(derive_pair_key(encode_path(photo.rel_path)))


def _release(db: sqlite3.Connection, rows: Sequence[KnownRow], now: datetime) -> Changes:
    """The files of these rows are gone, or their names belong to others now."""
    if not rows:
        return Changes()
    db.execute(
        "UPDATE photos SET missing_since = ? WHERE id IN (SELECT value FROM json_each(?))",
        (now.isoformat(), pack(row.id for row in rows)),
    )
    touched = _Touched(membership=True)
    for row in rows:
        touched.add_row(row)
    return _follow_up(db, touched)


def _follow_up(db: sqlite3.Connection, touched: _Touched) -> Changes:
    """Pairs, heirs and the writing queue after rows came, changed or went."""
    concerned = set(touched.ids)
    for folder_id, pair_keys in touched.pair_keys.items():
        paired = pair_files(db, folder_id, pair_keys)
        touched.membership |= bool(paired)
        concerned |= paired
    concerned |= hand_on(db, touched.contents)
    settle_files(db, touched.ids)
    return Changes(
        frozenset(concerned),
        touched.membership,
        tags=bool(concerned),
        read_again=frozenset(touched.read_again),
    )


def _read_present(
    db: sqlite3.Connection, folder_id: FolderId, rel_paths: Iterable[str]
) -> list[KnownRow]:
    ids = db.execute(
        "SELECT id FROM photos WHERE folder_id = ? AND missing_since IS NULL "
        "AND rel_path IN (SELECT value FROM json_each(?))",
        (folder_id, pack(map(encode_path, rel_paths))),
    ).fetchall()
    return read_rows(db, [PhotoId(row[0]) for row in ids])


def _read_root(db: sqlite3.Connection, folder_id: FolderId) -> Path:
    row = db.execute("SELECT path FROM folders WHERE id = ?", (folder_id,)).fetchone()
    if row is None:
        raise WrongUseError("This folder is not in the library.")
    return Path(decode_path(row[0]))
