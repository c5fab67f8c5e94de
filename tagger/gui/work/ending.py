"""Waiting for threads to end, with one deadline for all."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


class Joinable(Protocol):
    """Something with threads of its own."""

    def join(self, seconds: float) -> bool:
        """Wait so long at most. Returns whether the threads have ended."""
        ...


def join_all(parts: Iterable[Joinable], seconds: float) -> bool:
    """Wait for all of them together. Returns whether all have ended."""
    deadline_s = time.monotonic() + seconds
    has_ended = True
    for part in parts:
        has_ended &= part.join(max(0.01, deadline_s - time.monotonic()))
    return has_ended
