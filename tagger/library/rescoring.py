"""New scores for a whole library from stored features, in one go."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.core.ids import ContentId, PhotoId
from tagger.library.effective import bump_revision, list_members, settle_files
from tagger.library.records import ScoredPhoto
from tagger.library.rows import pack, split_chunks
from tagger.library.settings import read_predictions_from
from tagger.library.tagging import store_scores

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tagger.core.ids import ModelId, TagId
    from tagger.library.features import FeatureStore
    from tagger.library.store import Store

_PAGE = 5000
_PART_OF_ALL = 4
"""Below a fourth of the library, moving entries of the index is cheaper than making it anew."""

_SHOWN = """
    SELECT id, content_id FROM photos
    WHERE leader_id IS NULL AND missing_since IS NULL AND error IS NULL AND content_id IS NOT NULL
    AND folder_id IN (SELECT id FROM folders WHERE removed_at IS NULL)
"""
_WAITING = f"""
    {_SHOWN}
    AND tagged_by IS DISTINCT FROM (SELECT id FROM models WHERE fingerprint = ?)
"""
_STORE = (
    "INSERT OR REPLACE INTO predictions (photo_id, tag_id, model_id, score) VALUES (?, ?, ?, ?)"
)
# What a person decided stays; only its score is brought up to date.
_UNTAG = """
    DELETE FROM photo_tags
    WHERE state = 1 AND photo_id IN (SELECT value FROM json_each(:ids))
"""
_TAG = """
    INSERT INTO photo_tags (photo_id, tag_id, state, score)
    SELECT pr.photo_id, pr.tag_id, 1, pr.score
    FROM json_each(:ids) AS asked
    JOIN predictions pr ON pr.photo_id = asked.value
    JOIN model_classes c ON c.model_id = pr.model_id AND c.tag_id = pr.tag_id
    LEFT JOIN photo_tags t ON t.photo_id = pr.photo_id AND t.tag_id = pr.tag_id
    WHERE pr.score >= c.threshold AND t.state IS NULL
"""
_RESCORE_DECIDED = """
    UPDATE photo_tags SET score = (
        SELECT pr.score FROM predictions pr
        WHERE pr.photo_id = photo_tags.photo_id AND pr.tag_id = photo_tags.tag_id
    )
    WHERE state > 1 AND photo_id IN (SELECT value FROM json_each(:ids))
