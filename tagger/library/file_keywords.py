"""Keywords that people put into their files with other programs, taken as decisions."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.core.ids import PhotoId
from tagger.core.keywords import last_key
from tagger.core.tag import Source, Verdict
from tagger.library.deciding import decide, read_standing
from tagger.library.learned_keywords import MEANINGS
from tagger.library.path_text import decode_path
from tagger.library.records import DecisionRequest, FileKeyword
from tagger.library.rows import pack
from tagger.library.settings import read_setting

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from tagger.core.ids import TagId

# What we wrote ourselves is nobody's word, least of all when it was a prediction.
FOREIGN = """
    FROM file_keywords k
    JOIN photos p ON p.id = k.photo_id AND p.missing_since IS NULL
    JOIN folders f ON f.id = p.folder_id AND f.removed_at IS NULL
    WHERE NOT EXISTS (
        SELECT 1 FROM written_keywords w
        WHERE w.photo_id = k.photo_id AND k.key IN (w.key, w.leaf_key)
    )
"""
# Nor is what a copy brought along of it, where nobody has confirmed it on the original.
_SAID = f"""
    {FOREIGN}
    AND NOT EXISTS (
        SELECT 1 FROM photos twin
        JOIN written_keywords w ON w.photo_id = twin.id AND k.key IN (w.key, w.leaf_key)
        WHERE twin.content_id = p.content_id AND NOT EXISTS (
            SELECT 1 FROM tag_keywords c
            JOIN photo_tags t ON t.photo_id = coalesce(twin.leader_id, twin.id)
            WHERE c.key = w.key AND t.tag_id = c.tag_id AND t.state IN (2, 3)
        )
    )
"""


def create_asked_batches(db: sqlite3.Connection) -> None:
    """Steps that a person asked for, whoever's word they are: undo takes them back."""
    db.execute(
        "ALTER TABLE batches ADD COLUMN is_asked INTEGER NOT NULL DEFAULT 0 "
        "CHECK (is_asked IN (0, 1))"
    )


def count_file_keywords(db: sqlite3.Connection) -> list[FileKeyword]:
    """Every keyword that others put into files, the most frequent first, as most spell it."""
    spellings: dict[str, dict[str, int]] = defaultdict(dict)
    for key, keyword, photos in db.execute(
        "SELECT k.key, k.keyword, count(DISTINCT coalesce(p.leader_id, p.id)) "
        f"{_SAID} GROUP BY k.key, k.keyword"
    ):
        spellings[key][decode_path(keyword)] = photos
    found = [
        FileKeyword(key, max(counts, key=lambda text: (counts[text], text)), sum(counts.values()))
        for key, counts in spellings.items()
    ]
    return sorted(found, key=lambda one: (-one.photos, one.key))


def learn_keywords(
    db: sqlite3.Connection, classes: Mapping[str, TagId], label: str, now: datetime
) -> Changes:
    """Confirm the classes of these keyword keys on every photo whose file has them.

    One step that undo takes back. What a person decided stays, whatever the file says. A last name
    beside the whole keyword of another class says nothing, unless a person gave it a meaning.
    """
    rows = db.execute(
        f"SELECT k.photo_id, k.key {_SAID} AND k.key IN (SELECT value FROM json_each(?))",
        (pack(classes),),
    ).fetchall()
    ends = _list_ends(db, {row[0] for row in rows})
    chosen = json.loads(read_setting(db, MEANINGS) or "{}")
    wanted = {
        (PhotoId(photo_id), classes[key])
        for photo_id, key in rows
        if key in chosen or classes[key] in ends.get((photo_id, key), {classes[key]})
    }
    standing = read_standing(db, {photo_id for photo_id, _ in wanted})
    requests = [
        DecisionRequest(photo_id, tag_id, Verdict.CONFIRMED)
        for photo_id, tag_id in sorted(wanted)
        if (photo_id, tag_id) not in standing or standing[photo_id, tag_id][1] is not Source.USER
    ]
    if not requests:
        return Changes()
    return decide(db, requests, label, Source.FILE, now, is_asked=True)


def _list_ends(db: sqlite3.Connection, photo_ids: Iterable[int]) -> dict[tuple[int, str], set[int]]:
    """Last names in files that stand there beside whole keywords of classes: these classes."""
    ends: dict[tuple[int, str], set[int]] = defaultdict(set)
    for photo_id, key, tag_id in db.execute(
        "SELECT f.photo_id, f.key, k.tag_id FROM tag_keywords k "
        "JOIN file_keywords f ON f.key = k.key "
        "WHERE instr(k.key, '|') AND f.photo_id IN (SELECT value FROM json_each(?))",
        (pack(photo_ids),),
    ):
        ends[photo_id, last_key(key)].add(tag_id)
    return ends
