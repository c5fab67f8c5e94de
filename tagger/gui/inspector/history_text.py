"""What people did with a photo, as lines to read, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from tagger.core.tag import Source, Verdict
from tagger.gui.text import class_title, moment, translate
from tagger.services.reverting import still_standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tagger.library import HistoryLine, RatingLine


@dataclass(frozen=True)
class HistoryStep:
    """What was done at once.

    Attributes:
        text: when, what, and whether it still counts.
        lines: what can be taken back; empty where it was replaced or undone, and for stars.
    """

    at: datetime
    text: str
    lines: tuple[HistoryLine, ...] = ()


def history_steps(
    history: Sequence[HistoryLine], ratings: Sequence[RatingLine]
) -> list[HistoryStep]:
    """What was decided together is one step; stars and labels stand among the decisions."""
    batches = groupby(history, key=lambda line: (line.decided_at, line.label, line.is_undone))
    steps = [_describe_batch(list(batch), history) for _, batch in batches]
    steps.extend(_describe_rating(line) for line in ratings)
    return sorted(steps, key=lambda step: step.at, reverse=True)


def _describe_batch(batch: Sequence[HistoryLine], history: Sequence[HistoryLine]) -> HistoryStep:
    first = batch[0]
    words = {
        Verdict.CONFIRMED: translate("confirmed"),
        Verdict.CORRECTED: translate("corrected to"),
        Verdict.REJECTED: translate("rejected"),
        None: translate("taken back"),
    }
    decided = []
    for verdict, lines in groupby(batch, key=lambda line: line.verdict):
        names = [class_title(line.tag) for line in lines]
        titles = ", ".join(names) if len(names) <= 3 else translate("all classes")
        decided.append(f"{words[verdict]} {titles}")
    who = translate(" (in the file)") if first.source is Source.FILE else ""
    text = _line(first.decided_at, f"{'; '.join(decided)}{who}", is_undone=first.is_undone)
    return HistoryStep(first.decided_at, text, tuple(still_standing(batch, history)))


def _describe_rating(line: RatingLine) -> HistoryStep:
    return HistoryStep(line.rated_at, _line(line.rated_at, line.label, is_undone=line.is_undone))


def _line(at: datetime, words: str, *, is_undone: bool) -> str:
    undone = translate(" — undone") if is_undone else ""
    return f"{moment(at.astimezone())}\n{words}{undone}"
