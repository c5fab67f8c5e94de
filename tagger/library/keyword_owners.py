"""Which classes the keywords of a file name.

A class leaves its whole keyword in a file, `Wedding|Cake`, and the last name of that beside it. So
`Cake` alone may name that class, but beside the whole keyword of another class it does not.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.ids import PhotoId, TagId
from tagger.core.keywords import last_key
from tagger.library.rows import pack
from tagger.library.settings import read_predictions_from

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Mapping

    Pair = tuple[PhotoId, TagId]

_FOREIGN = """
    SELECT f.photo_id, f.key
    FROM file_keywords f
    JOIN photos p ON p.id = f.photo_id AND p.missing_since IS NULL
    WHERE f.key IN (SELECT key FROM tag_keywords)
    AND NOT EXISTS (
        SELECT 1 FROM written_keywords w
        WHERE w.photo_id = f.photo_id AND f.key IN (w.key, w.leaf_key)
    )
"""
# A photo that nobody scored may have been, before the library was lost.
_PERHAPS_PREDICTED = """
    SELECT p.id, c.tag_id
    FROM photos p
    JOIN models m ON m.in_use = 1
    JOIN model_classes c ON c.model_id = m.id
    LEFT JOIN predictions pr
        ON pr.photo_id = coalesce(p.leader_id, p.id) AND pr.tag_id = c.tag_id
    WHERE p.id IN (SELECT value FROM json_each(?)) AND coalesce(pr.score, 1) >= ?
"""


@dataclass(frozen=True)
class KeywordOwners:
    """Classes by the keys of keywords.

    Attributes:
        whole: those whose whole keyword it is.
        ends: those whose keyword ends in it.
    """

    whole: Mapping[str, set[TagId]]
    ends: Mapping[str, set[TagId]]

    def list_tags(self, keys: Collection[str]) -> set[TagId]:
        """The classes that the keywords of one file name."""
        found: set[TagId] = set()
        for key in keys:
            if not self.stands_beside_whole(key, keys):
                found |= self.whole.get(key) or self.ends.get(key, set())
        return found

    def stands_beside_whole(self, key: str, keys: Collection[str]) -> bool:
        """Whether a keyword is but the last name of a class's whole keyword in the same file."""
        return "|" not in key and any(
            "|" in other and last_key(other) == key and other in self.whole for other in keys
        )


def read_owners(db: sqlite3.Connection) -> KeywordOwners:
    """What all classes leave in files."""
    by_tag: dict[TagId, list[str]] = defaultdict(list)
    for tag_id, key in db.execute("SELECT tag_id, key FROM tag_keywords"):
        by_tag[TagId(tag_id)].append(key)
    whole: dict[str, set[TagId]] = defaultdict(set)
    ends: dict[str, set[TagId]] = defaultdict(set)
    for tag_id, keys in by_tag.items():
        full = max(keys, key=lambda key: "|" in key)
        whole[full].add(tag_id)
        for key in keys:
            ends[key].add(tag_id)
    return KeywordOwners(dict(whole), dict(ends))


def list_keyword_tags(db: sqlite3.Connection, *, may_be_predicted: bool) -> set[Pair]:
    """Photos and classes that keywords in the file name and that we did not write.

    Unless `may_be_predicted`, those are left out that the settings let us write unasked.
    """
    owners = read_owners(db)
    keys: dict[PhotoId, set[str]] = defaultdict(set)
    for photo_id, key in db.execute(_FOREIGN):
        keys[PhotoId(photo_id)].add(key)
    pairs = {
        (photo_id, tag_id) for photo_id, held in keys.items() for tag_id in owners.list_tags(held)
    }
    written_from = read_predictions_from(db)
    if may_be_predicted or written_from > 1:
        return pairs
    return pairs - {
        (PhotoId(photo_id), TagId(tag_id))
        for photo_id, tag_id in db.execute(_PERHAPS_PREDICTED, (pack(keys), written_from))
    }
