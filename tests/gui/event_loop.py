"""How long the event loop is away from its work, and how much of that is our own doing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

_SCHEDULE = Path("/proc/thread-self/schedstat")


@dataclass(frozen=True)
class Gap:
    """A time in which no event was handled.

    Attributes:
        wall_ms: by the clock.
        own_ms: without the time in which the processor was with other programs: neither what this
            thread waited for it, nor more than all threads of the program together have computed.
            A thread that holds Python's lock may be kept waiting by other programs too.
        action: what was being done, as the recorder was told.
    """

    wall_ms: float
    own_ms: float
    action: str = ""


class GapRecorder:
    """A timer of 2 ms that notes how late it comes.

    Attributes:
        action: what is being done from now on; each gap is named by what was when it ended.
    """

    def __init__(self, parent: QObject, action: str = "") -> None:
        self.action = action
        self._gaps: list[Gap] = []
        self._last = _read_clocks()
        self._timer = QTimer(parent, interval=2)
        self._timer.timeout.connect(self._note)
        self._timer.start()

    def stop(self) -> list[Gap]:
        """All gaps, the longest first by what is the program's own doing."""
        self._timer.stop()
        return sorted(self._gaps, key=lambda gap: gap.own_ms, reverse=True)

    def _note(self) -> None:
        now = _read_clocks()
        wall_ms, waited_ms, busy_ms = (new - old for new, old in zip(now, self._last, strict=True))
        self._gaps.append(Gap(wall_ms, min(wall_ms - waited_ms, busy_ms), self.action))
        self._last = now


def _read_clocks() -> tuple[float, float, float]:
    """Milliseconds by the clock, those this thread waited for a processor, and those computed.

    Where the system does not tell what was waited, nothing was.
    """
    waited_ns = int(_SCHEDULE.read_text().split()[1]) if _SCHEDULE.exists() else 0
    return time.perf_counter() * 1000, waited_ns / 1_000_000, time.process_time() * 1000
