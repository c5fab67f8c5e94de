"""Counts that people see while they wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.services.reporting import Stopwatch

if TYPE_CHECKING:
    from tagger.core.progress import Progress


def test_no_more_is_done_than_there_is() -> None:
    reports: list[Progress] = []
    watch = Stopwatch("Scoring anew", 54, reports.append, lambda: 0.0)
    open_ended = Stopwatch("Looking", None, reports.append, lambda: 0.0)

    watch.advance(20)
    watch.advance(2048)
    open_ended.advance(2048)

    assert [one.done for one in reports] == [20, 54, 2048]
