"""What people decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.tag import Source
from tagger.library import class_keywords, deciding, file_keywords, ratings, review, undoing
from tagger.library.facade.part import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from tagger.core.changes import Changes
    from tagger.core.ids import PhotoId, TagId
    from tagger.core.rating import RatingChange
    from tagger.core.tag import Tag
    from tagger.library.records import BlindChecks, DecisionRequest, Doubt, UndoneBatch


class DecidingPart(Part):
    """Decisions, and taking them back."""

    def decide(
        self, requests: Sequence[DecisionRequest], *, label: str, source: Source = Source.USER
    ) -> Changes:
        """Store decisions as one batch that undo takes back at once.

        Those that change nothing leave no trace. A decision holds for every file of the exposure.
        What was read from a file itself (`Source.FILE`) needs no writing to that file.

        Raises:
            WrongUseError: a photo or class that is not in the library.
        """
        with self._store.writing() as db:
            return deciding.decide(db, requests, label, source, self._now())

    def learn_keywords(self, classes: Mapping[str, TagId], *, label: str) -> Changes:
        """Confirm classes on every photo whose file has their keywords, by the keywords' keys.

        One step that undo takes back; what a person decided stays, and no file waits for writing.
        """
        with self._store.writing() as db:
            return file_keywords.learn_keywords(db, classes, label, self._now())

    def choose_keyword(self, name: str, path: Sequence[str]) -> tuple[Tag, Changes]:
        """What is written to files for a class, spelled as the files spell it already.

        Raises:
            WrongUseError: there is no such class, or a part of the path is empty.
        """
        with self._store.writing() as db:
            return class_keywords.choose_path(db, name, path)

    def adopt_keywords(self) -> Changes:
        """Classes take the spelling or path that the files have for their keyword already.

        Only classes whose keyword nobody chose and that was never written.
        """
        with self._store.writing() as db:
            return class_keywords.adopt_paths(db)

    def rate(self, photo_ids: Collection[PhotoId], change: RatingChange, *, label: str) -> Changes:
        """Give these photos stars, a colour label or both, as one step that undo takes back.

        It holds for every file of an exposure, shows at once and waits for writing.

        Raises:
            WrongUseError: there are no such stars.
        """
        with self._store.writing() as db:
            settled = ratings.settle_conflicts(db, photo_ids, change)
            news = ratings.list_rating_news(db, photo_ids, change)
            if not news:
                return settled
            batch_id = deciding.open_batch(db, label, Source.USER, self._now())
            return settled | ratings.rate(db, batch_id, news)

    def undo(self) -> UndoneBatch | None:
        """Take back the newest batch of the user that is not undone; None when there is none."""
        with self._store.writing() as db:
            return undoing.undo(db)

    def redo(self) -> UndoneBatch | None:
        """Bring back what undo took back last; None when there is nothing. A decision ends it."""
        with self._store.writing() as db:
            return undoing.redo(db)

    def unsure(self, within: float, limit: int) -> list[Doubt]:
        """Undecided classes with a score near their threshold, at most `limit` for each class."""
        with self._store.reading() as db:
            return review.list_unsure(db, within, limit)

    def sure(self, share: float, limit: int) -> list[Doubt]:
        """Undecided predictions far above their threshold, any `limit` of them for each class."""
        with self._store.reading() as db:
            return review.list_sure(db, share, limit)

    def note_blind(self, sure: Sequence[Doubt]) -> None:
        """Remember that these were mixed in among unsure ones."""
        with self._store.writing() as db:
            review.note_blind(db, sure, self._now())

    def blind_checks(self) -> BlindChecks:
        """What people decided on what was mixed in, for the classifier in use."""
        with self._store.reading() as db:
            return review.count_blind(db)
