"""What is written to files, and the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.changes import Changes
from tagger.library import settings, writing
from tagger.library.facade.part import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tagger.core.ids import FolderId, PhotoId
    from tagger.core.photo import FileState
    from tagger.core.writes import PendingWrite
    from tagger.library.records import WrittenFile


class WritingPart(Part):
    """The queue of files that wait for their keywords, and stored settings."""

    def count_unwritten(self, folder_ids: Collection[FolderId]) -> int:
        """How many files of these folders wait for their keywords."""
        with self._store.reading() as db:
            return writing.count_unwritten(db, folder_ids)

    def next_unwritten(
        self, folder_ids: Collection[FolderId], limit: int, *, after: PhotoId | None = None
    ) -> list[PendingWrite]:
        """Files to write, by rising id from the one after `after`."""
        with self._store.reading() as db:
            return writing.list_unwritten(db, folder_ids, limit, after)

    def store_written(self, written: Sequence[WrittenFile]) -> Changes:
        """Files now hold what was planned; their lines in the journal are closed.

        Decisions made meanwhile keep a photo in the queue.
        """
        with self._store.writing() as db:
            renamed = writing.store_written(db, written)
        self._features.carry_over(renamed)
        return Changes(frozenset(one.photo_id for one in written))

    def store_away(self, folder_ids: Collection[FolderId], sentence: str) -> Changes:
        """What waits in these folders waits for its drive; in all others no longer."""
        with self._store.writing() as db:
            return writing.store_away(db, folder_ids, sentence)

    def store_write_problem(self, photo_id: PhotoId, state: FileState, sentence: str) -> Changes:
        """Writing did not work; the file stays in the queue and shows why."""
        with self._store.writing() as db:
            return writing.store_write_problem(db, photo_id, state, sentence)

    def setting(self, key: str) -> str | None:
        """A stored setting, None where it was never changed."""
        with self._store.reading() as db:
            return settings.read_setting(db, key)

    def change_setting(self, key: str, value: str | None) -> Changes:
        """Store a setting; None forgets it.

        `write.predictions_from` (a score, 0..1) makes predictions from that score on part of what
        is written to files; photos that this concerns wait for writing.

        Raises:
            WrongUseError: the value is none that this setting can have.
        """
        with self._store.writing() as db:
            return writing.change_setting(db, key, value)
