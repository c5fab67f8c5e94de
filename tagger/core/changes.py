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
        photo_ids: photos whose rows changed; none, but `tags`: those of any photo may have.
        membership: photos came or went, so lists of ids are stale.
        tags: tags or scores changed, so counts and filtered lists are stale.
        read_again: photos whose files were read again, so that they may have other pictures.
    """

    photo_ids: frozenset[PhotoId] = frozenset()
    membership: bool = False
    tags: bool = False
    read_again: frozenset[PhotoId] = frozenset()

    @property
    def is_everywhere(self) -> bool:
        """Whether the row of any photo may have changed."""
        return self.tags and not self.photo_ids

    def __or__(self, other: Changes) -> Changes:
        """Both changes as one."""
        is_everywhere = self.is_everywhere or other.is_everywhere
        return Changes(
            frozenset() if is_everywhere else self.photo_ids | other.photo_ids,
            self.membership or other.membership,
            self.tags or other.tags,
            self.read_again | other.read_again,
        )

    def __bool__(self) -> bool:
        return bool(self.photo_ids) or self.membership or self.tags
