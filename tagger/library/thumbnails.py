"""Small pictures by content: a cache in a file of its own, which may be thrown away at any time."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from tagger.core.errors import LibraryError
from tagger.library.cache_file import open_cache
from tagger.library.rows import pack
from tagger.library.upkeep import vacuum

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

LIMIT_BYTES = 4 << 30
"""About 160,000 thumbnails."""

_CHECK_EVERY = 500
_TABLE = """
    CREATE TABLE IF NOT EXISTS thumbnails (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        jpeg BLOB NOT NULL
    ) STRICT
"""


class ThumbnailStore:
    """`thumbnails.db`. A damaged one is thrown away; above its limit the oldest go.

    Safe to use from any thread. A cache that can't be written is no error: thumbnails are then made
    again when they are needed.

    Args:
        limit_bytes: of all thumbnails together, looked at now and then.
    """

    def __init__(
        self, path: Path, *, limit_bytes: int = LIMIT_BYTES, busy_timeout_ms: int = 2_000
    ) -> None:
        self._limit_bytes = limit_bytes
        self._stored = 0
        self._lock = Lock()
        # OFF: after a power cut the file may be damaged, and is then made anew.
        self._store = open_cache(path, _TABLE, busy_timeout_ms, synchronous="OFF")

    def load(self, key: str) -> bytes | None:
        """The thumbnail with this key, None when there is none."""
        try:
            with self._store.reading() as db:
                row = db.execute("SELECT jpeg FROM thumbnails WHERE key = ?", (key,)).fetchone()
        except LibraryError:
            return None
        return None if row is None else bytes(row[0])

    def save(self, key: str, jpeg: bytes) -> None:
        """Keep a thumbnail, instead of an older one with this key."""
        try:
            with self._store.writing() as db:
                db.execute(
                    "INSERT OR REPLACE INTO thumbnails (key, jpeg) VALUES (?, ?)", (key, jpeg)
                )
            if self._is_time_to_check():
                self._drop_oldest()
        except LibraryError:
            return

    def keep_only(self, keys: Collection[str]) -> None:
        """Forget all others and give their space back.

        Raises:
            LibraryError: the disk refuses.
        """
        with self._store.writing() as db:
            db.execute(
                "DELETE FROM thumbnails WHERE key NOT IN (SELECT value FROM json_each(?))",
                (pack(keys),),
            )
        with self._store.undisturbed() as db:
            vacuum(db)

    def close(self) -> None:
        """Close every connection, after running calls have ended."""
        self._store.close()

    def _is_time_to_check(self) -> bool:
        with self._lock:
            self._stored += 1
            return self._stored % _CHECK_EVERY == 1

    def _drop_oldest(self) -> None:
        """Make room for a tenth of the limit when it is reached."""
        with self._store.writing() as db:
            total = db.execute("SELECT coalesce(sum(length(jpeg)), 0) FROM thumbnails").fetchone()
            excess = total[0] - self._limit_bytes
            if excess <= 0:
                return
            db.execute(
                "DELETE FROM thumbnails WHERE id IN (SELECT id FROM ("
                "SELECT id, sum(length(jpeg)) OVER (ORDER BY id) - length(jpeg) AS older "
                "FROM thumbnails) WHERE older < ?)",
                (excess + self._limit_bytes // 10,),
            )
