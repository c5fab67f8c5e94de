"""Stars and colour labels: given here, shown at once, written to the files like keywords.

A rating that another program changed meanwhile is never written over unseen: the photo shows the
conflict and both ratings stay; rating it again decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.keywords import clean_keyword
from tagger.core.rating import RatingChange, RatingField

if TYPE_CHECKING:
    from collections.abc import Collection

    from tagger.core.changes import Changes
    from tagger.core.ids import PhotoId
    from tagger.core.rating import PendingRating
    from tagger.library import Library

LIGHTROOM_LABELS = ("Red", "Yellow", "Green", "Blue", "Purple")
"""The texts that Lightroom Classic shows as colours in its default label set, in its order."""


def rate_photos(library: Library, photo_ids: Collection[PhotoId], rating: int) -> Changes:
    """Give these photos stars, as one step that undo takes back: 0 to 5, or -1 for rejected.

    Raises:
        WrongUseError: there are no such stars.
    """
    return library.rate(photo_ids, RatingChange(rating=rating), label=name_rating(rating))


def label_photos(library: Library, photo_ids: Collection[PhotoId], label: str) -> Changes:
    """Give these photos a label, as one step that undo takes back; an empty one takes it away.

    Any text may be a label; only the texts of the label set in use show as colours elsewhere.
    """
    text = spell_label(label)
    step = f"label {text}" if text else "no label"
    return library.rate(photo_ids, RatingChange(label=text), label=step)


def spell_label(text: str) -> str:
    """The label as it is written: a colour of Lightroom as Lightroom spells it."""
    text = clean_keyword(text)
    return next((one for one in LIGHTROOM_LABELS if one.casefold() == text.casefold()), text)


def name_rating(rating: int) -> str:
    """What a person calls this rating: `3 stars`."""
    if rating < 0:
        return "rejected"
    return "no stars" if rating == 0 else f"{rating} star{'s' if rating > 1 else ''}"


def explain_conflict(pending: PendingRating, held: RatingChange) -> str | None:
    """One sentence when another program changed stars or label since a person did, else None."""
    field = pending.find_conflict(held)
    if field is None:
        return None
    if field is RatingField.RATING:
        theirs, ours = name_rating(held.rating or 0), name_rating(pending.wanted.rating or 0)
        return (
            f"Another program gave this photo {theirs}, you gave it {ours}. "
            "Rate it again to decide; until then both stay."
        )
    theirs, ours = held.label or "no label", pending.wanted.label or "no label"
    return (
        f"Another program labelled this photo “{theirs}”, you chose “{ours}”. "
        "Label it again to decide; until then both stay."
    )
