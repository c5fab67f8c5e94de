"""Rows of the library, fetched page by page when they are looked at."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from tagger.core.ids import PhotoId
    from tagger.library import PhotoRow

PAGE = 64
_PAGES_KEPT = 64


class RowPages:
    """Rows by their place in a list of ids. A page is one query by primary key.

    Args:
        fetch: rows of these ids; ids that are gone are left out.
    """

    def __init__(self, fetch: Callable[[Sequence[PhotoId]], list[PhotoRow]]) -> None:
        self._fetch = fetch
        self._ids: Sequence[PhotoId] = ()
        self._pages: OrderedDict[int, dict[PhotoId, PhotoRow]] = OrderedDict()

    def reset(self, ids: Sequence[PhotoId]) -> None:
        """Take another list; nothing is fetched yet."""
        self._ids = ids
        self._pages.clear()

    def row(self, place: int) -> PhotoRow | None:
        """The row at this place; None when the photo is gone from the library."""
        return self._page(place // PAGE).get(self._ids[place])

    def forget(self, photo_ids: Collection[PhotoId]) -> None:
        """These photos changed; an empty collection means that any may have."""
        if not photo_ids:
            self._pages.clear()
            return
        changed = [
            number
            for number, page in self._pages.items()
            if any(photo_id in photo_ids for photo_id in page)
        ]
        for number in changed:
            del self._pages[number]

    def _page(self, number: int) -> dict[PhotoId, PhotoRow]:
        page = self._pages.get(number)
        if page is None:
            ids = self._ids[number * PAGE : (number + 1) * PAGE]
            page = {row.id: row for row in self._fetch(ids)}
            self._pages[number] = page
            if len(self._pages) > _PAGES_KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        return page
