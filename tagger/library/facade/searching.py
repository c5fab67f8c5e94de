"""Searching and counting."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tagger.core.cancel import CancelToken
from tagger.core.query import Sort
from tagger.library import counting, facets, searching, shoots
from tagger.library.facade.part import Part
from tagger.library.found_ids import Scope, Search

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tagger.core.ids import FolderId, PhotoId
    from tagger.core.query import Query
    from tagger.library.facets import FacetCounts, FacetQuestion
    from tagger.library.records import LibrarySummary
    from tagger.library.shoots import ShootCount


class SearchingPart(Part):
    """Searches and counts."""

    def find(
        self,
        query: Query | None,
        *,
        sort: Sort = Sort.TAKEN,
        limit: int | None = None,
        folder_ids: Collection[FolderId] | None = None,
        offline: Collection[FolderId] = (),
    ) -> list[PhotoId]:
        """Ids of the photos that fit; None finds all.

        Missing photos are found only by a search that asks for them (`is:missing`). `offline` are
        the folders whose drive is away, for `is:offline`.

        Raises:
            WrongUseError: a class or photo in the search is not in the library.
        """
        order = searching.Order(sort, limit)
        scope = self._scope(offline, folder_ids)
        with self._store.reading() as db:
            found = searching.find_photos(db, query, order, scope)
        return cast("list[PhotoId]", found.tolist())

    def find_ids(
        self,
        query: Query | None,
        *,
        sort: Sort,
        offline: Collection[FolderId] = (),
        cancel: CancelToken | None = None,
    ) -> NDArray[np.int64]:
        """As `find`, for those who go on calculating: `[N] int64`, read-only.

        Raises:
            CancelledError: nobody waits for the answer any more; so do the counts below.
        """
        scope = self._scope(offline, cancel=cancel)
        with self._store.reading() as db:
            return searching.find_photos(db, query, searching.Order(sort, None), scope)

    def count_by_class(
        self,
        query: Query | None = None,
        *,
        folder_ids: Collection[FolderId] | None = None,
        offline: Collection[FolderId] = (),
        cancel: CancelToken | None = None,
    ) -> dict[str, int]:
        """For each class the number of photos that have it, of those that fit the search."""
        scope = self._scope(offline, folder_ids, cancel)
        with self._store.reading() as db:
            return counting.count_by_class(db, query, scope)

    def count_facets(
        self,
        question: FacetQuestion,
        *,
        offline: Collection[FolderId] = (),
        cancel: CancelToken | None = None,
    ) -> FacetCounts:
        """How many photos each day, each camera and each other choice would leave."""
        scope = self._scope(offline, cancel=cancel)
        with self._store.reading() as db:
            return facets.count_facets(db, question, scope)

    def summary(self, *, offline: Collection[FolderId] = ()) -> LibrarySummary:
        """The library in numbers; `offline` are the folders whose drive is away."""
        scope = self._scope(offline)
        with self._store.reading() as db:
            return counting.summarize(db, scope)

    def number_shoots(self) -> tuple[NDArray[np.int64], list[str]]:
        """The shoot of every photo as a number, at the place of the photo's id; and their names."""
        with self._store.reading() as db:
            return shoots.number_shoots(Search(db, self._scope(())))

    def count_shoots(self) -> list[ShootCount]:
        """Every shoot in every folder with its number of photos, by name."""
        scope = self._scope(())
        with self._store.reading() as db:
            return shoots.count_shoots(db, scope)

    def failures(self) -> list[tuple[Path, str]]:
        """Each file that could not be read or written, with one sentence, by path."""
        with self._store.reading() as db:
            return counting.list_failures(db)

    def _scope(
        self,
        offline: Collection[FolderId],
        folder_ids: Collection[FolderId] | None = None,
        cancel: CancelToken | None = None,
    ) -> Scope:
        today = self._now().astimezone().date()
        return Scope(
            folder_ids, offline, self._features, self._kept, today, cancel or CancelToken()
        )
