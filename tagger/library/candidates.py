"""Scores of one class for the whole library at once, as arrays: for choosing among 100,000."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import sqlite3

    from numpy.typing import NDArray

    from tagger.core.ids import TagId

_SCALE = 100_000
_PREDICTED = 1


@dataclass(frozen=True)
class ClassScores:
    """Who has a class.

    Attributes:
        ids: `[N] int64`, ascending.
        scores: `[N] float32`, 0..1; 1 where a person confirmed or corrected.
    """

    ids: NDArray[np.int64]
    scores: NDArray[np.float32]


def read_class_scores(db: sqlite3.Connection, tag_id: TagId) -> ClassScores:
    """Every photo that has the class: predicted, confirmed or corrected."""
    # As one text each, which is four times as fast as a row each.
    row = db.execute(
        f"""
        SELECT group_concat(photo_id), group_concat(
            CASE WHEN state = {_PREDICTED} THEN cast(round(score * {_SCALE}) AS INTEGER)
            ELSE {_SCALE} END)
        FROM photo_tags WHERE tag_id = ? AND state BETWEEN 1 AND 3
        """,
        (tag_id,),
    ).fetchone()
    ids, scores = (np.fromstring(text or "", dtype=np.int64, sep=",") for text in row)
    order = np.argsort(ids, kind="stable")
    return ClassScores(ids[order], (scores[order] / _SCALE).astype(np.float32))
