"""Who prepares the photos of a batch: helpers ahead of this process, and this one beside them."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from functools import partial
from threading import Condition, Thread
from typing import TYPE_CHECKING, Self

from tagger.core.formats import format_of
from tagger.services.neighbours import Neighbours
from tagger.services.writing.planning import Way
from tagger.services.writing.readying import prepare_photo
from tagger.services.writing.serving import LOST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from concurrent.futures import Executor

    from tagger.core.ids import PhotoId
    from tagger.core.writes import PendingWrite
    from tagger.metadata import Profile
    from tagger.metadata.exiftool import Exiftool
    from tagger.services.writing.helping import Helper
    from tagger.services.writing.readying import Ready

_SHARE = 4
"""Photos that are handed out at once: few, so that all are done at about the same time."""
_ASKED_AHEAD = 2
"""Shares that a helper has at hand, so that it never waits for this process."""


class Preparer:
    """Prepares batches; helpers begin with the next one while this process places the last.

    Attributes:
        exiftool: what edits the formats that are not ours, None where they get sidecars.
    """

    def __init__(
        self,
        pool: Executor,
        profile: Profile,
        exiftool: Exiftool | None = None,
        helpers: Sequence[Helper] = (),
    ) -> None:
        self._pool = pool
        self._way = Way(Neighbours(), profile, exiftool)
        self._state = Condition()
        self._batch = 0
        self._begun: frozenset[PhotoId] = frozenset()
        self._shares: deque[Sequence[PendingWrite]] = deque()
        self._found: dict[PhotoId, Ready] = {}
        self._is_closed = False
        self._helpers = helpers
        self._feeders = [
            Thread(target=self._feed, args=(one,), name="feed", daemon=True) for one in helpers
        ]
        for feeder in self._feeders:
            feeder.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._state:
            self._is_closed = True
            self._state.notify_all()
        for helper in self._helpers:
            helper.kill()
        for feeder in self._feeders:
            feeder.join()

    def begin(self, batch: Sequence[PendingWrite]) -> None:
        """Let helpers begin with a batch; it shares no sidecar with any in work."""
        if not self._helpers or self._begun:
            return
        spliced = [pending for pending in batch if _is_spliced(pending)]
        with self._state:
            self._batch += 1
            self._begun, self._found = frozenset(one.photo_id for one in spliced), {}
            self._shares.extend(
                spliced[start : start + _SHARE] for start in range(0, len(spliced), _SHARE)
            )
            self._state.notify_all()

    def prepare(self, batch: Sequence[PendingWrite]) -> list[Ready]:
        """Plan and verify these photos."""
        wanted = {pending.photo_id: pending for pending in batch}
        self._way.neighbours.look_again()
        self.begin(batch)
        found: dict[PhotoId, Ready] = {}
        if not self._begun.isdisjoint(wanted):
            found = {key: one for key, one in self._finish().items() if key in wanted}
        rest = [pending for key, pending in wanted.items() if key not in found]
        return [*found.values(), *self._pool.map(partial(prepare_photo, way=self._way), rest)]

    def help(self) -> bool:
        """Prepare some of what was begun, if helpers have not taken all of it yet."""
        with self._state:
            share = self._shares.pop() if self._shares else ()
        self._put([prepare_photo(pending, self._way) for pending in share])
        return bool(share)

    def _finish(self) -> dict[PhotoId, Ready]:
        """What was begun, this process taking its share of what is left."""
        while True:
            with self._state:
                self._state.wait_for(lambda: self._shares or len(self._found) == len(self._begun))
                if not self._shares:
                    self._begun = frozenset()
                    return self._found
            self.help()

    def _feed(self, helper: Helper) -> None:
        """Keep a helper at work until the end; what it has not done when it dies is given back."""
        asked: deque[Sequence[PendingWrite]] = deque()
        try:
            with suppress(*LOST):
                self._ask_on(helper, asked)
        finally:  # whatever happened to it, nobody may wait for what it was asked
            with self._state:
                self._shares.extendleft(asked)
                self._state.notify_all()

    def _ask_on(self, helper: Helper, asked: deque[Sequence[PendingWrite]]) -> None:
        helper.await_start()
        while True:
            while len(asked) < _ASKED_AHEAD and (share := self._take(waits=not asked)):
                asked.append(share)
                helper.ask(share, self._batch)
            if not asked:
                return
            self._put(helper.answer())
            asked.popleft()

    def _take(self, *, waits: bool) -> Sequence[PendingWrite]:
        """The next share; nothing at the end, and where there is none and nobody `waits`."""
        with self._state:
            if waits:
                self._state.wait_for(lambda: self._shares or self._is_closed)
            return self._shares.popleft() if self._shares and not self._is_closed else ()

    def _put(self, ready: Iterable[Ready]) -> None:
        with self._state:
            self._found |= {one.pending.photo_id: one for one in ready}
            self._state.notify_all()


def _is_spliced(pending: PendingWrite) -> bool:
    """Whether our own code writes it, for helpers have no exiftool."""
    fmt = format_of(pending.path)
    return fmt is not None and fmt.holds_keywords
