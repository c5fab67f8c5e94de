"""Which hours are written below the strip, and which a mark on it means."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tagger.core.query import TakenDuring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.services.ribbon import Stretch

_STEPS = (5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440)
"""Minutes; each divides a day or is one."""


def hour_marks(start: datetime, end: datetime, most: int) -> list[datetime]:
    """Round times between two others, as many as there is room for."""
    minutes = (end - start).total_seconds() / 60
    step = next((step for step in _STEPS if minutes / step <= max(1, most)), None)
    if step is None:
        step = 1440 * max(1, round(minutes / 1440 / max(1, most)))
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    passed = (start - midnight).total_seconds() / 60
    mark = midnight + timedelta(minutes=-(-passed // step) * step)
    marks = []
    while mark <= end:
        marks.append(mark)
        mark += timedelta(minutes=step)
    return marks


def span_of(stretches: Sequence[Stretch], marked: range) -> TakenDuring:
    """The search for the time of some stretches; they end between two seconds."""
    first, after = stretches[marked.start].start, stretches[marked.stop - 1].end
    return TakenDuring(_round_up(first), _round_up(after) - timedelta(seconds=1))


def _round_up(moment: datetime) -> datetime:
    whole = moment.replace(microsecond=0)
    return whole if whole == moment else whole + timedelta(seconds=1)
