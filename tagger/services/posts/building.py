"""Building a post from a wish, swapping one slide for the next best, and giving it a shape."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.errors import PhotoError, WrongUseError
from tagger.core.query import Comparison, Flag, Is, Not, Posted, Rated, all_of
from tagger.images.sharpness import read_sharpness
from tagger.services.posts.choosing import Chosen, ClassPool
from tagger.services.posts.draft import Draft, empty_slots
from tagger.services.saved_searches import understand_query

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from tagger.core.ids import PhotoId
    from tagger.core.query import Query
    from tagger.library import Library, PhotoRow
    from tagger.services.posts.draft import Slot, Wish
    from tagger.services.workspace import Workspace

BLURRED_BELOW = 0.2
"""Of 120 wedding photos 119 are sharper; blurred by one pixel in 512 half of them are not."""

_MOST_MEASURED = 60
"""Photos whose sharpness is measured for one post; the others count as sharp."""

_STAR_WORTH = 0.06
"""Five stars are worth 0.3 of a score."""

_SHAPES = (("instagram-landscape", 1.2), ("instagram-square", 0.95), ("instagram-4x5", 0.77))
"""Presets by the least width by height of the first slide."""


def build_post(workspace: Workspace, draft: Draft) -> Draft:
    """Fill every slot that is not locked, from the whole library or the search of the wish.

    Raises:
        QueryError: the search can't be understood.
        WrongUseError: a class is not in the library.
    """
    builder = _Builder(workspace, draft.wish)
    chosen = builder.start(slot for slot in draft.slots if slot.is_locked)
    slots = list(draft.slots)
    open_places = [place for place, slot in enumerate(slots) if not slot.is_locked]
    # The class with the fewest photos chooses first: others find more to choose from.
    for place in sorted(open_places, key=lambda place: builder.size(slots[place].name)):
        photo = chosen.choose(builder.pool(slots[place].name))
        slots[place] = slots[place].model_copy(update={"photo_id": photo, "passed": ()})
    return draft.model_copy(update={"slots": tuple(slots)})


def new_draft(name: str, wish: Wish) -> Draft:
    """A post with empty slots.

    Raises:
        WrongUseError: the name is empty or too long.
    """
    if not 0 < len(name.strip()) <= 100:
        raise WrongUseError("A post needs a name of 1 to 100 letters.")
    return Draft(name=name.strip(), wish=wish, slots=empty_slots(wish))


def swap_slot(workspace: Workspace, draft: Draft, place: int) -> Draft:
    """The next best photo in one slot; those that were swapped before don't come back.

    Raises:
        WrongUseError: there is no such slot, it is locked, or no other photo fits.
    """
    slot = _require_slot(draft, place)
    if slot.is_locked:
        raise WrongUseError(f"Slide {place + 1} is locked. Unlock it to swap its photo.")
    passed = (*slot.passed, *([slot.photo_id] if slot.photo_id is not None else []))
    builder = _Builder(workspace, draft.wish)
    chosen = builder.start(other for number, other in enumerate(draft.slots) if number != place)
    chosen.taken.update(passed)
    photo = chosen.choose(builder.pool(slot.name))
    if photo is None:
        raise WrongUseError(
            f"No other {slot.name.replace('_', ' ')} fits. Widen the search, or allow look-alikes."
        )
    return draft.with_slot(place, photo_id=photo, passed=passed)


def lock_slot(draft: Draft, place: int, *, is_locked: bool) -> Draft:
    """The same post with one slide kept as it is, or let go.

    Raises:
        WrongUseError: there is no such slide.
    """
    _require_slot(draft, place)
    return draft.with_slot(place, is_locked=is_locked)


def move_slot(draft: Draft, place: int, target: int) -> Draft:
    """The same post with one slide at another place.

    Raises:
        WrongUseError: there is no such slide or place.
    """
    _require_slot(draft, place)
    _require_slot(draft, target)
    return draft.moved(place, target)


def shape_of(workspace: Workspace, draft: Draft) -> str:
    """The preset for all slides: the first one sets the shape, as the platforms have it."""
    rows = workspace.library.photo_rows(draft.photo_ids[:1])
    if not rows or not rows[0].width or not rows[0].height:
        return "instagram-4x5"
    shape = rows[0].width / rows[0].height
    return next((name for name, least in _SHAPES if shape >= least), "instagram-3x4")


def _require_slot(draft: Draft, place: int) -> Slot:
    if not 0 <= place < len(draft.slots):
        raise WrongUseError(
            f"There is no slide {place + 1}; the post has slides 1 to {len(draft.slots)}."
        )
    return draft.slots[place]


class _Builder:
    """What one run knows of the library; read once, asked often."""

    def __init__(self, workspace: Workspace, wish: Wish) -> None:
        self._library = workspace.library
        self._wish = wish
        self._looks = _LibraryLooks(workspace.library, needs_sharpness=not wish.allows_blurred)
        self._pools: dict[str, ClassPool] = {}
        self._offline = [folder.id for folder in workspace.offline_folders()]

    def start(self, kept: Iterable[Slot]) -> Chosen:
        """Begin with the photos of these slots."""
        chosen = Chosen(self._looks, self._wish.per_shoot, self._wish.allows_alike)
        for slot in kept:
            if slot.photo_id is not None:
                chosen.add(slot.photo_id, int(self._shoots[slot.photo_id]))
        return chosen

    def size(self, name: str) -> int:
        """How many photos of this class may be chosen."""
        return len(self.pool(name).ids)

    def pool(self, name: str) -> ClassPool:
        """The photos of a class that may be chosen, the worthiest first."""
        if name not in self._pools:
            scores = self._library.class_scores(self._library.find_tag(name).id)
            is_allowed = np.isin(scores.ids, self._allowed, assume_unique=True)
            ids = scores.ids[is_allowed]
            worth = scores.scores[is_allowed] + _STAR_WORTH * self._stars[ids]
            order = np.argsort(-worth, kind="stable")
            ids = ids[order]
            self._pools[name] = ClassPool(ids, worth[order], self._shoots[ids])
        return self._pools[name]

    @cached_property
    def _allowed(self) -> NDArray[np.int64]:
        parts: list[Query] = []
        query = understand_query(self._library, self._wish.query)
        if query is not None:
            parts.append(query)
        if not self._wish.allows_posted:
            parts.append(Not(Posted()))
        found = set(self._library.find(all_of(*parts) if parts else None, offline=self._offline))
        for flag in (Flag.FAILED, Flag.OFFLINE):
            found -= set(self._library.find(Is(flag), offline=self._offline))
        found -= set(self._library.find(Rated(Comparison.LESS, 0), offline=self._offline))
        return np.array(sorted(found), dtype=np.int64)

    @cached_property
    def _shoots(self) -> NDArray[np.int64]:
        return self._library.number_shoots()[0]

    @cached_property
    def _stars(self) -> NDArray[np.float32]:
        stars = np.zeros(len(self._shoots), np.float32)
        for count in range(1, 6):
            found = self._library.find(Rated(Comparison.EQUAL, count), offline=self._offline)
            stars[np.array(found, dtype=np.int64)] = count
        return stars


class _LibraryLooks:
    """Looks of photos: vectors from the library; sharpness measured where nobody has yet."""

    def __init__(self, library: Library, *, needs_sharpness: bool) -> None:
        self._library = library
        self._needs_sharpness = needs_sharpness
        self._measured = 0
        self._vectors: dict[PhotoId, NDArray[np.float32]] = {}
        used = (model.backbone for model in library.models() if model.is_in_use)
        self._backbone = next(used, None)

    def vectors(self, ids: Collection[PhotoId]) -> dict[PhotoId, NDArray[np.float32]]:
        """As `Looks.vectors`."""
        missing = [photo for photo in ids if photo not in self._vectors]
        if missing and self._backbone is not None:
            for photo, vector in self._library.load_features(self._backbone, missing).items():
                self._vectors[photo] = _unit(vector)
        return {photo: self._vectors[photo] for photo in ids if photo in self._vectors}

    def is_sharp(self, photo: PhotoId) -> bool:
        """As `Looks.is_sharp`; a photo that can't be read is not."""
        if not self._needs_sharpness:
            return True
        known = self._library.sharpness([photo]).get(photo)
        if known is None:
            if self._measured >= _MOST_MEASURED:
                return True
            self._measured += 1
            known = self._measure(photo)
        return known >= BLURRED_BELOW

    def _measure(self, photo: PhotoId) -> float:
        rows: list[PhotoRow] = self._library.photo_rows([photo])
        try:
            value = read_sharpness(rows[0].path)
        except (PhotoError, IndexError):
            return 0.0
        self._library.store_sharpness({photo: value})
        return value


def _unit(vector: bytes) -> NDArray[np.float32]:
    floats = np.frombuffer(vector, dtype="<f2").astype(np.float32)
    length = float(np.linalg.norm(floats))
    return floats / length if length > 0 else floats
