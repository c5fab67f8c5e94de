"""Waiting until a file that is being copied has stopped growing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.photo import Stamp

# Many programs make an empty file first and fill it much later.
_EMPTY_FACTOR = 10


@dataclass(slots=True)
class _Waiting:
    stamp: Stamp | None
    since_s: float


class Settler:
    """Tells when files have settled: same size and time for a delay. Knows no disk and no clock.

    Whoever uses it offers a path whenever something happened to it, and once more, with a fresh
    stamp, when it is `due`; what is still unchanged then is `ready`.

    Args:
        delay_s: how long a file must stay as it is; ten times as long while it is empty.
    """

    def __init__(self, delay_s: float = 2.0) -> None:
        self._delay_s = delay_s
        self._waiting: dict[Path, _Waiting] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def offer(self, path: Path, stamp: Stamp | None, now_s: float) -> None:
        """Say how a file looks now. A changed stamp starts its wait anew; None: it is not there."""
        waiting = self._waiting.get(path)
        if waiting is None or waiting.stamp != stamp:
            self._waiting[path] = _Waiting(stamp, now_s)

    def drop(self, path: Path) -> None:
        """Forget this path, whether it waits or not."""
        self._waiting.pop(path, None)

    def due(self, now_s: float) -> list[Path]:
        """What has waited long enough and is to be looked at and offered once more."""
        return [path for path, waiting in self._waiting.items() if self._ends_s(waiting) <= now_s]

    def ready(self, now_s: float) -> list[Path]:
        """Hand over the files that have settled, in the order in which they began to wait."""
        return self._take(now_s, is_there=True)

    def gone(self, now_s: float) -> list[Path]:
        """Hand over the paths that have been without a file for the delay; `ready` drops them."""
        return self._take(now_s, is_there=False)

    def next_deadline(self) -> float | None:
        """When something is due next, on the clock of `now_s`; None while nothing waits."""
        return min(map(self._ends_s, self._waiting.values()), default=None)

    def clear(self) -> None:
        """Forget everything: the whole folder is scanned instead."""
        self._waiting.clear()

    def _ends_s(self, waiting: _Waiting) -> float:
        is_empty = waiting.stamp is not None and waiting.stamp.size == 0
        return waiting.since_s + self._delay_s * (_EMPTY_FACTOR if is_empty else 1)

    def _take(self, now_s: float, *, is_there: bool) -> list[Path]:
        taken = [p for p in self.due(now_s) if (self._waiting[p].stamp is not None) is is_there]
        for path in taken:
            del self._waiting[path]
        return taken
