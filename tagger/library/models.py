"""Classifiers: which one is in use, and the thresholds of each."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tagger.core.ids import ModelId
from tagger.library.effective import move_threshold
from tagger.library.records import ModelRow
from tagger.library.tags import add_tag

if TYPE_CHECKING:
    import sqlite3

    from tagger.library.records import ModelRecord


def register_model(db: sqlite3.Connection, model: ModelRecord, now: datetime) -> ModelId:
    """Use this classifier from now on; create the classes that are missing.

    Nothing is marked on the photos: those that another model tagged are in the queue because
    `tagged_by` is another one, so going back to an earlier model costs nothing.
    """
    db.execute(
        "UPDATE models SET in_use = 0 WHERE in_use = 1 AND fingerprint <> ?", (model.fingerprint,)
    )
    row = db.execute(
        "INSERT INTO models (name, fingerprint, backbone, added_at, in_use) "
        "VALUES (?, ?, ?, ?, 1) ON CONFLICT (fingerprint) DO UPDATE "
        "SET name = excluded.name, backbone = excluded.backbone, in_use = 1 RETURNING id",
        (model.name, model.fingerprint, model.backbone, now.isoformat()),
    ).fetchone()
    model_id = ModelId(row[0])
    _store_thresholds(db, model_id, model)
    return model_id


def list_models(db: sqlite3.Connection) -> list[ModelRow]:
    """Every classifier that was ever in use, the newest first."""
    rows = db.execute(
        "SELECT id, name, fingerprint, backbone, added_at, in_use FROM models ORDER BY id DESC"
    )
    return [
        ModelRow(
            ModelId(model_id),
            name,
            fingerprint,
            backbone,
            datetime.fromisoformat(added_at),
            is_in_use=bool(in_use),
        )
        for model_id, name, fingerprint, backbone, added_at, in_use in rows
    ]


def _store_thresholds(db: sqlite3.Connection, model_id: ModelId, model: ModelRecord) -> None:
    """New ones, and those that moved: what this model scored earlier is judged by them."""
    known = dict(
        db.execute("SELECT tag_id, threshold FROM model_classes WHERE model_id = ?", (model_id,))
    )
    for entry in model.classes:
        tag_id = add_tag(db, entry.name, entry.keyword_path).id
        db.execute(
            "INSERT INTO model_classes (model_id, tag_id, threshold) VALUES (?, ?, ?) "
            "ON CONFLICT (model_id, tag_id) DO UPDATE SET threshold = excluded.threshold",
            (model_id, tag_id, entry.threshold),
        )
        before = known.get(tag_id, entry.threshold)
        if before != entry.threshold:
            move_threshold(db, (model_id, tag_id), before, entry.threshold)
