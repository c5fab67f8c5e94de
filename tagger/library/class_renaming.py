"""Another name for a class: all that was said of it follows, and the old name still leads there.

Nothing is keyed by a name but settings and what lies outside the library: bundles and texts of
searches. For those the old name is remembered.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.core.errors import WrongUseError
from tagger.core.keywords import class_key, clean_keyword, keyword_key, last_key
from tagger.library.class_keywords import choose_path, list_carriers
from tagger.library.path_text import decode_path
from tagger.library.revisions import Subject
from tagger.library.settings import store_setting
from tagger.library.tags import RENAMED, find_tag, read_renamed
from tagger.library.written_keywords import claim_ours

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from tagger.core.ids import PhotoId
    from tagger.core.tag import Tag

_HELD = """
    WITH leader (id) AS (SELECT photo_id FROM photo_tags WHERE tag_id = :tag AND state IN (2, 3))
    SELECT f.photo_id, f.key, f.keyword
    FROM photos p
    JOIN file_keywords f ON f.photo_id = p.id
    WHERE coalesce(p.leader_id, p.id) IN (SELECT id FROM leader)
"""


def rename_tag(
    db: sqlite3.Connection,
    name: str,
    new_name: str,
    path: Sequence[str] | None,
    settings: Mapping[str, str | None],
) -> tuple[Tag, Changes]:
    """Give a class another name and, with a path, another keyword.

    Files that hold the old keyword wait for writing. Where a person confirmed the class, the old
    keyword goes even if another program had written it.

    Args:
        db: a transaction that writes.
        name: of the class now.
        new_name: no other class has it, nor had it.
        path: the keyword from now on; None leaves it.
        settings: that named the class, as they are stored from now on.

    Raises:
        WrongUseError: there is no such class, or the new name is taken or can't be one.
    """
    tag = find_tag(db, name)
    _refuse_taken(db, tag, new_name)
    db.execute(
        "UPDATE tags SET name = ?, key = ? WHERE id = ?",
        (clean_keyword(new_name), class_key(new_name), tag.id),
    )
    _remember(db, tag, clean_keyword(new_name))
    # Names are not counted by triggers, and what was read with the old one is not good any more.
    db.execute("UPDATE revisions SET revision = revision + 1 WHERE subject = ?", (Subject.TAGS,))
    for key, value in settings.items():
        store_setting(db, key, value)
    changes = Changes(frozenset(list_carriers(db, tag.id)), tags=True)
    if path is not None:
        _claim_old(db, tag)
        changes |= choose_path(db, new_name, path)[1]
    return find_tag(db, new_name), changes


def _refuse_taken(db: sqlite3.Connection, tag: Tag, new_name: str) -> None:
    key = class_key(new_name)
    row = db.execute("SELECT name FROM tags WHERE key = ? AND id != ?", (key, tag.id)).fetchone()
    if row is not None:
        raise WrongUseError(f"There is a class “{row[0]}” already. Merge the two instead.")
    earlier = read_renamed(db).get(key)
    if earlier is not None and class_key(earlier) != class_key(tag.name):
        raise WrongUseError(f"“{new_name}” is what “{earlier}” was called. Choose another name.")
    if not key:
        raise WrongUseError("A class needs a name.")


def _remember(db: sqlite3.Connection, tag: Tag, new_name: str) -> None:
    """All earlier names lead to the new one."""
    renamed = read_renamed(db)
    old_key, new_key = class_key(tag.name), class_key(new_name)
    followed = {
        key: new_name if class_key(target) == old_key else target for key, target in renamed.items()
    }
    followed[old_key] = new_name
    followed.pop(new_key, None)
    store_setting(db, RENAMED, json.dumps(followed, ensure_ascii=False) if followed else None)


def _claim_old(db: sqlite3.Connection, tag: Tag) -> None:
    """What files of confirmed photos hold of the old keyword is ours: writing takes it out."""
    leaf, path = keyword_key(tag.keyword_path[-1]), keyword_key("|".join(tag.keyword_path))
    held: dict[PhotoId, dict[str, str]] = {}
    for photo_id, key, keyword in db.execute(_HELD, {"tag": tag.id}):
        held.setdefault(photo_id, {})[key] = decode_path(keyword)
    for photo_id, keywords in held.items():
        # The end of a path stands beside it in flat lists; taken out alone it would take every
        # path along that ends so, which may mean something else.
        is_end = any(last_key(key) == leaf for key in keywords if "|" in key)
        old = {path} if is_end else {path, leaf}
        claim_ours(db, photo_id, [keywords[key] for key in old & keywords.keys()])
