"""A post in the making: what was wished for, and the photos in their slots."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tagger.core.errors import LibraryError, WrongUseError
from tagger.core.ids import PhotoId
from tagger.core.keywords import class_key
from tagger.core.names import fold_name
from tagger.library import StoredDraft
from tagger.services.searching.classes import ClassNames

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagger.library import Library

MOST_SLOTS = 20
"""What the platforms take in one post."""

_QUOTA = re.compile(r"\s*(\d+)\s*(?:x|\u00d7)?\s+(.+?)\s*")


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Quota(_Kept):
    """So many photos of a class."""

    name: str
    count: int = Field(ge=1, le=MOST_SLOTS)


class Wish(_Kept):
    """What a post shall be made of.

    Attributes:
        quotas: in the order of the slides.
        query: only photos that this search means; empty for all.
        per_shoot: at most so many of one wedding; None for any number.
        allows_alike, allows_blurred, allows_posted: what is left out otherwise.
    """

    quotas: tuple[Quota, ...]
    query: str = ""
    per_shoot: int | None = Field(default=None, ge=1)
    allows_alike: bool = False
    allows_blurred: bool = False
    allows_posted: bool = False


class Slot(_Kept):
    """One slide.

    Attributes:
        name: the class that it shows.
        photo_id: None where no photo was found.
        is_locked: building and swapping leave it alone.
        passed: photos that were here and were swapped; they don't come back.
    """

    name: str
    photo_id: PhotoId | None = None
    is_locked: bool = False
    passed: tuple[PhotoId, ...] = ()


_Named = TypeVar("_Named", Quota, Slot)


class Draft(_Kept):
    """A post with a name; the first slot is the first slide."""

    name: str = Field(min_length=1, max_length=100)
    wish: Wish
    slots: tuple[Slot, ...]

    @property
    def photo_ids(self) -> list[PhotoId]:
        """The photos in their order, empty slots left out."""
        return [slot.photo_id for slot in self.slots if slot.photo_id is not None]

    def with_slot(self, place: int, **changes: object) -> Draft:
        """The same post with one slot changed; `place` from 0."""
        slots = list(self.slots)
        slots[place] = slots[place].model_copy(update=changes)
        return self.model_copy(update={"slots": tuple(slots)})

    def with_copies(self, copies: Mapping[PhotoId, PhotoId]) -> Draft:
        """The same post with other files of the same photos."""
        taken = set(self.photo_ids)
        slots = list(self.slots)
        for place, slot in enumerate(slots):
            copy = None if slot.photo_id is None else copies.get(slot.photo_id)
            if copy is not None and copy not in taken:
                slots[place] = slot.model_copy(update={"photo_id": copy})
                taken.add(copy)
        return self.model_copy(update={"slots": tuple(slots)})

    def with_names(self, renamed: Mapping[str, str]) -> Draft:
        """The same post with other names for classes; `renamed`: by the keys of those it has."""

        def rename(part: _Named) -> _Named:
            return part.model_copy(update={"name": renamed.get(class_key(part.name), part.name)})

        wish = self.wish.model_copy(update={"quotas": tuple(map(rename, self.wish.quotas))})
        return self.model_copy(update={"wish": wish, "slots": tuple(map(rename, self.slots))})

    def moved(self, place: int, target: int) -> Draft:
        """The same post with one slide at another place, the others in their order."""
        slots = list(self.slots)
        slots.insert(target, slots.pop(place))
        return self.model_copy(update={"slots": tuple(slots)})


def parse_quotas(library: Library, text: str) -> tuple[Quota, ...]:
    """`3 bouquet, 2 reception`: the beginning of a class's name is enough.

    Raises:
        WrongUseError: it can't be understood, a class is unknown, or it is too much for a post.
    """
    names = ClassNames((tag.name for tag in library.tags()), library.renamed_tags())
    quotas = []
    for part in text.split(","):
        match = _QUOTA.fullmatch(part)
        if match is None or not 1 <= int(match[1]) <= MOST_SLOTS:
            raise WrongUseError(
                f"“{part.strip()}” is no number with a class. Write for example: "
                "3 bouquet, 2 reception, 2 bride."
            )
        quotas.append(Quota(name=names.require(match[2], 0), count=int(match[1])))
    if sum(quota.count for quota in quotas) > MOST_SLOTS:
        raise WrongUseError(f"A post has {MOST_SLOTS} pictures at most. Ask for fewer.")
    return tuple(quotas)


def empty_slots(wish: Wish) -> tuple[Slot, ...]:
    """A slot for each picture wished for."""
    return tuple(Slot(name=quota.name) for quota in wish.quotas for _ in range(quota.count))


def save_draft(library: Library, draft: Draft) -> None:
    """Keep a post, in place of one that has the name already, in any case."""
    library.save_draft(StoredDraft(draft.name, draft.model_dump_json(exclude_defaults=True)))


def list_drafts(library: Library) -> list[Draft]:
    """Every post in the making, the newest first.

    Where a photo is gone and a copy of it is there, the copy takes its place. Classes have their
    names of today.

    Raises:
        LibraryError: one was made by a newer version of the program.
    """
    try:
        drafts = [Draft.model_validate_json(stored.content) for stored in library.drafts()]
    except ValidationError as error:
        raise LibraryError(
            "A post was made by a newer version of the program. Install that version to open it."
        ) from error
    copies = library.copies({photo for draft in drafts for photo in draft.photo_ids})
    renamed = library.renamed_tags()
    return [draft.with_copies(copies).with_names(renamed) for draft in drafts]


def find_draft(library: Library, name: str) -> Draft:
    """The post of this name, in any case.

    Raises:
        WrongUseError: there is none.
    """
    drafts = list_drafts(library)
    for draft in drafts:
        if fold_name(draft.name) == fold_name(name):
            return draft
    known = ", ".join(draft.name for draft in drafts) or "none yet"
    raise WrongUseError(f"There is no post called {name}; there are: {known}.")


def remove_draft(library: Library, name: str) -> None:
    """Forget a post in the making; photos and ledger stay as they are.

    Raises:
        WrongUseError: there is none.
    """
    library.remove_draft(find_draft(library, name).name)
