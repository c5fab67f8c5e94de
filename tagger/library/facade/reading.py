"""What is known of photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.library import browsing, file_keywords, photos, ratings, timeline
from tagger.library.facade.part import Part

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.core.ids import PhotoId
    from tagger.library.browsing import PictureFile
    from tagger.library.records import FileKeyword, HistoryLine, PhotoRow, RatingLine
    from tagger.library.timeline import Timeline


class ReadingPart(Part):
    """Rows, scores, history and pictures of photos."""

    def find_photo(self, path: Path) -> PhotoRow:
        """The photo of this absolute path; for a RAW companion the photo that speaks for it.

        Raises:
            WrongUseError: it is not in the library.
        """
        with self._store.reading() as db:
            return photos.find_photo(db, path)

    def photo_rows(self, ids: Sequence[PhotoId]) -> list[PhotoRow]:
        """Rows in the order of `ids`; unknown ones are left out."""
        with self._store.reading() as db:
            return photos.read_photo_rows(db, ids)

    def scores(self, photo_id: PhotoId) -> dict[str, float]:
        """The score of each class, best first; empty before the classifier has seen the photo."""
        with self._store.reading() as db:
            return photos.read_scores(db, photo_id)

    def history(self, photo_id: PhotoId) -> list[HistoryLine]:
        """Every decision ever made on this exposure, the newest first."""
        with self._store.reading() as db:
            return photos.read_history(db, photo_id)

    def rating_history(self, photo_id: PhotoId) -> list[RatingLine]:
        """Every time a person gave the photo stars or a label, the newest first."""
        with self._store.reading() as db:
            return ratings.read_rating_history(db, photo_id)

    def foreign_keywords(self) -> list[FileKeyword]:
        """Every keyword that other programs put into files, the most frequent first."""
        with self._store.reading() as db:
            return file_keywords.count_file_keywords(db)

    def file_keywords(self, photo_id: PhotoId) -> tuple[str, ...]:
        """What the file held when it was last seen."""
        with self._store.reading() as db:
            return photos.read_file_keywords(db, photo_id)

    def picture_files(self, ids: Sequence[PhotoId]) -> dict[PhotoId, PictureFile]:
        """The file behind each photo and the key of its picture; unknown ids are left out."""
        with self._store.reading() as db:
            return browsing.list_picture_files(db, ids)

    def timeline(self, shoot: str) -> Timeline:
        """When the photos of a shoot were taken, and how likely each class is on each."""
        with self._store.reading() as db:
            return timeline.read_timeline(db, shoot)
