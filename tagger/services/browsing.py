"""What the window shows: photos in sections, counts beside them, folders and shoots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagger.core.keywords import class_key
from tagger.core.query import Sort
from tagger.services.facets import Facet, ask_counts, without_facet
from tagger.services.listing import Counts, Listing, Overview, PhotoIds, Place, Section
from tagger.services.saved_searches import understand_query
from tagger.services.settings import class_colors, shown_tags
from tagger.services.summarising import summarise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import FolderId
    from tagger.core.query import Query
    from tagger.services.workspace import Workspace


class Browser:
    """Answers searches for one window; each method may be called from a thread of its own."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._shoots: tuple[NDArray[np.int64], list[str]] | None = None

    def forget(self) -> None:
        """Photos came or went: which photo is in which shoot has to be read again."""
        self._shoots = None

    def find(self, text: str, sort: Sort, cancel: CancelToken | None = None) -> Listing:
        """The photos of a search.

        Raises:
            QueryError: the text can't be understood; it names the place.
            CancelledError: nobody waits for the answer any more.
        """
        library = self._workspace.library
        query = understand_query(library, text)
        ids = library.find_ids(query, sort=sort, offline=self._offline(), cancel=cancel)
        sections: tuple[Section, ...] = ()
        if sort is Sort.TAKEN:
            ids, sections = _group_by_shoot(ids, *self._number_shoots(ids))
        return Listing(text, query, sort, PhotoIds(ids), sections).prepare()

    def count(self, query: Query | None, cancel: CancelToken | None = None) -> Counts:
        """For each choice beside the photos how many it would leave.

        Raises:
            CancelledError: nobody waits for the answer any more.
        """
        library, offline = self._workspace.library, self._offline()
        others = without_facet(query, Facet.CLASS)
        classes = library.count_by_class(others, offline=offline, cancel=cancel)
        facets = library.count_facets(ask_counts(query), offline=offline, cancel=cancel)
        return Counts(classes, facets)

    def survey(self) -> Overview:
        """The library as a whole."""
        return survey(self._workspace)

    def read_ahead(self, cancel: CancelToken) -> None:
        """Read the scores of all photos, so that the first sorting by them is at once, too.

        Raises:
            CancelledError: there is something more urgent now.
        """
        self._workspace.library.find_ids(None, sort=Sort.SCORE, cancel=cancel)

    def _offline(self) -> list[FolderId]:
        return [folder.id for folder in self._workspace.offline_folders()]

    def _number_shoots(self, ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[str]]:
        """As in the library; read again when a photo is newer than what was read."""
        shoots = self._shoots
        if shoots is None or ids.max(initial=0) >= len(shoots[0]):
            shoots = self._shoots = self._workspace.library.number_shoots()
        return shoots


def survey(workspace: Workspace) -> Overview:
    """The library as a whole."""
    library = workspace.library
    summary = summarise(workspace)
    offline = {folder.id for folder in workspace.offline_folders()}
    shoots = library.count_shoots()
    classes, colors = tuple(shown_tags(library)), class_colors(library)
    return Overview(
        photos=summary.photos,
        untagged=max(0, summary.photos - summary.tagged),
        failed=summary.failed,
        offline=summary.offline,
        pending_writes=summary.pending_writes,
        device=summary.device,
        places=tuple(
            Place(
                folder.id,
                folder.path,
                folder.id in offline,
                tuple((item.shoot, item.count) for item in shoots if item.folder_id == folder.id),
            )
            for folder in library.folders()
        ),
        classes=classes,
        class_colors=tuple(colors.get(class_key(tag.name), "") for tag in classes),
    )


def _group_by_shoot(
    ids: NDArray[np.int64], shoot_of_photo: NDArray[np.int64], titles: Sequence[str]
) -> tuple[NDArray[np.int64], tuple[Section, ...]]:
    """Photos of a shoot together, shoots in the order of their first photo."""
    shoots = shoot_of_photo[ids]
    first = np.full(len(titles), len(ids), dtype=np.int64)
    first[shoots[::-1]] = np.arange(len(ids))[::-1]  # of equal places the last assignment stays
    counts = np.bincount(shoots, minlength=len(titles))
    numbers = np.argsort(first, kind="stable")[: np.count_nonzero(counts)]
    # Numbers of 8 or 16 bits are sorted by counting, four times as fast as by comparing.
    rank = np.empty(len(titles), dtype=np.min_scalar_type(len(titles)))
    rank[numbers] = np.arange(len(numbers))
    order = np.argsort(rank[shoots], kind="stable")
    counts = counts[numbers]
    starts = np.cumsum(counts) - counts
    sections = tuple(
        Section(start, count, titles[number])
        for start, count, number in zip(
            starts.tolist(), counts.tolist(), numbers.tolist(), strict=True
        )
    )
    return ids[order], sections
