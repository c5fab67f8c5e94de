"""What goes through the pipe between the window's process and the one that works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.core.cancel import CancelToken
    from tagger.core.changes import Changes
    from tagger.core.progress import Progress
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace

    Task = Callable[[Workspace, CancelToken, Report], object]
    """Something a module defines, or a `functools.partial` of it: it is sent by its name."""


@dataclass(frozen=True, slots=True)
class Start:
    """Do this, and answer with this number."""

    number: int
    task: Task


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop at the next safe point."""

    number: int


@dataclass(frozen=True, slots=True)
class Leave:
    """End yourself: nothing more will be asked for."""


@dataclass(frozen=True, slots=True)
class News:
    """What has happened since the last news: changes merged, the newest progress of each task."""

    changes: Changes
    progress: dict[int, Progress]


@dataclass(frozen=True, slots=True)
class Ended:
    """A task is over.

    Attributes:
        result: what it returned.
        problem: one sentence when it failed.
        traceback: where, when nobody expected it.
    """

    number: int
    result: object = None
    problem: str | None = None
    traceback: str | None = None
    is_cancelled: bool = False
