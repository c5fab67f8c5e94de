"""A program that is told to end closes its window, whenever it is told."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tagger.gui.signals import ClosingSignals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def closed(qtbot: QtBot) -> Iterator[list[str]]:
    """Grows when the window is told to close."""
    calls: list[str] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signals = ClosingSignals(lambda: calls.append("closed"))
    try:
        yield calls
    finally:
        signals.close()
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_before_the_event_loop_runs_is_answered_by_it(
    qtbot: QtBot, closed: list[str], number: signal.Signals
) -> None:
    """Closing the last window ends the event loop, which it can't before there is one."""
    signal.raise_signal(number)
    assert closed == []
    qtbot.waitUntil(lambda: closed == ["closed"])
