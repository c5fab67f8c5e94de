"""What an operation changed, so that views can tell whether they are stale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagger.core.ids import PhotoId


@dataclass(frozen=True, slots=True)
class Changes:
    """Returned by every operation that writes the library.

    Attributes:
        photo_ids: photos whose rows changed.
        membership: photos came or went, so lists of ids are stale.
        tags: tags or scores changed, so counts and filtered lists are stale.
    """

    photo_ids: frozenset[PhotoId] = frozenset()
    membership: bool = False
    tags: bool = False

    def __or__(self, other: Changes) -> Changes:
        """Both changes as one."""
        return Changes(
            self.photo_ids | other.photo_ids,
            self.membership or other.membership,
            self.tags or other.tags,
        )

    def __bool__(self) -> bool:
        return bool(self.photo_ids) or self.membership or self.tags
