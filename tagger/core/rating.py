"""Stars and colour labels, as a person gives them and as files hold them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

REJECTED, MAX_STARS = -1, 5


class RatingField(StrEnum):
    """What can be given; the names of the columns."""

    RATING = "rating"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class RatingChange:
    """A new rating, a new label, both or none.

    Attributes:
        rating: -1 (rejected) to 5, 0 takes the stars away; None leaves them.
        label: free text, an empty one takes the label away; None leaves it. A colour shows only in
            programs whose label set has that very text.
    """

    rating: int | None = None
    label: str | None = None

    def __bool__(self) -> bool:
        return self.rating is not None or self.label is not None


NO_RATING_CHANGE = RatingChange()


@dataclass(frozen=True, slots=True)
class PendingRating:
    """A rating and a label on their way to one file.

    Attributes:
        wanted: what the file shall say.
        base: what the file said when the person decided, in the fields that `wanted` changes. A
            file that now says something else again was changed by another program meanwhile.
    """

    wanted: RatingChange = NO_RATING_CHANGE
    base: RatingChange = NO_RATING_CHANGE

    def __bool__(self) -> bool:
        return bool(self.wanted)

    def find_conflict(self, held: RatingChange) -> RatingField | None:
        """The field in which `held`, what the file says now, is neither base nor wanted."""
        if _is_other(held.rating, self.base.rating, self.wanted.rating):
            return RatingField.RATING
        if _is_other(held.label, self.base.label, self.wanted.label):
            return RatingField.LABEL
        return None

    def without_conflicts(self, held: RatingChange) -> RatingChange:
        """What is wanted in the fields in which no other program decided otherwise."""
        wanted, base = self.wanted, self.base
        return RatingChange(
            None if _is_other(held.rating, base.rating, wanted.rating) else wanted.rating,
            None if _is_other(held.label, base.label, wanted.label) else wanted.label,
        )


NOTHING_PENDING = PendingRating()


def normal_rating(rating: int | None, label: str | None) -> RatingChange:
    """What a file holds, without None: no stars are 0, no label is empty."""
    return RatingChange(rating or 0, label or "")


def _is_other(held: int | str | None, base: int | str | None, wanted: int | str | None) -> bool:
    return wanted is not None and held not in {base, wanted}
