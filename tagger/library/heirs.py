"""What people said follows the picture: copies inherit from a file that is gone.

A photo that is copied to another drive and deleted later, or a renumbered folder that was seen
file by file, leaves the decisions on a row whose file is gone while the same picture stands
elsewhere under a row of its own. The picture is known by its content id.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tagger.core.ids import PhotoId
from tagger.library.effective import apply_decisions
from tagger.library.rating_heirs import inherit_ratings
from tagger.library.rows import pack

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from tagger.core.ids import ContentId

_PAIRS = """
    WITH giver (id, exposure_id, content_id) AS (
        SELECT p.id, p.exposure_id, p.content_id
        FROM photos p JOIN folders f ON f.id = p.folder_id
        WHERE p.content_id IN (SELECT value FROM json_each(:contents))
        AND (p.missing_since IS NOT NULL OR f.removed_at IS NOT NULL)
    ),
    heir (id, content_id) AS (
        SELECT p.id, p.content_id
        FROM photos p JOIN folders f ON f.id = p.folder_id
        WHERE p.content_id IN (SELECT value FROM json_each(:contents))
        AND p.missing_since IS NULL AND f.removed_at IS NULL
    )
"""

# The heir shares the line itself, so undo takes it back from both. What it inherited earlier makes
# room for what was decided since on a file that came back and went again.
_DECISIONS = f"""
    {_PAIRS},
    member (giver_id, content_id, member_id) AS (
        SELECT id, content_id, id FROM giver
        UNION
        SELECT giver.id, giver.content_id, twin.id
        FROM giver JOIN photos twin ON twin.exposure_id = giver.exposure_id
    )
    INSERT INTO decisions (photo_id, tag_id, line_id)
    SELECT heir.id, d.tag_id, max(d.line_id)
    FROM heir
    JOIN member ON member.content_id = heir.content_id
    JOIN decisions d ON d.photo_id = member.member_id
    LEFT JOIN decisions own ON own.photo_id = heir.id AND own.tag_id = d.tag_id
    LEFT JOIN history line ON line.id = own.line_id
    WHERE own.line_id IS NULL OR (line.photo_id <> heir.id AND own.line_id < d.line_id)
    GROUP BY heir.id, d.tag_id
    ON CONFLICT (photo_id, tag_id) DO UPDATE SET line_id = excluded.line_id
    RETURNING photo_id, tag_id
"""

# What we wrote into the file was copied with it.
_KEYWORDS = f"""
    {_PAIRS}
    INSERT OR IGNORE INTO written_keywords (photo_id, key, leaf_key, keyword)
    SELECT heir.id, w.key, w.leaf_key, w.keyword
    FROM heir
    JOIN giver ON giver.content_id = heir.content_id
    JOIN written_keywords w ON w.photo_id = giver.id
    JOIN file_keywords f ON f.photo_id = heir.id AND f.key = w.key
"""

# What another program took out, or undoing a run did, is not written into the copy either.
_LEFT_ALONE = f"""
    {_PAIRS},
    inherited (heir_id, tag_id) AS (SELECT value ->> 0, value ->> 1 FROM json_each(:inherited))
    INSERT OR IGNORE INTO left_alone (photo_id, tag_id, reason, since_line)
    SELECT heir.id, l.tag_id, l.reason, l.since_line
    FROM inherited
    JOIN heir ON heir.id = inherited.heir_id
    JOIN giver ON giver.content_id = heir.content_id
    JOIN left_alone l ON l.photo_id = giver.id AND l.tag_id = inherited.tag_id
"""

_RATED = f"""
    {_PAIRS}
    SELECT giver.id, heir.id FROM heir JOIN giver ON giver.content_id = heir.content_id
    WHERE EXISTS (SELECT 1 FROM rating_history WHERE photo_id = giver.id)
"""


def hand_on(db: sqlite3.Connection, contents: Iterable[ContentId]) -> set[PhotoId]:
    """Let present photos inherit from missing ones of the same content, tag by tag.

    What was decided on the heir itself stays. Returns the files that this concerns.
    """
    packed = {"contents": pack(contents)}
    db.execute(_KEYWORDS, packed)
    inherited = db.execute(_DECISIONS, packed).fetchall()
    db.execute(_LEFT_ALONE, {**packed, "inherited": json.dumps(inherited)})
    heirs = {PhotoId(photo_id) for photo_id, _ in inherited}
    heirs |= inherit_ratings(db, db.execute(_RATED, packed).fetchall())
    return apply_decisions(db, heirs) if heirs else set()
