"""What people keep beside their decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.library import posts, saved_searches
from tagger.library.facade.part import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tagger.core.changes import Changes
    from tagger.core.ids import PhotoId
    from tagger.library.posts import Post
    from tagger.library.saved_searches import SavedSearch


class CollectingPart(Part):
    """Searches that people gave a name, and the ledger of posts."""

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

    def add_posts(self, shown: Sequence[Post]) -> Changes:
        """Note posts. One of the same photo, place and day is the same post, with its new caption.

        Raises:
            WrongUseError: a photo that is not in the library, or no platform.
        """
        with self._store.writing() as db:
            return posts.add_posts(db, shown, self._now())

    def remove_posts(self, shown: Sequence[Post]) -> Changes:
        """Take posts out of the ledger; photo, place and day say which."""
        with self._store.writing() as db:
            return posts.remove_posts(db, shown)

    def posts(self, photo_ids: Collection[PhotoId] | None = None) -> list[Post]:
        """The posts of these photos, or all there are; the newest first."""
        with self._store.reading() as db:
            return posts.list_posts(db, photo_ids)
