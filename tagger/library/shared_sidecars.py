"""A sidecar `f.xmp` stands beside every photo `f`, and belongs to one of them.

Its stamp counts for all, since nobody can tell without reading it whose it is. When we write it,
the others need not be read again.
"""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from tagger.library.records import WrittenFile

_SHARED = "s"
"""How the stamp of such a sidecar begins (`tagger.files.sidecar_stamps`)."""
_BESIDE = """
    SELECT other.id, other.rel_path, other.sidecars
    FROM photos other JOIN photos p USING (folder_id, pair_key)
    WHERE p.id = ? AND other.id <> p.id AND other.missing_since IS NULL
"""


def pass_on_stamps(db: sqlite3.Connection, written: Iterable[WrittenFile]) -> None:
    """Photos beside those that were written have seen what we wrote.

    Those that had not seen the sidecar as it was before are read again. Call it before the written
    photos get their own stamps.
    """
    for one in written:
        _, new = _split(one.sidecars)
        if not new:
            continue
        rel_path, before = db.execute(
            "SELECT rel_path, sidecars FROM photos WHERE id = ?", (one.photo_id,)
        ).fetchone()
        _, old = _split(before)
        for other, other_path, seen in db.execute(_BESIDE, (one.photo_id,)).fetchall():
            own, shared = _split(seen)
            if shared == old and _stem(other_path) == _stem(rel_path):
                db.execute(
                    "UPDATE photos SET sidecars = ? WHERE id = ?", (",".join((*own, *new)), other)
                )


def _split(sidecars: str) -> tuple[list[str], list[str]]:
    """Stamps of a photo's own sidecars, and of those that it shares with others."""
    stamps = [one for one in sidecars.split(",") if one]
    shared = [one for one in stamps if one.startswith(_SHARED)]
    return [one for one in stamps if one not in shared], shared


def _stem(rel_path: str) -> str:
    return unicodedata.normalize("NFC", PurePosixPath(rel_path).stem)
