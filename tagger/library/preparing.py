"""What people prepare: crops placed by hand and posts in the making; and how sharp photos are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.ids import PhotoId
from tagger.core.names import fold_name
from tagger.library.path_text import decode_path, encode_path
from tagger.library.rows import pack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Mapping
    from datetime import datetime

    Box = tuple[float, float, float, float]


# A copy takes the place of the file that a person worked on, once that file is gone.
_COPIES = """
    FROM photos p JOIN photos twin ON twin.content_id = p.content_id AND twin.id <> p.id
    JOIN folders f ON f.id = p.folder_id
    JOIN folders g ON g.id = twin.folder_id
"""
_GONE, _TWIN_GONE = (
    f"({photo}.missing_since IS NOT NULL OR {folder}.removed_at IS NOT NULL)"
    for photo, folder in (("p", "f"), ("twin", "g"))
)


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A post in the making. `content` is text that only its maker reads."""

    name: str
    content: str


def create_preparations(db: sqlite3.Connection) -> None:
    """Crops and drafts are people's work and never dropped; sharpness can be measured again."""
    db.execute(
        """
        CREATE TABLE crops (
            photo_id INTEGER NOT NULL REFERENCES photos,
            ratio TEXT NOT NULL,
            left REAL NOT NULL,
            top REAL NOT NULL,
            width REAL NOT NULL,
            height REAL NOT NULL,
            placed_at TEXT NOT NULL,
            PRIMARY KEY (photo_id, ratio)
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute(
        """
        CREATE TABLE drafts (
            key TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            content TEXT NOT NULL,
            saved_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """
    )
    db.execute(
        "CREATE TABLE sharpness (content_id TEXT PRIMARY KEY, value REAL NOT NULL) "
        "STRICT, WITHOUT ROWID"
    )


def place_crop(
    db: sqlite3.Connection, photo_id: PhotoId, ratio: str, box: Box | None, now: datetime
) -> None:
    """Remember where a person placed the crop of this shape; None forgets it."""
    if box is None:
        db.execute(
            "DELETE FROM crops WHERE ratio = :ratio AND (photo_id = :id OR photo_id IN "
            f"(SELECT twin.id {_COPIES} WHERE p.id = :id AND {_TWIN_GONE}))",
            {"id": photo_id, "ratio": ratio},
        )
        return
    db.execute(
        "INSERT OR REPLACE INTO crops VALUES (?, ?, ?, ?, ?, ?, ?)",
        (photo_id, ratio, *box, now.isoformat()),
    )


def list_crops(
    db: sqlite3.Connection, photo_ids: Collection[PhotoId], ratio: str
) -> dict[PhotoId, Box]:
    """Left, top, width, height in shares, of those photos whose crop a person placed.

    A photo without one has that of a copy that is gone.
    """
    rows = db.execute(
        f"""
        SELECT id, left, top, width, height FROM (
            SELECT photo_id AS id, left, top, width, height, 1 AS is_own, placed_at
            FROM crops
            WHERE ratio = :ratio AND photo_id IN (SELECT value FROM json_each(:ids))
            UNION ALL
            SELECT p.id, c.left, c.top, c.width, c.height, 0, c.placed_at
            {_COPIES}
            JOIN crops c ON c.photo_id = twin.id AND c.ratio = :ratio
            WHERE p.id IN (SELECT value FROM json_each(:ids)) AND {_TWIN_GONE}
        )
        ORDER BY is_own, placed_at
        """,
        {"ids": pack(photo_ids), "ratio": ratio},
    )
    return {PhotoId(row[0]): (row[1], row[2], row[3], row[4]) for row in rows}


def find_copies(db: sqlite3.Connection, photo_ids: Collection[PhotoId]) -> dict[PhotoId, PhotoId]:
    """For photos that are gone the photo of the same content that is there, where there is one."""
    rows = db.execute(
        f"""
        SELECT p.id, min(coalesce(twin.leader_id, twin.id))
        {_COPIES}
        WHERE p.id IN (SELECT value FROM json_each(?)) AND {_GONE} AND NOT {_TWIN_GONE}
        GROUP BY p.id
        """,
        (pack(photo_ids),),
    )
    return {PhotoId(photo_id): PhotoId(copy_id) for photo_id, copy_id in rows}


def save_draft(db: sqlite3.Connection, draft: StoredDraft, now: datetime) -> None:
    """Keep a draft in place of one that has the name already, in any case."""
    db.execute(
        "INSERT OR REPLACE INTO drafts (key, name, content, saved_at) VALUES (?, ?, ?, ?)",
        (_key(draft.name), encode_path(draft.name), draft.content, now.isoformat()),
    )


def list_drafts(db: sqlite3.Connection) -> list[StoredDraft]:
    """Every draft, the newest first."""
    rows = db.execute("SELECT name, content FROM drafts ORDER BY saved_at DESC, key")
    return [StoredDraft(decode_path(name), content) for name, content in rows]


def remove_draft(db: sqlite3.Connection, name: str) -> bool:
    """Forget a draft; False where there is none."""
    return bool(db.execute("DELETE FROM drafts WHERE key = ?", (_key(name),)).rowcount)


def list_sharpness(db: sqlite3.Connection, photo_ids: Collection[PhotoId]) -> dict[PhotoId, float]:
    """How sharp photos are, of those that were measured."""
    rows = db.execute(
        "SELECT p.id, s.value FROM photos p JOIN sharpness s ON s.content_id = p.content_id "
        "WHERE p.id IN (SELECT value FROM json_each(?))",
        (pack(photo_ids),),
    )
    return {PhotoId(photo_id): value for photo_id, value in rows}


def store_sharpness(db: sqlite3.Connection, values: Mapping[PhotoId, float]) -> None:
    """Remember what was measured."""
    db.executemany(
        "INSERT OR REPLACE INTO sharpness (content_id, value) "
        "SELECT content_id, ? FROM photos WHERE id = ? AND content_id IS NOT NULL",
        [(value, photo_id) for photo_id, value in values.items()],
    )


def _key(name: str) -> str:
    return fold_name(encode_path(name))
