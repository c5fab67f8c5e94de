"""Crops, drafts of posts, and what is needed to choose photos for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.library import candidates, preparing
from tagger.library.facade.part import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tagger.core.ids import PhotoId, TagId
    from tagger.library.candidates import ClassScores
    from tagger.library.preparing import Box, StoredDraft


class PreparingPart(Part):
    """What goes before a post."""

    def place_crop(self, photo_id: PhotoId, ratio: str, box: Box | None) -> None:
        """Remember where a person placed the crop of this shape; None forgets it."""
        with self._store.writing() as db:
            preparing.place_crop(db, photo_id, ratio, box, self._now())

    def crops(self, photo_ids: Collection[PhotoId], ratio: str) -> dict[PhotoId, Box]:
        """Left, top, width, height in shares, of those photos whose crop a person placed."""
        with self._store.reading() as db:
            return preparing.list_crops(db, photo_ids, ratio)

    def copies(self, photo_ids: Collection[PhotoId]) -> dict[PhotoId, PhotoId]:
        """For photos that are gone the photo of the same content that is there, if there is one."""
        with self._store.reading() as db:
            return preparing.find_copies(db, photo_ids)

    def save_draft(self, draft: StoredDraft) -> None:
        """Keep a draft, in place of one that has the name already, in any case."""
        with self._store.writing() as db:
            preparing.save_draft(db, draft, self._now())

    def drafts(self) -> list[StoredDraft]:
        """Every draft, the newest first."""
        with self._store.reading() as db:
            return preparing.list_drafts(db)

    def remove_draft(self, name: str) -> bool:
        """Forget a draft; False where there is none."""
        with self._store.writing() as db:
            return preparing.remove_draft(db, name)

    def class_scores(self, tag_id: TagId) -> ClassScores:
        """Every photo that has the class, with its score, as arrays."""
        with self._store.reading() as db:
            return candidates.read_class_scores(db, tag_id)

    def sharpness(self, photo_ids: Collection[PhotoId]) -> dict[PhotoId, float]:
        """How sharp photos are, of those that were measured."""
        with self._store.reading() as db:
            return preparing.list_sharpness(db, photo_ids)

    def store_sharpness(self, values: Mapping[PhotoId, float]) -> None:
        """Remember what was measured."""
        with self._store.writing() as db:
            preparing.store_sharpness(db, values)
