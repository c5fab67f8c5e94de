"""Classifiers, classes and what the classifier says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.library import class_renaming, decided, models, tagging, tags
from tagger.library.facade.part import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from tagger.core.changes import Changes
    from tagger.core.ids import FolderId, ModelId, PhotoId
    from tagger.core.tag import Tag, TagState
    from tagger.library.records import (
        DecidedPhoto,
        ModelRecord,
        ModelRow,
        PhotoToTag,
        ScoredPhoto,
    )


class TaggingPart(Part):
    """Classifiers, classes, scores, and the queue of photos that wait for them."""

    def register_model(self, model: ModelRecord) -> ModelId:
        """Use this classifier from now on; create the classes that are missing.

        With a fingerprint other than before, photos wait for the classifier again.
        """
        with self._store.writing() as db:
            return models.register_model(db, model, self._now())

    def models(self) -> list[ModelRow]:
        """Every classifier that was ever in use, the newest first."""
        with self._store.reading() as db:
            return models.list_models(db)

    def tags(self) -> list[Tag]:
        """Every class, in the order in which they came."""
        with self._store.reading() as db:
            return tags.list_tags(db)

    def find_tag(self, name: str) -> Tag:
        """The class of this name, in any spelling.

        Raises:
            WrongUseError: there is none; the sentence offers near ones.
        """
        with self._store.reading() as db:
            return tags.find_tag(db, name)

    def add_tag(self, name: str, keyword_path: Sequence[str]) -> Tag:
        """Create a class; one of this name in any spelling is returned as it is."""
        with self._store.writing() as db:
            return tags.add_tag(db, name, keyword_path)

    def rename_tag(
        self,
        name: str,
        new_name: str,
        path: Sequence[str] | None,
        settings: Mapping[str, str | None],
    ) -> tuple[Tag, Changes]:
        """Another name for a class, with all that named it; see `class_renaming`."""
        with self._store.writing() as db:
            return class_renaming.rename_tag(db, name, new_name, path, settings)

    def renamed_tags(self) -> dict[str, str]:
        """Keys of names that classes had, to the names that they have now."""
        with self._store.reading() as db:
            return tags.read_renamed(db)

    def decided_photos(self, *, has_copied: bool = False) -> list[DecidedPhoto]:
        """Every photo that somebody decided on, with all decisions that stand: for learning.

        Files that are gone and of which a copy is there are left out, unless `has_copied`.
        """
        with self._store.reading() as db:
            return decided.list_decided(db, has_copied=has_copied)

    def count_decided(self) -> dict[tuple[str, TagState], int]:
        """By class and state: how many photos people confirmed, corrected and rejected it on."""
        with self._store.reading() as db:
            return decided.count_decided(db)

    def count_decided_since(self, moment: datetime | None) -> int:
        """How many decisions that stand were made after a moment; None for all."""
        with self._store.reading() as db:
            return decided.count_decided_since(db, moment)

    def count_untagged(self, folder_ids: Collection[FolderId]) -> int:
        """How many photos of these folders wait for the classifier."""
        with self._store.reading() as db:
            return tagging.count_untagged(db, folder_ids)

    def next_untagged(
        self, folder_ids: Collection[FolderId], limit: int, *, exclude: Collection[PhotoId] = ()
    ) -> list[PhotoToTag]:
        """Photos that wait for the classifier; `exclude` are those already on their way."""
        with self._store.reading() as db:
            return tagging.list_untagged(db, folder_ids, limit, exclude)

    def store_scores(self, model_id: ModelId, scored: Sequence[ScoredPhoto]) -> Changes:
        """Store scores and feature vectors; decisions are not touched."""
        return tagging.store_scores(self._store, self._features, model_id, scored)

    def load_features(self, backbone: str, photo_ids: Collection[PhotoId]) -> dict[PhotoId, bytes]:
        """The stored feature vectors of these photos, float16 as bytes."""
        return tagging.load_features(self._store, self._features, backbone, photo_ids)

    def store_error(self, photo_id: PhotoId, sentence: str) -> Changes:
        """This photo can't be read; it leaves the queue until it changes or errors are cleared."""
        with self._store.writing() as db:
            return tagging.store_error(db, photo_id, sentence)

    def clear_errors(self) -> int:
        """Forget every error, so that the next scan reads these files again. Returns how many."""
        with self._store.writing() as db:
            return tagging.clear_errors(db)
