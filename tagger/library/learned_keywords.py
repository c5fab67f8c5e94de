"""Keywords from which classes were learned, once another program takes them out again.

What a keyword means may be another class than the one that writes it: “Braut” may mean bride. Such
a decision is the file's word, and when the file says it no longer, a person is asked.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.ids import TagId
from tagger.core.keywords import class_key, keyword_key
from tagger.core.tag import Source, Verdict
from tagger.library.deciding import read_standing
from tagger.library.left_alone import OUTSIDE, leave_alone
from tagger.library.settings import read_setting
from tagger.library.tags import read_renamed

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from tagger.core.ids import PhotoId

MEANINGS = "learn.keywords"
"""The setting with the keys of keywords that a person said mean a class, to its name, as JSON."""


def note_learned_gone(
    db: sqlite3.Connection, photo_id: PhotoId, keywords_now: Iterable[str]
) -> None:
    """Compare what a file holds with what it held when last seen, before that is replaced.

    A class that was learned from a keyword which is gone is left alone, and no longer so when the
    keyword is back. What a person decided has nothing to do with it.
    """
    held = set(map(keyword_key, keywords_now))
    rows = db.execute("SELECT key FROM file_keywords WHERE photo_id = ?", (photo_id,))
    seen = {str(row[0]) for row in rows}
    gone, come = seen - held, held - seen
    if not gone and (not come or not _is_left_alone(db, photo_id)):
        return
    meanings = _Meanings.read(db)
    learned = _list_learned(db, photo_id)
    for tag_id in (meanings.list_tags(gone) - meanings.list_tags(held)) & learned:
        leave_alone(db, photo_id, tag_id, OUTSIDE)
    for tag_id in meanings.list_tags(come) & learned:
        db.execute(
            "DELETE FROM left_alone WHERE photo_id = ? AND tag_id = ? AND reason = ?",
            (photo_id, tag_id, OUTSIDE),
        )


@dataclass(frozen=True)
class _Meanings:
    """Which classes keywords mean, by their keys: those that a person said, else the same names."""

    chosen: dict[str, TagId]
    written: dict[str, set[TagId]]
    named: dict[str, TagId]

    @classmethod
    def read(cls, db: sqlite3.Connection) -> _Meanings:
        named = {key: TagId(tag_id) for tag_id, key in db.execute("SELECT id, key FROM tags")}
        renamed = read_renamed(db).items()
        earlier = {key: named[class_key(now)] for key, now in renamed if class_key(now) in named}
        known = earlier | named
        stored = json.loads(read_setting(db, MEANINGS) or "{}")
        chosen = {
            key: known[class_key(name)] for key, name in stored.items() if class_key(name) in known
        }
        written: dict[str, set[TagId]] = {}
        for tag_id, key in db.execute("SELECT tag_id, key FROM tag_keywords"):
            written.setdefault(key, set()).add(TagId(tag_id))
        return cls(chosen, written, named)

    def list_tags(self, keys: Iterable[str]) -> set[TagId]:
        """What these keywords mean, all together."""
        found: set[TagId] = set()
        for key in keys:
            if key in self.chosen:
                found.add(self.chosen[key])
                continue
            found |= self.written.get(key, set())
            found |= {self.named[class_key(key)]} if class_key(key) in self.named else set()
        return found


def _is_left_alone(db: sqlite3.Connection, photo_id: PhotoId) -> bool:
    row = db.execute("SELECT 1 FROM left_alone WHERE photo_id = ? LIMIT 1", (photo_id,)).fetchone()
    return row is not None


def _list_learned(db: sqlite3.Connection, photo_id: PhotoId) -> set[TagId]:
    """Classes that stand on the photo by a file's word alone."""
    return {
        tag_id
        for (_, tag_id), (verdict, source) in read_standing(db, {photo_id}).items()
        if source is Source.FILE and verdict is not Verdict.REJECTED
    }
