"""New scores for the whole library from stored features, and doubts about decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.library import doubts, rescoring
from tagger.library.facade.part import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tagger.core.changes import Changes
    from tagger.core.ids import ContentId, ModelId, PhotoId, TagId
    from tagger.library.rescoring import Rescored


class RescoringPart(Part):
    """What another classifier says of photos whose features are known."""

    def readable_photos(self) -> list[tuple[PhotoId, ContentId]]:
        """Photos that a classifier can say something of, on absent drives too."""
        with self._store.reading() as db:
            return rescoring.list_readable(db)

    def photos_to_rescore(self, fingerprint: str) -> list[tuple[PhotoId, ContentId]]:
        """Photos that the model of this fingerprint has not scored, on absent drives too."""
        with self._store.reading() as db:
            return rescoring.list_waiting(db, fingerprint)

    def content_features(
        self, backbone: str, contents: Collection[ContentId]
    ) -> dict[ContentId, bytes]:
        """The stored feature vectors of these pictures, float16 as bytes."""
        return self._features.load(backbone, contents)

    def store_rescored(self, model_id: ModelId, rescored: Rescored) -> Changes:
        """Store scores of many photos from stored features; decisions are not touched."""
        return rescoring.store_rescored(self._store, self._features, model_id, rescored)

    def replace_doubts(self, doubtful: Sequence[tuple[PhotoId, TagId]]) -> Changes:
        """Doubt these decisions and no others; `is:doubtful` finds their photos."""
        with self._store.writing() as db:
            return doubts.replace_doubts(db, doubtful)

    def forget_doubts(self, photo_ids: Sequence[PhotoId], tag_id: TagId | None = None) -> Changes:
        """The decisions on this tag of these photos are right, with None all decisions on them."""
        with self._store.writing() as db:
            return doubts.forget_doubts(db, photo_ids, tag_id)
