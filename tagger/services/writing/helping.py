"""A second process that prepares photos, so that a long run of writing uses two cores.

Python computes on one core at a time in each process. What the other one sends back is small: the
changes as the journal keeps them. It touches no file but to read it.
"""

from __future__ import annotations

import multiprocessing
import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from tagger.services.neighbours import Neighbours
from tagger.services.workspace import core_count
from tagger.services.writing.planning import Way
from tagger.services.writing.readying import prepare_photo

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

    from tagger.library import PendingWrite
    from tagger.metadata import Profile
    from tagger.services.writing.readying import Ready

HELPED_FROM = 400
"""Photos that are worth the half second of its start."""
_LOST = (EOFError, OSError)


class Helper:
    """One process, which ends with this one."""

    def __init__(self, profile: Profile) -> None:
        context = multiprocessing.get_context("spawn")  # a fork of a program with threads may hang
        self._connection, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, profile), name="tagger-write", daemon=True
        )
        self._process.start()
        theirs.close()
        self._is_ready = False

    def ask(self, photos: Sequence[PendingWrite]) -> bool:
        """Let it prepare these; False while it is starting, and when it is lost."""
        try:
            if not self._is_ready:
                self._is_ready = self._connection.poll() and bool(self._connection.recv())
            if self._is_ready:
                self._connection.send(photos)
        except _LOST:
            self._is_ready = False
        return self._is_ready

    def answer(self) -> list[Ready]:
        """What came of the photos asked for last; nothing when it is lost."""
        try:
            answer: list[Ready] = self._connection.recv()
        except _LOST:
            self._is_ready = False
            return []
        return answer

    def close(self) -> None:
        """End it, whatever it is at: it changes nothing."""
        self._connection.close()
        self._process.kill()
        self._process.join()


@contextmanager
def helper_for(photos: int, profile: Profile) -> Iterator[Helper | None]:
    """A helper for so many photos, None where it would not help or can't be had."""
    helper = _start(profile) if photos >= HELPED_FROM and core_count() > 1 else None
    try:
        yield helper
    finally:
        if helper is not None:
            helper.close()


def _start(profile: Profile) -> Helper | None:
    if multiprocessing.current_process().daemon:  # may have no children, who would outlive it
        return None
    try:
        return Helper(profile)
    except OSError:
        return None


def _serve(connection: Connection, profile: Profile) -> None:
    """Prepare what is asked for until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to both; the other one decides
    with suppress(*_LOST):
        connection.send(True)  # noqa: FBT003 - ready
        while True:
            photos = connection.recv()
            way = Way(Neighbours(), profile)
            connection.send([prepare_photo(pending, way) for pending in photos])
