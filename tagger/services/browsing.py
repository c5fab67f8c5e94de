"""What the window shows: photos in sections, counts beside them, folders and shoots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagger.core.keywords import class_key
from tagger.core.query import Sort
from tagger.services.facets import Facet, ask_counts, without_facet
from tagger.services.listing import Counts, Listing, Overview, Place, Section
from tagger.services.saved_searches import understand_query
from tagger.services.settings import class_colors, shown_tags
from tagger.services.summarising import summarise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.core.ids import FolderId, PhotoId
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

    def find(self, text: str, sort: Sort) -> Listing:
        """The photos of a search.

        Raises:
            QueryError: the text can't be understood; it names the place.
        """
        library = self._workspace.library
        query = understand_query(library, text)
        ids = library.find(query, sort=sort, offline=self._offline())
        sections: tuple[Section, ...] = ()
        if sort is Sort.TAKEN:
            ids, sections = _group_by_shoot(ids, *self._number_shoots(ids))
        return Listing(text, query, sort, ids, sections).prepare()

    def count(self, query: Query | None) -> Counts:
        """For each choice beside the photos how many it would leave."""
        library, offline = self._workspace.library, self._offline()
        classes = library.count_by_class(without_facet(query, Facet.CLASS), offline=offline)
        return Counts(classes, library.count_facets(ask_counts(query), offline=offline))

    def survey(self) -> Overview:
        """The library as a whole."""
        return survey(self._workspace)

    def _offline(self) -> list[FolderId]:
        return [folder.id for folder in self._workspace.offline_folders()]

    def _number_shoots(self, ids: Sequence[PhotoId]) -> tuple[NDArray[np.int64], list[str]]:
        """As in the library; read again when a photo is newer than what was read."""
        shoots = self._shoots
        if shoots is None or (ids and max(ids) >= len(shoots[0])):
            numbers, titles = self._workspace.library.number_shoots()
            shoots = (np.asarray(numbers, dtype=np.int64), titles)
            self._shoots = shoots
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
    ids: Sequence[PhotoId], shoot_of_photo: NDArray[np.int64], titles: Sequence[str]
) -> tuple[list[PhotoId], tuple[Section, ...]]:
    """Photos of a shoot together, shoots in the order of their first photo."""
    if not ids:
        return [], ()
    photos = np.asarray(ids)
    found = shoot_of_photo[photos]
    numbers, first, inverse = np.unique(found, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    order = np.argsort(rank[inverse], kind="stable")
    counts = np.bincount(rank[inverse])
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    by_rank = numbers[np.argsort(first)]
    sections = tuple(
        Section(int(start), int(count), titles[int(number)])
        for start, count, number in zip(starts, counts, by_rank, strict=True)
    )
    return photos[order].tolist(), sections
