"""Other processes that prepare photos, so that a long run of writing uses more cores than one.

Python computes on one core at a time in each process. What another one sends back is small: the
changes as the journal keeps them. It touches no file but to read it.
"""

from __future__ import annotations

import multiprocessing
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from tagger.services.workspace import core_count
from tagger.services.writing.serving import serve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagger.core.writes import PendingWrite
    from tagger.metadata import Profile
    from tagger.services.writing.readying import Ready

HELPED_FROM = 200
"""Photos that are worth the third of a second that its start takes."""
_MAX_HELPERS = 3
"""So many prepare as quickly as one process can place what they have prepared."""


class Helper:
    """One process, which ends with this one."""

    def __init__(self, profile: Profile) -> None:
        context = multiprocessing.get_context("spawn")  # a fork of a program with threads may hang
        self._connection, theirs = context.Pipe()
        self._process = context.Process(
            target=serve, args=(theirs, profile), name="tagger-write", daemon=True
        )
        self._process.start()
        theirs.close()

    def await_start(self) -> None:
        """Return when it is ready to be asked. Raises one of `LOST`, as all that follows."""
        self._connection.recv()

    def ask(self, photos: Sequence[PendingWrite], batch: int) -> None:
        """Let it prepare these; it looks at a folder anew with each `batch`."""
        self._connection.send((photos, batch))

    def answer(self) -> list[Ready]:
        """What came of the photos that were asked for first and not answered yet."""
        answer: list[Ready] = self._connection.recv()
        return answer

    def kill(self) -> None:
        """End it, whatever it is at: it changes nothing. Who waits for an answer gets an error."""
        self._process.kill()
        self._process.join()

    def close(self) -> None:
        """Give up the way to it, when nobody waits for an answer any more."""
        self._connection.close()


@contextmanager
def helpers_for(photos: int, profile: Profile) -> Iterator[list[Helper]]:
    """Helpers for so many photos, none where they would not help or can't be had."""
    helpers: list[Helper] = []
    try:
        for _ in range(min(photos // HELPED_FROM, core_count() - 1, _MAX_HELPERS)):
            with suppress(OSError):
                helpers += _start(profile)
        yield helpers
    finally:
        for helper in helpers:
            helper.kill()
            helper.close()


def _start(profile: Profile) -> list[Helper]:
    if multiprocessing.current_process().daemon:  # may have no children, who would outlive it
        return []
    return [Helper(profile)]
