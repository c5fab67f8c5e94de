"""Keeping the window's own thread free of waits that Python brings along."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

_SWITCH_INTERVAL_S = 0.0005
"""A tenth of Python's own. Painting asks for Python's lock a hundred times a frame, and each time
waits so long for every thread that computes: with four of them 64 ms a frame, so 27 ms."""

_NEVER = 1_000_000
"""So many collections of the middle generation go before one of all: none while a window lives."""
_MINUTE_MS = 60_000


def answer_quickly() -> None:
    """Call once everything that stays is there.

    Python looks through all objects for garbage now and then, which takes 100 ms in a program of
    this size; what is there at the start stays until the end and need not be looked through. The
    rest is looked through by `CalmCollector` alone: 10,000 decisions would set it off while they
    are made, and that took 50 ms. What dies young is collected as ever.
    """
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)


class CalmCollector(QObject):
    """Looks for garbage once a minute, when that takes some milliseconds.

    Args:
        is_calm: whether nothing in this process holds many objects right now.
    """

    def __init__(self, is_calm: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._is_calm = is_calm
        timer = QTimer(self, interval=_MINUTE_MS)
        timer.timeout.connect(self.collect)
        timer.start()

    def collect(self) -> None:
        """Do it now, if it is calm."""
        if self._is_calm():
            gc.collect()


class Paced(QObject):
    """A call that is made at once, and again only after a pause, however often it is asked for.

    Args:
        pause_ms: from one call to the next.
    """

    def __init__(self, call: Callable[[], None], pause_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self._call = call
        self._is_wanted = False
        self._pause = QTimer(self, singleShot=True, interval=pause_ms)
        self._pause.timeout.connect(self._on_paused)

    def ask(self) -> None:
        """Call now, or when the pause is over."""
        self._is_wanted = True
        if not self._pause.isActive():
            self._on_paused()

    def _on_paused(self) -> None:
        if self._is_wanted:
            self._is_wanted = False
            self._pause.start()
            self._call()
