"""Other processes that prepare and place photos, so that a long run of writing uses all cores.

Python computes on one core at a time in each process. What they send and get is small: the changes
as the journal keeps them.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from contextlib import contextmanager, suppress
from multiprocessing import connection
from typing import TYPE_CHECKING, Any

from tagger.services.workspace import core_count
from tagger.services.writing.batches import is_spliced
from tagger.services.writing.serving import serve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagger.core.writes import PendingWrite
    from tagger.metadata import Profile
    from tagger.services.writing.jobs import Job

HELPED_FROM = 300
"""Small photos that are worth the third of a second that its start takes."""
AS_LONG_BYTES = 2_000_000
"""Of a picture are moved in the time that the metadata of a photo takes."""
_MAX_HELPERS = 3
"""Each takes memory, and disks have their limits."""


class Helper:
    """One process, which ends with this one.

    Attributes:
        connection: has something to read when an answer is there.
        asked: the shares that it was asked for and has not answered, the oldest first.
        is_ready: it has started.
    """

    def __init__(self, profile: Profile) -> None:
        context = multiprocessing.get_context("spawn")  # a fork of a program with threads may hang
        self.connection, theirs = context.Pipe()
        self.asked: deque[Sequence[Job]] = deque()
        self.is_ready = False
        self._stop = context.Event()
        self._process = context.Process(
            target=serve, args=(theirs, profile, self._stop), name="tagger-write", daemon=True
        )
        self._process.start()
        theirs.close()

    def ask(self, share: Sequence[Job]) -> None:
        """Let it do this after what it was asked for before. Raises one of `LOST`."""
        self.asked.append(share)
        self.connection.send(share)

    def answer(self) -> list[tuple[Job, Any]]:
        """The jobs of the oldest share and what came of each, none when it says that it is there.

        Raises one of `LOST`.
        """
        found = self.connection.recv()
        if self.is_ready:
            return list(zip(self.asked.popleft(), found, strict=True))
        self.is_ready = True
        return []

    def stop(self) -> None:
        """Let it place nothing more."""
        self._stop.set()

    def kill(self) -> None:
        """End it, whatever it is at: files are whole."""
        self._process.kill()
        self._process.join()
        self.connection.close()


def wait_for(helpers: Sequence[Helper], timeout_s: float | None) -> list[Helper]:
    """Those that have something to say, as soon as there is one; None waits without end."""
    heard = connection.wait([one.connection for one in helpers], timeout_s)
    return [one for one in helpers if one.connection in heard]


def estimate_effort(photos: int, first: Sequence[PendingWrite]) -> int:
    """How many small photos take as long as these; it is told from the `first` ones."""
    moved = sum(one.stamp.size for one in first if is_spliced(one)) / AS_LONG_BYTES
    return round(photos * (1 + moved / max(len(first), 1)))


@contextmanager
def helpers_for(effort: int, profile: Profile) -> Iterator[list[Helper]]:
    """Helpers for this effort, none where they would not help or can't be had."""
    helpers: list[Helper] = []
    try:
        for _ in range(min(effort // HELPED_FROM, core_count() - 1, _MAX_HELPERS)):
            with suppress(OSError):
                helpers += _start(profile)
        yield helpers
    finally:
        for helper in helpers:
            helper.kill()


def _start(profile: Profile) -> list[Helper]:
    if multiprocessing.current_process().daemon:  # may have no children, who would outlive it
        return []
    return [Helper(profile)]
