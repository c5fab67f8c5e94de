"""What people keep beside their decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.library import saved_searches
from tagger.library.facade.part import Part

if TYPE_CHECKING:
    from tagger.library.saved_searches import SavedSearch


class CollectingPart(Part):
    """Searches that people gave a name."""

    def saved_searches(self) -> list[SavedSearch]:
        """Every saved search, by name."""
        with self._store.reading() as db:
            return saved_searches.list_saved_searches(db)

    def save_search(self, search: SavedSearch) -> None:
        """Keep a search, in place of one that has the name already, in any case."""
        with self._store.writing() as db:
            saved_searches.save_search(db, search, self._now())

    def remove_saved_search(self, name: str) -> bool:
        """Forget the search of this name, in any case; False where there is none."""
        with self._store.writing() as db:
            return saved_searches.remove_saved_search(db, name)
