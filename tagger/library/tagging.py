"""The queue for the classifier, and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.core.errors import WrongUseError
from tagger.core.ids import ContentId, FolderId, ModelId, PhotoId
from tagger.library.effective import refresh_predictions
from tagger.library.left_alone import show_conflicts
from tagger.library.records import PhotoToTag
from tagger.library.rows import encode_text, join_path, pack, split_chunks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Sequence

    from tagger.library.features import FeatureStore
    from tagger.library.records import ScoredPhoto
    from tagger.library.store import Store

# Three ranges of one index: never tagged, tagged by an older model, tagged by a newer one.
_RANGES = ("tagged_by IS NULL", "tagged_by < :model", "tagged_by > :model")
_QUEUE = """
    FROM photos INDEXED BY photos_to_tag
    WHERE {range} AND folder_id IN (SELECT value FROM json_each(:folders))
    AND leader_id IS NULL AND missing_since IS NULL AND error IS NULL AND content_id IS NOT NULL
"""
_MODEL_IN_USE = "SELECT id, backbone FROM models WHERE in_use = 1"


def count_untagged(db: sqlite3.Connection, folder_ids: Collection[FolderId]) -> int:
    """How many photos of these folders wait for the classifier."""
    parts = [f"SELECT count(*) AS n {_QUEUE.format(range=part)}" for part in _RANGES]
    row = db.execute(
        f"SELECT sum(n) FROM ({' UNION ALL '.join(parts)})", _queue_parameters(db, folder_ids)
    ).fetchone()
    return int(row[0])


def list_untagged(
    db: sqlite3.Connection,
    folder_ids: Collection[FolderId],
    limit: int,
    exclude: Collection[PhotoId],
) -> list[PhotoToTag]:
    """The next photos of these folders that wait for the classifier."""
    parts = [f"SELECT id {_QUEUE.format(range=part)}" for part in _RANGES]
    rows = db.execute(
        "SELECT p.id, f.path, p.rel_path, p.content_id "
        f"FROM (SELECT id FROM ({' UNION ALL '.join(parts)}) "
        "WHERE id NOT IN (SELECT value FROM json_each(:exclude)) LIMIT :limit) AS queue "
        "JOIN photos p ON p.id = queue.id JOIN folders f ON f.id = p.folder_id",
        _queue_parameters(db, folder_ids) | {"limit": limit, "exclude": pack(exclude)},
    )
    return [
        PhotoToTag(PhotoId(photo_id), join_path(folder, rel_path), ContentId(content_id))
        for photo_id, folder, rel_path, content_id in rows
    ]


def store_scores(
    store: Store, features: FeatureStore, model_id: ModelId, scored: Sequence[ScoredPhoto]
) -> Changes:
    """Store feature vectors, then scores: what is in the queue can always be done again."""
    changes = Changes()
    for chunk in split_chunks(scored):
        with store.reading() as db:
            backbone = _read_backbone(db, model_id)
            contents = _read_contents(db, [photo.photo_id for photo in chunk])
        features.store(
            backbone,
            {
                content_id: photo.feature
                for photo in chunk
                if photo.feature is not None
                and (content_id := photo.content_id or contents.get(photo.photo_id)) is not None
            },
        )
        with store.writing() as db:
            changes |= _store_chunk(db, model_id, chunk)
    return changes


def load_features(
    store: Store, features: FeatureStore, backbone: str, photo_ids: Collection[PhotoId]
) -> dict[PhotoId, bytes]:
    """The stored feature vectors of these photos, as far as they are known."""
    with store.reading() as db:
        contents = _read_contents(db, photo_ids)
    vectors = features.load(backbone, set(contents.values()))
    return {
        photo_id: vectors[content_id]
        for photo_id, content_id in contents.items()
        if content_id in vectors
    }


def store_error(db: sqlite3.Connection, photo_id: PhotoId, sentence: str) -> Changes:
    """The photo can't be read; it leaves the queue."""
    db.execute("UPDATE photos SET error = ? WHERE id = ?", (encode_text(sentence), photo_id))
    return Changes(frozenset({photo_id}), tags=True)


def clear_errors(db: sqlite3.Connection) -> int:
    """Forget all errors. The stamps go too, so that the next scan reads these files again.

    Where a person's decision and another program's change differ, the photo goes on saying so.
    """
    cleared = db.execute(
        "UPDATE photos SET size = CASE WHEN error IS NULL THEN size ELSE -1 END, "
        "error = NULL, write_state = NULL, write_error = NULL "
        "WHERE error IS NOT NULL OR write_state IS NOT NULL RETURNING id"
    ).fetchall()
    show_conflicts(db, pack(row[0] for row in cleared))
    return len(cleared)


def _store_chunk(
    db: sqlite3.Connection, model_id: ModelId, scored: Sequence[ScoredPhoto]
) -> Changes:
    """Scores of a picture that was replaced meanwhile are dropped; the new one is in the queue."""
    contents = _read_contents(db, [photo.photo_id for photo in scored])
    current = [
        photo
        for photo in scored
        if photo.photo_id in contents and photo.content_id in {None, contents[photo.photo_id]}
    ]
    ids = pack(photo.photo_id for photo in current)
    db.execute("DELETE FROM predictions WHERE photo_id IN (SELECT value FROM json_each(?))", (ids,))
    db.executemany(
        "INSERT INTO predictions (photo_id, tag_id, model_id, score) VALUES (?, ?, ?, ?)",
        [
            (photo.photo_id, tag_id, model_id, float(score))
            for photo in current
            for tag_id, score in photo.scores.items()
        ],
    )
    db.execute(
        "UPDATE photos SET tagged_by = ? WHERE id IN (SELECT value FROM json_each(?))",
        (model_id, ids),
    )
    refresh_predictions(db, [photo.photo_id for photo in current])
    return Changes(frozenset(photo.photo_id for photo in current), tags=bool(current))


def _queue_parameters(
    db: sqlite3.Connection, folder_ids: Collection[FolderId]
) -> dict[str, str | int]:
    row = db.execute(_MODEL_IN_USE).fetchone()
    return {"folders": pack(folder_ids), "model": 0 if row is None else int(row[0])}


def _read_backbone(db: sqlite3.Connection, model_id: ModelId) -> str:
    row = db.execute("SELECT backbone FROM models WHERE id = ?", (model_id,)).fetchone()
    if row is None:
        raise WrongUseError("This classifier is not registered in the library.")
    return str(row[0])


def _read_contents(
    db: sqlite3.Connection, photo_ids: Collection[PhotoId]
) -> dict[PhotoId, ContentId]:
    rows = db.execute(
        "SELECT id, content_id FROM photos "
        "WHERE id IN (SELECT value FROM json_each(?)) AND content_id IS NOT NULL",
        (pack(photo_ids),),
    )
    return {PhotoId(photo_id): ContentId(content_id) for photo_id, content_id in rows}
