"""What a person should look at next: one question a photo, those first that teach most.

An unsure photo teaches more than a sure one, and a photo unlike those already asked for teaches
more than its twin. A few sure ones are mixed in, and nobody is told which: else the precision that
is reported would be that of the photos a person doubted.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.services.lookalikes import normalise
from tagger.services.settings import shown_tags

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from tagger.core.ids import PhotoId
    from tagger.library import BlindChecks, Doubt, Library

_WITHIN = 0.35
"""So far from its threshold a score is unsure."""

_MOST_CANDIDATES = 600
"""For each class, the nearest to their threshold."""

_SURE_SHARE = 0.5
"""Of the way from the threshold to 1, where sure predictions begin."""

_BLIND_SHARE = 0.1
_VARIETY = 0.6
"""How much of its worth a photo loses when it is the twin of one already asked for."""


@dataclass(frozen=True)
class Question:
    """Does this photo show this class? No score: it would tell which questions are blind."""

    photo_id: PhotoId
    name: str


@dataclass(frozen=True)
class Precision:
    """How many of the sure predictions were right, with the 95 % interval (Wilson 1927)."""

    right: int
    looked_at: int
    low: float
    high: float


def plan_review(
    library: Library,
    limit: int = 100,
    *,
    only: Collection[PhotoId] | None = None,
    rng: random.Random | None = None,
) -> list[Question]:
    """The next questions, one for each photo.

    Args:
        library: that holds the scores.
        limit: so many questions at most.
        only: ask for these photos alone.
        rng: chooses and places the sure ones.
    """
    rng = rng or random.Random()  # noqa: S311  not for secrets
    wanted = None if only is None else set(only)
    asked = {tag.name for tag in shown_tags(library)}
    doubts = [one for one in library.unsure(_WITHIN, _MOST_CANDIDATES) if one.name in asked]
    unsure = _one_a_photo(doubts, wanted)
    blind_count = min(round(limit * _BLIND_SHARE), round(len(unsure) * _BLIND_SHARE) + 1)
    sure = [one for one in library.sure(_SURE_SHARE, limit) if one.name in asked]
    rng.shuffle(sure)
    blind = _one_a_photo(sure, wanted)[: blind_count if unsure else 0]
    mixed_in = {doubt.photo_id for doubt in blind}
    unsure = [doubt for doubt in unsure if doubt.photo_id not in mixed_in]
    library.note_blind(blind)
    queue = _order(library, unsure, limit - len(blind))
    for doubt in blind:
        queue.insert(rng.randint(0, len(queue)), doubt)
    return [Question(doubt.photo_id, doubt.name) for doubt in queue]


def estimate_precision(library: Library) -> Precision | None:
    """From the sure ones that were mixed in and decided; None before the first."""
    checks = library.blind_checks()
    return None if not checks.decided else _wilson(checks)


def _one_a_photo(doubts: Sequence[Doubt], wanted: Collection[PhotoId] | None) -> list[Doubt]:
    """The most unsure class of each photo, in the order given."""
    best: dict[PhotoId, Doubt] = {}
    for doubt in doubts:
        if wanted is not None and doubt.photo_id not in wanted:
            continue
        held = best.get(doubt.photo_id)
        if held is None or _worth(doubt) > _worth(held):
            best[doubt.photo_id] = doubt
    return list(best.values())


def _worth(doubt: Doubt) -> float:
    """1 on the threshold, 0 at either end of the scores."""
    room = doubt.threshold if doubt.score < doubt.threshold else 1 - doubt.threshold
    return 1 - abs(doubt.score - doubt.threshold) / max(room, 1e-6)


def _order(library: Library, doubts: list[Doubt], limit: int) -> list[Doubt]:
    """Greedy: always the photo that is worth most, given those before it."""
    worth = np.array([_worth(doubt) for doubt in doubts])
    vectors = _load_vectors(library, doubts)
    nearest = np.zeros(len(doubts))
    chosen: list[Doubt] = []
    while len(chosen) < min(limit, len(doubts)):
        place = int(np.argmax(worth * (1 - _VARIETY * np.clip(nearest, 0, 1))))
        chosen.append(doubts[place])
        worth[place] = -1.0
        if vectors is not None:
            nearest = np.maximum(nearest, vectors @ vectors[place])
    return chosen


def _load_vectors(library: Library, doubts: Sequence[Doubt]) -> NDArray[np.float32] | None:
    """`[N, features]` of length one, zeros where a photo has none; None when none has."""
    backbone = next((model.backbone for model in library.models() if model.is_in_use), "")
    found = library.load_features(backbone, [doubt.photo_id for doubt in doubts])
    if not found:
        return None
    empty = bytes(len(next(iter(found.values()))))
    return normalise([found.get(doubt.photo_id, empty) for doubt in doubts])


def _wilson(checks: BlindChecks) -> Precision:
    share, n, z = checks.right / checks.decided, checks.decided, 1.96
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * ((share * (1 - share) + z * z / (4 * n)) / n) ** 0.5 / (1 + z * z / n)
    return Precision(checks.right, n, max(0.0, middle - half), min(1.0, middle + half))
