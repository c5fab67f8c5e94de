"""One shoot over time: when its photos were taken, and how likely each class is on each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.tag import TagState
from tagger.library.effective import STATE_CODES
from tagger.library.path_text import encode_path

if TYPE_CHECKING:
    import sqlite3

    from numpy.typing import NDArray

    from tagger.core.ids import TagId


@dataclass(frozen=True, slots=True)
class Timeline:
    """The photos of a shoot that have a capture time, the earliest first.

    Attributes:
        photo_ids: `[N] int64`.
        seconds: `[N] int64`, the camera's clock as if it were UTC.
        scores: for each class `[N] float32` in 0..1: 1 where a person confirmed it, 0 where one
            rejected it, else the model's; 0 where nobody has looked.
    """

    photo_ids: NDArray[np.int64]
    seconds: NDArray[np.int64]
    scores: dict[TagId, NDArray[np.float32]]


_SHOWN = "p.shoot = ? AND p.leader_id IS NULL AND p.missing_since IS NULL AND p.taken_at NOT NULL"
_PHOTOS = f"""
    SELECT group_concat(id), group_concat(seconds) FROM (
        SELECT p.id AS id, CAST(strftime('%s', p.taken_at) AS INTEGER) AS seconds
        FROM photos p JOIN folders f ON f.id = p.folder_id
        WHERE {_SHOWN} AND f.removed_at IS NULL
        ORDER BY p.taken_at, p.name_key
    )
"""
_SCORES = f"""
    SELECT pr.tag_id, group_concat(pr.photo_id), group_concat(CAST(pr.score * 10000 AS INTEGER))
    FROM photos p JOIN predictions pr ON pr.photo_id = p.id
    WHERE {_SHOWN} GROUP BY pr.tag_id
"""
_DECIDED = f"""
    SELECT pt.tag_id, pt.photo_id, pt.state
    FROM photos p JOIN photo_tags pt ON pt.photo_id = p.id
    WHERE {_SHOWN} AND pt.state > 1
"""


def read_timeline(db: sqlite3.Connection, shoot: str) -> Timeline:
    """Everything in three queries, whatever the number of photos."""
    key = encode_path(shoot)
    ids, seconds = map(_numbers, db.execute(_PHOTOS, (key,)).fetchone())
    order = np.argsort(ids)
    scores: dict[TagId, NDArray[np.float32]] = {}

    def scores_of(tag_id: TagId) -> NDArray[np.float32]:
        return scores.setdefault(tag_id, np.zeros(len(ids), dtype=np.float32))

    for tag_id, photos, values in db.execute(_SCORES, (key,)):
        places, is_known = _places(ids, order, _numbers(photos))
        scores_of(tag_id)[places[is_known]] = _numbers(values)[is_known] / 10_000
    rejected = STATE_CODES[TagState.REJECTED]
    for tag_id, photo, state in db.execute(_DECIDED, (key,)):
        places, is_known = _places(ids, order, np.asarray([photo]))
        scores_of(tag_id)[places[is_known]] = float(state != rejected)
    return Timeline(ids, seconds, scores)


def _places(
    ids: NDArray[np.int64], order: NDArray[np.int64], photos: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where each photo is in `ids`, which `order` sorts, and whether it is there at all."""
    if not len(ids):
        return np.zeros(len(photos), dtype=np.int64), np.zeros(len(photos), dtype=bool)
    places = order[np.minimum(np.searchsorted(ids, photos, sorter=order), len(ids) - 1)]
    return places, ids[places] == photos


def _numbers(text: str | None) -> NDArray[np.int64]:
    return np.fromstring(text or "", dtype=np.int64, sep=",")
