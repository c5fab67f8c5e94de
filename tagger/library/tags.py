"""Classes that photos can have."""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import TYPE_CHECKING

from tagger.core.errors import WrongUseError
from tagger.core.ids import TagId
from tagger.core.keywords import class_key, clean_keyword, keyword_key
from tagger.core.tag import Tag
from tagger.library.settings import read_setting

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

ORDER = "classes.order"
"""The setting with the keys of classes as a JSON list; the others follow."""
RENAMED = "classes.renamed"
"""The setting with earlier names: their keys to the names that the classes have now, as JSON."""

_THRESHOLD_WITHOUT_MODEL = 0.5

_SELECT = """
    SELECT t.id, t.name, t.keyword_path, coalesce(c.threshold, :default)
    FROM tags t
    LEFT JOIN models m ON m.in_use = 1
    LEFT JOIN model_classes c ON c.model_id = m.id AND c.tag_id = t.id
"""


def list_tags(db: sqlite3.Connection) -> list[Tag]:
    """Every class, in the person's order; those without a place in it as they came."""
    stored = read_setting(db, ORDER)
    place_of = {key: place for place, key in enumerate(json.loads(stored or "[]"))}
    rows = db.execute(f"{_SELECT} ORDER BY t.id", {"default": _THRESHOLD_WITHOUT_MODEL})
    tags = [_read_tag(row) for row in rows]
    return sorted(tags, key=lambda tag: place_of.get(class_key(tag.name), len(place_of)))


def find_tag(db: sqlite3.Connection, name: str) -> Tag:
    """The class of this name in any spelling.

    Raises:
        WrongUseError: there is none.
    """
    tag = _look_up(db, name)
    if tag is None:
        raise WrongUseError(_explain_unknown(name, [tag.name for tag in list_tags(db)]))
    return tag


def add_tag(db: sqlite3.Connection, name: str, keyword_path: Sequence[str]) -> Tag:
    """Create a class, or return the one of this name.

    Raises:
        WrongUseError: the name or a part of the path is empty, or a part contains `|`.
    """
    known = _look_up(db, name)
    if known is not None:
        return known
    path = tuple(clean_keyword(part) for part in keyword_path)
    if not class_key(name) or not path or not all(path) or any("|" in part for part in path):
        raise WrongUseError(f"“{name}” can't be a class: it needs a name and keywords without “|”.")
    tag_id = db.execute(
        "INSERT INTO tags (name, key, keyword_path) VALUES (?, ?, ?) RETURNING id",
        (clean_keyword(name), class_key(name), json.dumps(path, ensure_ascii=False)),
    ).fetchone()[0]
    store_keyword_keys(db, tag_id, path)
    return find_tag(db, name)


def store_keyword_keys(db: sqlite3.Connection, tag_id: TagId, path: Sequence[str]) -> None:
    """The keys of what a written tag leaves in a file: its leaf and its whole path."""
    db.execute("DELETE FROM tag_keywords WHERE tag_id = ?", (tag_id,))
    db.executemany(
        "INSERT INTO tag_keywords (tag_id, key) VALUES (?, ?)",
        [(tag_id, key) for key in {keyword_key(path[-1]), keyword_key("|".join(path))}],
    )


def read_renamed(db: sqlite3.Connection) -> dict[str, str]:
    """Keys of names that classes had, to the names that they have now."""
    return dict(json.loads(read_setting(db, RENAMED) or "{}"))


def _look_up(db: sqlite3.Connection, name: str) -> Tag | None:
    """The class that has this name, else the one that had it."""
    now = read_renamed(db).get(class_key(name), "")
    for key in (class_key(name), class_key(now)):
        row = db.execute(
            f"{_SELECT} WHERE t.key = :key", {"key": key, "default": _THRESHOLD_WITHOUT_MODEL}
        ).fetchone()
        if row is not None:
            return _read_tag(row)
    return None


def _read_tag(row: tuple[int, str, str, float]) -> Tag:
    tag_id, name, keyword_path, threshold = row
    return Tag(TagId(tag_id), name, tuple(json.loads(keyword_path)), threshold)


def _explain_unknown(name: str, known: Sequence[str]) -> str:
    if not known:
        return f"There is no class “{name}” yet: let photos be tagged first (tagger tag)."
    by_key = {class_key(other): other for other in known}
    near = [by_key[key] for key in get_close_matches(class_key(name), by_key, n=3, cutoff=0.5)]
    if near:
        return f"There is no class “{name}”. Did you mean {' or '.join(near)}?"
    return f"There is no class “{name}”. There are: {', '.join(known)}."
