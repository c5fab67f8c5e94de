"""A shoot as a ribbon: what was photographed when, in stretches of equal length."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from tagger.services.settings import shown_tags

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tagger.core.ids import PhotoId
    from tagger.library.timeline import Timeline
    from tagger.services.workspace import Workspace

_MOST, _FEWEST = 120, 20
"""Twelve hours in steps of six minutes: a dance and a cake are still apart."""

_PHOTOS_EACH = 2
"""Of few photos each stretch is longer, so that the strip is no fence of thin poles."""

_FAINTEST = 0.12
"""Below this a class is noise: twelve of them would make every stretch grey."""


@dataclass(frozen=True)
class Stretch:
    """Some minutes of a shoot.

    Attributes:
        start, end: by the camera's clock; the end is not part of it.
        photo_ids: the earliest first; may be empty.
        shares: for each class of the ribbon its mean probability, 0..1.
    """

    start: datetime
    end: datetime
    photo_ids: tuple[PhotoId, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Ribbon:
    """One shoot.

    Attributes:
        classes: names, in the person's order.
        stretches: without gaps, from the first photo to the last; empty for fewer than two photos.
    """

    shoot: str
    classes: tuple[str, ...] = ()
    stretches: tuple[Stretch, ...] = ()


def read_ribbon(workspace: Workspace, shoot: str, stretches: int | None = None) -> Ribbon:
    """The ribbon of a shoot, from what is stored; no photo is looked at.

    Without a number there are as many stretches as the photos fill.
    """
    tags = shown_tags(workspace.library)
    timeline = workspace.library.timeline(shoot)
    if len(timeline.seconds) < 2 or timeline.seconds[0] == timeline.seconds[-1]:
        return Ribbon(shoot)
    if stretches is None:
        stretches = max(_FEWEST, min(_MOST, len(timeline.seconds) // _PHOTOS_EACH))
    edges = _edges(timeline.seconds, stretches)
    place = np.searchsorted(edges, timeline.seconds, side="right") - 1
    counts = np.bincount(place, minlength=stretches)
    nothing = np.zeros(len(place), dtype=np.float32)
    shares = [_mean(timeline.scores.get(tag.id, nothing), place, counts, stretches) for tag in tags]
    ends = np.cumsum(counts)
    return Ribbon(
        shoot,
        tuple(tag.name for tag in tags),
        tuple(
            Stretch(
                _time(edges[number]),
                _time(edges[number + 1]),
                _ids(timeline, int(ends[number] - counts[number]), int(ends[number])),
                tuple(float(share[number]) for share in shares),
            )
            for number in range(stretches)
        ),
    )


def _edges(seconds: NDArray[np.int64], stretches: int) -> NDArray[np.float64]:
    """Where stretches begin and end; the last photo is inside the last one."""
    return np.linspace(float(seconds[0]), float(seconds[-1]) + 1, stretches + 1)


def _mean(
    scores: NDArray[np.float32],
    place: NDArray[np.int64],
    counts: NDArray[np.int64],
    stretches: int,
) -> NDArray[np.float64]:
    totals = np.bincount(place, weights=scores, minlength=stretches)
    means = totals / np.maximum(counts, 1)
    return np.where(means >= _FAINTEST, means, 0.0)


def _ids(timeline: Timeline, start: int, end: int) -> tuple[PhotoId, ...]:
    return tuple(timeline.photo_ids[start:end].tolist())


def _time(seconds: float) -> datetime:
    """Back to the camera's clock, which has no zone."""
    return datetime.fromtimestamp(float(seconds), UTC).replace(tzinfo=None)
