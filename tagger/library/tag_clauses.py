"""Search clauses on tags: what the classifier says and what people decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagger.core.query import HasScore, HasState, HasTag, StateName, Untagged
from tagger.core.tag import TagState
from tagger.library.effective import STATE_CODES
from tagger.library.rows import pack
from tagger.library.tags import find_tag

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.library.found_ids import Ids, Search

_UNSURE_WITHIN = 0.15
"""How near the threshold a score must be for `state:unsure`."""

_UNSURE = """
    FROM models m
    JOIN model_classes c ON c.model_id = m.id
    JOIN predictions pr ON pr.tag_id = c.tag_id
        AND pr.score BETWEEN c.threshold - ? AND c.threshold + ?
    WHERE m.in_use = 1 AND c.tag_id IN (SELECT value FROM json_each(?))
    AND (pr.photo_id, pr.tag_id) NOT IN (SELECT photo_id, tag_id FROM photo_tags WHERE state > 1)
"""


def _find_tag(clause: HasTag, search: Search) -> Ids:
    tag_id = find_tag(search.db, clause.name).id
    return search.read("photo_id", "FROM photo_tags WHERE tag_id = ? AND state < 4", tag_id)


def _find_score(clause: HasScore, search: Search) -> Ids:
    tag_id = find_tag(search.db, clause.name).id
    source = f"FROM predictions WHERE tag_id = ? AND score {clause.comparison} ?"
    return search.read("photo_id", source, tag_id, clause.value)


def _find_state(clause: HasState, search: Search) -> Ids:
    if clause.name is None:
        tag_ids = pack(row[0] for row in search.db.execute("SELECT id FROM tags"))
    else:
        tag_ids = pack([find_tag(search.db, clause.name).id])
    if clause.state is StateName.UNSURE:
        return search.read("pr.photo_id", _UNSURE, _UNSURE_WITHIN, _UNSURE_WITHIN, tag_ids)
    source = "FROM photo_tags WHERE tag_id IN (SELECT value FROM json_each(?)) AND state = ?"
    return search.read("photo_id", source, tag_ids, STATE_CODES[TagState(clause.state)])


def _find_untagged(_clause: Untagged, search: Search) -> Ids:
    source = "FROM photo_tags INDEXED BY photo_tags_by_tag WHERE state < 4"
    return np.flatnonzero(~search.mask(search.read("photo_id", source)))


TAG_FINDERS: dict[type, Callable[..., Ids]] = {
    HasTag: _find_tag,
    HasScore: _find_score,
    HasState: _find_state,
    Untagged: _find_untagged,
}
"""For each kind of clause what finds it: `(clause, search) -> ids`, in no order."""
