"""Drives that are mounted at a folder of the library or somewhere below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.library.path_text import decode_path, encode_path

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from tagger.core.ids import FolderId


def create_mounts(db: sqlite3.Connection) -> None:
    """Where a drive was when the folder was last looked through: `dir` is below it, or empty."""
    db.execute(
        """
        CREATE TABLE mounts (
            folder_id INTEGER NOT NULL REFERENCES folders,
            dir TEXT NOT NULL,
            PRIMARY KEY (folder_id, dir)
        ) STRICT, WITHOUT ROWID
        """
    )


def read_mounts(db: sqlite3.Connection, folder_id: FolderId) -> set[str]:
    """The places below a folder where drives were."""
    rows = db.execute("SELECT dir FROM mounts WHERE folder_id = ?", (folder_id,))
    return {decode_path(row[0]) for row in rows}


def store_mounts(db: sqlite3.Connection, folder_id: FolderId, dirs: Iterable[str]) -> None:
    """Exactly these are the places now."""
    db.execute("DELETE FROM mounts WHERE folder_id = ?", (folder_id,))
    db.executemany(
        "INSERT INTO mounts (folder_id, dir) VALUES (?, ?)",
        [(folder_id, encode_path(path)) for path in dirs],
    )
