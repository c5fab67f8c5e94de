"""Search clauses on tags: what the classifier says and what people decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagger.core.query import HasScore, HasState, HasTag, StateName, Untagged
from tagger.core.tag import TagState
from tagger.library.effective import STATE_CODES
from tagger.library.revisions import Subject
from tagger.library.rows import pack
from tagger.library.tags import find_tag, list_tags

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from tagger.core.ids import TagId
    from tagger.core.tag import Tag
    from tagger.library.found_ids import Ids, Search

_UNSURE_WITHIN = 0.3
"""How near the threshold a score must be for `state:unsure`: share of the way to 0 or to 1."""


def find_tagged(search: Search, tag_id: TagId) -> Ids:
    """The photos that have a tag, predicted or decided."""
    source = "FROM photo_tags WHERE tag_id = ? AND state < 4"
    return search.read_kept(Subject.TAGS, "photo_id", source, tag_id)


def _find_tag(clause: HasTag, search: Search) -> Ids:
    tag_id = find_tag(search.db, clause.name).id
    return find_tagged(search, tag_id)


def _find_score(clause: HasScore, search: Search) -> Ids:
    tag_id = find_tag(search.db, clause.name).id
    source = f"FROM predictions WHERE tag_id = ? AND score {clause.comparison} ?"
    return search.read_kept(Subject.SCORES, "photo_id", source, tag_id, clause.value)


def _find_state(clause: HasState, search: Search) -> Ids:
    tags = list_tags(search.db) if clause.name is None else [find_tag(search.db, clause.name)]
    if clause.state is StateName.UNSURE:
        unsure = [_find_unsure(tag, search) for tag in tags]
        return np.concatenate([np.empty(0, np.int64), *unsure])
    return _read_state(search, tags, TagState(clause.state))


def _read_state(search: Search, tags: Collection[Tag], state: TagState) -> Ids:
    source = "FROM photo_tags WHERE tag_id IN (SELECT value FROM json_each(?)) AND state = ?"
    tag_ids = pack(tag.id for tag in tags)
    return search.read_kept(Subject.TAGS, "photo_id", source, tag_ids, STATE_CODES[state])


def _find_unsure(tag: Tag, search: Search) -> Ids:
    near = search.read_kept(
        Subject.SCORES,
        "photo_id",
        "FROM predictions WHERE tag_id = ? AND score BETWEEN ? AND ?",
        tag.id,
        tag.threshold * (1 - _UNSURE_WITHIN),
        tag.threshold + (1 - tag.threshold) * _UNSURE_WITHIN,
    )
    source = "FROM photo_tags WHERE tag_id = ? AND state > 1"
    decided = search.read_kept(Subject.TAGS, "photo_id", source, tag.id)
    return near[~search.mask(decided)[near]]


def _find_untagged(_clause: Untagged, search: Search) -> Ids:
    """Tag by tag, as they are counted: beside those counts this one reads nothing."""
    tagged = search.mask(np.empty(0, np.int64))
    for tag in list_tags(search.db):
        tagged[find_tagged(search, tag.id)] = True
    return np.flatnonzero(~tagged)


TAG_FINDERS: dict[type, Callable[..., Ids]] = {
    HasTag: _find_tag,
    HasScore: _find_score,
    HasState: _find_state,
    Untagged: _find_untagged,
}
"""For each kind of clause what finds it: `(clause, search) -> ids`, in no order."""