"""


@dataclass(frozen=True, slots=True)
class Rescored:
    """What a model says of N photos, from stored features.

    Attributes:
        photos: each with the content that was scored. A photo whose picture is another one by now
            stays in the queue.
        tag_ids: of the model's C classes.
        scores: `[N, C]` in 0..1.
    """

    photos: Sequence[tuple[PhotoId, ContentId]]
    tag_ids: Sequence[TagId]
    scores: NDArray[np.float32]


def list_readable(db: sqlite3.Connection) -> list[tuple[PhotoId, ContentId]]:
    """Photos that a classifier can say something of, on drives that are away too."""
    return [(PhotoId(photo_id), ContentId(content)) for photo_id, content in db.execute(_SHOWN)]


def list_waiting(db: sqlite3.Connection, fingerprint: str) -> list[tuple[PhotoId, ContentId]]:
    """Those of them that this model has not scored."""
    rows = db.execute(_WAITING, (fingerprint,))
    return [(PhotoId(photo_id), ContentId(content_id)) for photo_id, content_id in rows]


def store_rescored(
    store: Store, features: FeatureStore, model_id: ModelId, rescored: Rescored
) -> Changes:
    """Store scores of many photos; decisions are not touched.

    Most of a library is stored in one transaction, in which the index over the scores is made anew:
    moving its million entries one by one takes five times as long. Others wait to write meanwhile.
    """
    with store.reading() as db:
        photos = int(db.execute("SELECT count(*) FROM photos").fetchone()[0])
    if len(rescored.photos) * _PART_OF_ALL < photos:
        return store_scores(store, features, model_id, _as_scored(rescored))
    with store.writing_known_rows() as db:
        return _store_all(db, model_id, rescored)


def _as_scored(rescored: Rescored) -> list[ScoredPhoto]:
    return [
        ScoredPhoto(photo_id, dict(zip(rescored.tag_ids, row, strict=True)), content_id=content_id)
        for (photo_id, content_id), row in zip(
            rescored.photos, rescored.scores.tolist(), strict=True
        )
    ]


def _store_all(db: sqlite3.Connection, model_id: ModelId, rescored: Rescored) -> Changes:
    rows = _find_current(db, rescored.photos)
    if not rows:
        return Changes()
    written_from = read_predictions_from(db)
    before = _list_written(db, written_from)
    with _bare_table(db, "predictions"):
        for chunk in split_chunks(rows, _PAGE):
            _store_page(db, model_id, rescored, chunk)
    _let_triggers_run(db, rescored.photos[rows[0]][0])
    for chunk in split_chunks(rows, _PAGE):
        ids = {"ids": pack(rescored.photos[row][0] for row in chunk)}
        for statement in (_UNTAG, _TAG, _RESCORE_DECIDED):
            db.execute(statement, ids)
    changed = before ^ _list_written(db, written_from)
    if changed:
        members = list_members(db, {PhotoId(photo_id) for photo_id, _ in changed})
        bump_revision(db, members)
        settle_files(db, members)
    return Changes(frozenset(rescored.photos[row][0] for row in rows), tags=True)


def _find_current(db: sqlite3.Connection, photos: Sequence[tuple[PhotoId, ContentId]]) -> list[int]:
    """Rows whose picture is still the one that was scored; the others are in the queue."""
    contents = dict(db.execute("SELECT id, content_id FROM photos WHERE content_id IS NOT NULL"))
    return [
        row
        for row, (photo_id, content_id) in enumerate(photos)
        if contents.get(photo_id) == content_id
    ]


def _store_page(
    db: sqlite3.Connection, model_id: ModelId, rescored: Rescored, rows: Sequence[int]
) -> None:
    ids = pack(rescored.photos[row][0] for row in rows)
    # Scores of classes that this model doesn't have; those that it has are replaced in place.
    db.execute(
        "DELETE FROM predictions WHERE photo_id IN (SELECT value FROM json_each(?)) "
        "AND tag_id NOT IN (SELECT value FROM json_each(?))",
        (ids, pack(rescored.tag_ids)),
    )
    db.executemany(
        _STORE,
        (
            (rescored.photos[row][0], tag_id, model_id, score)
            for row, scores in zip(rows, rescored.scores[rows].tolist(), strict=True)
            for tag_id, score in zip(rescored.tag_ids, scores, strict=True)
        ),
    )
    db.execute(
        "UPDATE photos SET tagged_by = ? WHERE id IN (SELECT value FROM json_each(?))",
        (model_id, ids),
    )


@contextmanager
def _bare_table(db: sqlite3.Connection, table: str) -> Iterator[None]:
    """The table without its indexes and triggers, which come back as they were."""
    parts = db.execute(
        "SELECT type, name, sql FROM sqlite_schema "
        "WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL",
        (table,),
    ).fetchall()
    for kind, name, _ in parts:
        db.execute(f"DROP {kind} {name}")
    yield
    for _, _, sql in parts:
        db.execute(sql)


def _let_triggers_run(db: sqlite3.Connection, photo_id: PhotoId) -> None:
    """Whoever counts changes of the scores hears of them once."""
    db.execute("UPDATE predictions SET score = score WHERE photo_id = ?", (photo_id,))


def _list_written(db: sqlite3.Connection, written_from: float) -> set[tuple[int, int]]:
    """Photo and tag of each prediction that belongs into a file."""
    if written_from > 1:
        return set()
    return set(
        db.execute(
            "SELECT photo_id, tag_id FROM photo_tags WHERE state = 1 AND score >= ?",
            (written_from,),
        )
    )
