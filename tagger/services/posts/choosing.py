"""The greedy choice: best first, never two alike, never too many of one wedding.

Each slot takes the photo with the highest worth, less what it shares with those chosen already
(maximal marginal relevance, Carbonell and Goldstein 1998). Only the best of each class are
compared by their looks; beyond them the order of worth alone counts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from tagger.core.ids import PhotoId
from tagger.services.lookalikes import ALIKE, SURE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray

_COMPARED = 150
"""Photos of a class that are compared by their looks at a time."""

_PER_SHOOT = 12
"""Of these at most so many of one wedding, so that others come into the comparison."""

_VARIETY = 0.5
"""What being exactly like a chosen photo costs; a score from 0 to 1 is worth as much as it says."""

_SAME = 0.9999
"""From this likeness on it is the same picture, such as a copy on a second drive."""


@dataclass(frozen=True)
class ClassPool:
    """The photos of a class that may be chosen, the worthiest first.

    Attributes:
        ids: `[N] int64`.
        worth: `[N] float32`, 0 and more.
        shoots: `[N] int64`, a number for each wedding.
    """

    ids: NDArray[np.int64]
    worth: NDArray[np.float32]
    shoots: NDArray[np.int64]


class Looks(Protocol):
    """What is asked of single photos while choosing."""

    def vectors(self, ids: Collection[PhotoId]) -> dict[PhotoId, NDArray[np.float32]]:
        """Feature vectors of length one, of those photos that have any."""

    def is_sharp(self, photo: PhotoId) -> bool:
        """Whether it may be shown."""


@dataclass
class Chosen:
    """What was chosen so far.

    Attributes:
        taken: photos that can't be chosen any more.
        shoots: how many of each wedding.
        allows_alike: look-alikes may stand beside each other.
    """

    looks: Looks
    per_shoot: int | None
    allows_alike: bool
    taken: set[PhotoId] = field(default_factory=set)
    shoots: Counter[int] = field(default_factory=Counter)
    _vectors: list[NDArray[np.float32]] = field(default_factory=list)
    _vector_shoots: list[int] = field(default_factory=list)

    def add(self, photo: PhotoId, shoot: int) -> None:
        """This one is in the post."""
        self.taken.add(photo)
        self.shoots[shoot] += 1
        vector = self.looks.vectors([photo]).get(photo)
        if vector is not None:
            self._vectors.append(vector)
            self._vector_shoots.append(shoot)

    def choose(self, pool: ClassPool) -> PhotoId | None:
        """The best that may stand beside the others; None where there is none. It is added."""
        for part in _parts(pool):
            vectors = self.looks.vectors([PhotoId(int(pool.ids[place])) for place in part])
            for place in self._ranked(pool, part, vectors):
                photo, shoot = PhotoId(int(pool.ids[place])), int(pool.shoots[place])
                if self._is_free(photo, shoot) and self.looks.is_sharp(photo):
                    self.add(photo, shoot)
                    return photo
        return None

    def _is_free(self, photo: PhotoId, shoot: int) -> bool:
        is_full = self.per_shoot is not None and self.shoots[shoot] >= self.per_shoot
        return photo not in self.taken and not is_full

    def _ranked(
        self,
        pool: ClassPool,
        part: NDArray[np.int64],
        vectors: dict[PhotoId, NDArray[np.float32]],
    ) -> Iterator[int]:
        """Places by worth less likeness, look-alikes left out."""
        if not self._vectors:
            yield from part.tolist()
            return
        chosen, shoots = np.stack(self._vectors), np.array(self._vector_shoots)
        blank = np.zeros(chosen.shape[1], np.float32)
        own = np.stack([vectors.get(PhotoId(int(pool.ids[place])), blank) for place in part])
        likeness = own @ chosen.T
        # Photos of one wedding share light and people, so they are alike sooner.
        is_near = pool.shoots[part][:, None] == shoots[None, :]
        limits = _SAME if self.allows_alike else np.where(is_near, ALIKE, SURE)
        nearest = likeness.max(axis=1)
        gain = pool.worth[part] - _VARIETY * np.maximum(nearest, 0)
        order = np.argsort(-gain, kind="stable")
        is_alike = np.any(likeness >= limits, axis=1)
        yield from part[order[np.logical_not(is_alike)[order]]].tolist()


def _parts(pool: ClassPool) -> Iterator[NDArray[np.int64]]:
    """Places to be compared together: first a varied part, then all others in order; none empty."""
    first = _varied(pool.shoots)
    if len(first):
        yield first
    others = np.setdiff1d(np.arange(len(pool.ids)), first, assume_unique=True)
    for start in range(0, len(others), _COMPARED):
        yield others[start : start + _COMPARED]


def _varied(shoots: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first places, of one wedding no more than `_PER_SHOOT`."""
    counts: Counter[int] = Counter()
    found: list[int] = []
    for place, shoot in enumerate(shoots[: _COMPARED * 40].tolist()):
        if counts[shoot] < _PER_SHOOT:
            counts[shoot] += 1
            found.append(place)
            if len(found) == _COMPARED:
                break
    return np.array(found, dtype=np.int64)
