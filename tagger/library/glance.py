"""One setting of a library that nobody has opened, for what must be known before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.library.settings import read_setting
from tagger.library.store import Store

if TYPE_CHECKING:
    from pathlib import Path

_BUSY_TIMEOUT_MS = 10_000


def glance_setting(home: Path, key: str) -> str | None:
    """The stored setting; None where it was never changed or there is no library yet.

    Raises:
        LibraryError: the library is damaged.
    """
    path = home / "library.db"
    if not path.is_file():
        return None
    store = Store(path, _BUSY_TIMEOUT_MS)
    try:
        with store.reading() as db:
            has_settings = db.execute(
                "SELECT count(*) FROM sqlite_schema WHERE name = 'settings'"
            ).fetchone()[0]
            return read_setting(db, key) if has_settings else None
    finally:
        store.close()
