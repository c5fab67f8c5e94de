"""Decisions on a photo as lines that people read."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from tagger.core.tag import Source, Verdict
from tagger.gui.text import class_title, translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.library import HistoryLine

_MOST_LINES = 12


def describe_history(history: Sequence[HistoryLine]) -> str:
    """The newest first, what was decided together on one line."""
    batches = groupby(history, key=lambda line: (line.decided_at, line.label, line.is_undone))
    lines = [_describe_batch(list(batch)) for _, batch in batches]
    shown = lines[:_MOST_LINES]
    if len(lines) > len(shown):
        shown.append(translate("and {count} earlier").format(count=len(lines) - len(shown)))
    return "\n".join(shown)


def _describe_batch(batch: list[HistoryLine]) -> str:
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
    when = f"{first.decided_at.astimezone():%d.%m. %H:%M}"
    who = translate(" (in the file)") if first.source is Source.FILE else ""
    undone = translate(" — undone") if first.is_undone else ""
    return f"{when}  {'; '.join(decided)}{who}{undone}"
