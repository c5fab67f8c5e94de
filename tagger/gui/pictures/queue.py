"""Which thumbnail comes next: what was asked for last, and the quick step of each before the slow.

The quick step looks into the cache on disk and at the camera's own small picture; the slow one
decodes the photo.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from enum import Enum, auto
from threading import Condition
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagger.core.ids import PhotoId


class Step(Enum):
    """What to do for a photo."""

    QUICK = auto()
    SLOW = auto()


@dataclass(frozen=True)
class Task:
    """One step for one photo."""

    photo_id: PhotoId
    side_px: int
    step: Step


class WantedQueue:
    """Handed out to several threads; asking again replaces everything that has not begun."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._waiting: dict[Step, deque[Task]] = {step: deque() for step in Step}
        self._under_way: set[PhotoId] = set()
        self._is_closed = False

    def replace(self, tasks: Iterable[Task]) -> None:
        """Do these and nothing else, in this order."""
        with self._changed:
            for waiting in self._waiting.values():
                waiting.clear()
            for task in tasks:
                if task.photo_id not in self._under_way:
                    self._waiting[task.step].append(task)
            self._changed.notify_all()

    def take(self) -> Task | None:
        """Wait for the next task; None when the queue is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or any(self._waiting.values()))
            if self._is_closed:
                return None
            step = Step.QUICK if self._waiting[Step.QUICK] else Step.SLOW
            task = self._waiting[step].popleft()
            self._under_way.add(task.photo_id)
            return task

    def finish(self, task: Task, *, needs_slow_step: bool = False) -> None:
        """A task is done; the photo may have to be decoded, after the quick steps of the others."""
        with self._changed:
            self._under_way.discard(task.photo_id)
            if needs_slow_step:
                self._waiting[Step.SLOW].append(replace(task, step=Step.SLOW))
                self._changed.notify()

    def close(self) -> None:
        """Let every waiting thread go."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
