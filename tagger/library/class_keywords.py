"""The keyword path of each class: the person's, else one that the files have already.

A class that came with a model takes the spelling, or the path, that the photographer's own files
use for its keyword, so that writing never makes near-duplicates. Once its keyword was written, or
a person chose one, it stays.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.core.errors import WrongUseError
from tagger.core.ids import PhotoId
from tagger.core.keywords import clean_keyword, keyword_key
from tagger.library.effective import bump_revision, settle_files
from tagger.library.file_keywords import FOREIGN
from tagger.library.path_text import decode_path
from tagger.library.tags import find_tag, store_keyword_keys

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from tagger.core.ids import TagId
    from tagger.core.tag import Tag

Path = tuple[str, ...]

_OPEN = """
    SELECT t.name FROM tags t
    WHERE t.is_path_chosen = 0 AND NOT EXISTS (
        SELECT 1 FROM tag_keywords k JOIN written_keywords w ON w.key = k.key
        WHERE k.tag_id = t.id
    )
"""


def create_chosen_paths(db: sqlite3.Connection) -> None:
    """Whether a person chose the keyword of a class."""
    db.execute(
        "ALTER TABLE tags ADD COLUMN is_path_chosen INTEGER NOT NULL DEFAULT 0 "
        "CHECK (is_path_chosen IN (0, 1))"
    )
    db.execute("CREATE INDEX written_keywords_by_key ON written_keywords (key)")


def choose_path(db: sqlite3.Connection, name: str, path: Sequence[str]) -> tuple[Tag, Changes]:
    """The person's keyword for a class, spelled as the files spell it already.

    Files that hold the old one wait for writing.

    Raises:
        WrongUseError: there is no such class, or a part of the path is empty.
    """
    tag = find_tag(db, name)
    cleaned = tuple(clean_keyword(part) for part in path)
    if not cleaned or not all(cleaned) or any("|" in part for part in cleaned):
        raise WrongUseError("A keyword needs a name on each level, such as Wedding|Bouquet.")
    spelled = _spell(cleaned, _read_spellings(db))
    db.execute("UPDATE tags SET is_path_chosen = 1 WHERE id = ?", (tag.id,))
    if spelled == tag.keyword_path:
        return tag, Changes()
    _store_path(db, tag, spelled)
    carriers = list_carriers(db, tag.id)
    bump_revision(db, carriers)
    settle_files(db, carriers)
    return find_tag(db, name), Changes(frozenset(carriers), tags=True)


def adopt_paths(db: sqlite3.Connection) -> Changes:
    """Take over what the files have for classes whose keyword nobody chose or wrote yet.

    What waits for writing is written so; nothing more waits because of it.
    """
    names = [row[0] for row in db.execute(_OPEN)]
    if not names:
        return Changes()
    spellings = _read_spellings(db)
    changes = Changes()
    for tag in (find_tag(db, name) for name in names):
        path = _find_own(tag.keyword_path, spellings)
        if path != tag.keyword_path:
            _store_path(db, tag, path)
            changes |= Changes(tags=True)
    return changes


def _find_own(path: Path, spellings: Mapping[str, str]) -> Path:
    """The path in the files' spelling, or the only path in them that ends in its name."""
    if "|".join(map(keyword_key, path)) in spellings:
        return _spell(path, spellings)
    ending = f"|{keyword_key(path[-1])}"
    others = [text for key, text in spellings.items() if key.endswith(ending)]
    return tuple(others[0].split("|")) if len(others) == 1 else _spell(path, spellings)


def _spell(path: Path, spellings: Mapping[str, str]) -> Path:
    """Each name as the files spell it at this place, the last one also as flat keyword."""
    spelled = list(path)
    leaf = spellings.get(keyword_key(path[-1]))
    spelled[-1] = leaf or path[-1]
    for key, text in spellings.items():
        names, keys = text.split("|"), key.split("|")
        for depth in range(1, min(len(names), len(path)) + 1):
            if len(names) > 1 and keys[:depth] == [keyword_key(part) for part in path[:depth]]:
                spelled[:depth] = names[:depth]
    return tuple(spelled)


def _read_spellings(db: sqlite3.Connection) -> dict[str, str]:
    """Every keyword that others put into files, as most spell it; the rarest first."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for key, keyword, files in db.execute(
        f"SELECT k.key, k.keyword, count(*) {FOREIGN} GROUP BY k.key, k.keyword"
    ):
        counts[key][decode_path(keyword)] = files
    best = {key: max(found, key=lambda text: (found[text], text)) for key, found in counts.items()}
    return dict(sorted(best.items(), key=lambda item: sum(counts[item[0]].values())))


def _store_path(db: sqlite3.Connection, tag: Tag, path: Path) -> None:
    text = json.dumps(path, ensure_ascii=False)
    db.execute("UPDATE tags SET keyword_path = ? WHERE id = ?", (text, tag.id))
    store_keyword_keys(db, tag.id, path)


def list_carriers(db: sqlite3.Connection, tag_id: TagId) -> Iterable[PhotoId]:
    """Files of photos that have the tag, whoever says so."""
    rows = db.execute(
        "WITH leader (id) AS (SELECT photo_id FROM photo_tags WHERE tag_id = ? AND state < 4) "
        "SELECT id FROM leader UNION "
        "SELECT c.id FROM photos c WHERE c.leader_id IN (SELECT id FROM leader)",
        (tag_id,),
    )
    return [PhotoId(row[0]) for row in rows]
