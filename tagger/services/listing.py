"""The answer to a search as the window shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self, cast, overload

import numpy as np

from tagger.core.ids import PhotoId
from tagger.core.query import Sort

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.core.ids import FolderId
    from tagger.core.query import Query
    from tagger.core.tag import Tag
    from tagger.library.facets import FacetCounts


class PhotoIds(Sequence[PhotoId]):
    """Many ids as a list that nobody changes: a million take 8 MB, and no time to hand on."""

    def __init__(self, ids: NDArray[np.int64]) -> None:
        """Args: `ids`: `[N] int64`."""
        self.array = ids

    @overload
    def __getitem__(self, place: int) -> PhotoId: ...

    @overload
    def __getitem__(self, place: slice) -> list[PhotoId]: ...

    def __getitem__(self, place: int | slice) -> PhotoId | list[PhotoId]:
        found = self.array[place].tolist()
        return cast("PhotoId | list[PhotoId]", found)

    def __len__(self) -> int:
        return len(self.array)

    def __iter__(self) -> Iterator[PhotoId]:
        return iter(self[:])

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PhotoIds):
            return np.array_equal(self.array, other.array)
        return self[:] == other

    __hash__ = None  # type: ignore[assignment]  # as lists have none

    def __repr__(self) -> str:
        return f"PhotoIds({self.array!r})"


@dataclass(frozen=True)
class Section:
    """Photos of one shoot that stand together.

    Attributes:
        start: place of the first one in the listing.
        count: how many there are.
        title: name of the shoot.
    """

    start: int
    count: int
    title: str


@dataclass(frozen=True)
class Listing:
    """The answer to a search, ready to be shown.

    Attributes:
        text: the search as it was asked.
        query: the same, understood; None for everything.
        ids: photos in the order they are shown.
        sections: by shoot when photos are in the order they were taken; empty in other orders.
    """

    text: str = ""
    query: Query | None = None
    sort: Sort = Sort.TAKEN
    ids: Sequence[PhotoId] = ()
    sections: tuple[Section, ...] = ()

    @cached_property
    def _listed(self) -> NDArray[np.int64]:
        ids = self.ids
        return ids.array if isinstance(ids, PhotoIds) else np.asarray(ids, dtype=np.int64)

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        return np.argsort(self._listed, kind="stable")

    def prepare(self) -> Self:
        """Make `rows_of` fast, in a thread that may take its time."""
        self._order  # noqa: B018  computed once, then kept
        return self

    def rows_of(self, photo_ids: Collection[PhotoId]) -> list[int]:
        """The places of these photos, rising; those that are not listed are left out."""
        if not self.ids or not photo_ids:
            return []
        wanted = np.asarray(sorted(photo_ids), dtype=np.int64)
        places = np.searchsorted(self._listed, wanted, sorter=self._order)
        rows = self._order[np.minimum(places, len(self._listed) - 1)]
        return sorted(rows[self._listed[rows] == wanted].tolist())


@dataclass(frozen=True)
class Counts:
    """For each choice how many photos it would leave, given the rest of the search.

    Attributes:
        classes: by name.
        facets: days, cameras, and the choices that `services.facets` lists, in its order.
    """

    classes: dict[str, int]
    facets: FacetCounts


@dataclass(frozen=True)
class Place:
    """A folder of the library with its shoots.

    Attributes:
        shoots: name and number of photos, by name; the empty name is for photos without a date.
    """

    folder_id: FolderId
    path: Path
    is_offline: bool
    shoots: tuple[tuple[str, int], ...]

    @property
    def count(self) -> int:
        """Photos in the folder and below it."""
        return sum(count for _, count in self.shoots)


@dataclass(frozen=True)
class Overview:
    """The library as a whole: what stands in the status line and in the tree of folders.

    Attributes:
        class_colors: `#rrggbb` a class where a person chose one, else empty.
    """

    photos: int
    untagged: int
    failed: int
    offline: int
    pending_writes: int
    device: str | None
    places: tuple[Place, ...]
    classes: tuple[Tag, ...]
    class_colors: tuple[str, ...] = ()
