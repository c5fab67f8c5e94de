"""Feature vectors by picture and backbone: a cache in a file of its own, so backups stay small."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tagger.core.errors import LibraryError
from tagger.library.cache_file import delete_cache, open_cache
from tagger.library.complaints import is_damage
from tagger.library.rows import pack
from tagger.library.upkeep import vacuum

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from tagger.core.ids import ContentId
    from tagger.library.store import Store

_TABLE = """
    CREATE TABLE IF NOT EXISTS features (
        content_id TEXT NOT NULL,
        backbone TEXT NOT NULL,
        vector BLOB NOT NULL,
        UNIQUE (content_id, backbone)
    ) STRICT
"""
_PAGE = 512


class FeatureStore:
    """`features.db`. A damaged one is thrown away: the classifier fills it again."""

    def __init__(self, path: Path, busy_timeout_ms: int) -> None:
        self._path = path
        self._busy_timeout_ms = busy_timeout_ms
        self._opening = threading.Lock()
        self._store: Store | None = None

    def close(self) -> None:
        """Close every connection."""
        if self._store is not None:
            self._store.close()

    def store(self, backbone: str, vectors: Mapping[ContentId, bytes]) -> None:
        """Keep vectors, replacing older ones of the same picture."""
        rows = [(content_id, backbone, vector) for content_id, vector in vectors.items()]
        if not rows:
            return
        with self._replacing_damage(), self._opened().writing() as db:
            db.executemany(
                "INSERT OR REPLACE INTO features (content_id, backbone, vector) VALUES (?, ?, ?)",
                rows,
            )

    def load(self, backbone: str, contents: Collection[ContentId]) -> dict[ContentId, bytes]:
        """The vectors of these pictures, as far as they are known."""
        found: dict[ContentId, bytes] = {}
        with self._replacing_damage(), self._opened().reading() as db:
            found.update(
                db.execute(
                    "SELECT content_id, vector FROM features WHERE backbone = ? "
                    "AND content_id IN (SELECT value FROM json_each(?))",
                    (backbone, pack(contents)),
                )
            )
        return found

    def carry_over(self, pictures: Collection[tuple[ContentId, ContentId]]) -> None:
        """The same pictures have other ids now (old, new), since their files were written."""
        if not pictures:
            return
        with self._replacing_damage(), self._opened().writing() as db:
            db.executemany(
                "INSERT OR IGNORE INTO features (content_id, backbone, vector) "
                "SELECT ?, backbone, vector FROM features WHERE content_id = ?",
                [(new, old) for old, new in pictures],
            )

    def keep_only(self, contents: Collection[ContentId]) -> None:
        """Forget all other pictures and give their space back."""
        with self._replacing_damage():
            store = self._opened()
            with store.writing() as db:
                db.execute(
                    "DELETE FROM features WHERE content_id NOT IN (SELECT value FROM json_each(?))",
                    (pack(contents),),
                )
            with store.undisturbed() as db:
                vacuum(db)

    def iterate(self, backbone: str) -> Iterator[list[tuple[ContentId, bytes]]]:
        """All vectors of a backbone in pages, so that memory stays small."""
        with self._replacing_damage(), self._opened().reading() as db:
            cursor = db.execute(
                "SELECT content_id, vector FROM features WHERE backbone = ?", (backbone,)
            )
            while page := cursor.fetchmany(_PAGE):
                yield page

    @contextmanager
    def _replacing_damage(self) -> Iterator[None]:
        """Where the file turns out damaged, what was asked is not there, and a new file begins."""
        try:
            yield
        except LibraryError as error:
            if not is_damage(error.__cause__):
                raise
            with self._opening:
                if self._store is not None:
                    self._store.close()
                    self._store = None
                delete_cache(self._path)

    def _opened(self) -> Store:
        with self._opening:
            if self._store is None:
                # NORMAL: a power cut may cost the newest vectors, and they can be computed again.
                self._store = open_cache(
                    self._path, _TABLE, self._busy_timeout_ms, synchronous="NORMAL"
                )
            return self._store
