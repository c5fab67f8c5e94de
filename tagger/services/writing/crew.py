"""Who prepares and places the photos of a batch: helpers, and this process beside them.

Each does one share of jobs after the other, and nothing here runs in threads as long as the disk is
quick: threads that touch files hand Python's lock to each other at every call of the
system, and that costs more than such a disk lets them wait. Where it is slow, they wait side by
side.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from tagger.core.errors import PhotoError
from tagger.services.writing.batches import is_spliced
from tagger.services.writing.helping import AS_LONG_BYTES, wait_for
from tagger.services.writing.jobs import Placing, Preparing, do_all
from tagger.services.writing.placing import HeldError, lose_patience
from tagger.services.writing.readying import Ready
from tagger.services.writing.serving import LOST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor

    from tagger.core.ids import PhotoId
    from tagger.core.writes import PendingWrite
    from tagger.services.writing.helping import Helper
    from tagger.services.writing.jobs import Hand, Job, Outcome

_SHARE = 8
"""Small photos that are done at a time: a message costs both sides a tenth of one, and the disk
writes several as quickly as one."""
_ASKED_AHEAD = 2
"""Shares that a helper has at hand while this process is busy with a photo of its own."""
_LONG_WAIT_S = 0.004
"""For the disk, in each of the last jobs: from then on it is slow."""
_LAST = 4
MAX_THREADS = 8
"""That wait for a slow disk side by side."""
_MAX_BYTES = 64 << 20
"""Of photos whose files are placed side by side."""


class Crew:
    """Prepares and places batches; helpers prepare the next one while the last is placed.

    Args:
        hand: this process; its `wait` is called where another program holds a file.
        pool: threads for what waits.
        helpers: other processes.
    """

    def __init__(self, hand: Hand, pool: Executor, helpers: Sequence[Helper] = ()) -> None:
        self._patient = hand
        self._hand = replace(hand, wait=lose_patience)
        self._pool = pool
        self._helpers = list(helpers)
        self._batch = 0
        self._begun: set[PhotoId] = set()
        self._to_place: deque[Placing] = deque()
        self._to_prepare: deque[Preparing] = deque()
        self._to_prepare_here: deque[Preparing] = deque()
        self._ready: dict[PhotoId, Ready] = {}
        self._placed: dict[PhotoId, Outcome] = {}

    def prepare(
        self, batch: Sequence[PendingWrite], following: Sequence[PendingWrite] = ()
    ) -> list[Ready]:
        """Plan and verify these photos.

        Who has nothing left to do of them begins with the `following` ones, which share no sidecar
        with these.
        """
        self._hand.way.neighbours.look_again()
        self._begin(batch)
        self._begin(following)
        rest = (pending for pending in batch if pending.photo_id not in self._begun)
        self._to_prepare_here.extend(Preparing(one, self._batch) for one in rest)
        self._work_until(lambda: all(one.photo_id in self._ready for one in batch))
        self._begun.difference_update(one.photo_id for one in batch)
        return [self._ready.pop(one.photo_id) for one in batch]

    def place(self, jobs: Sequence[Placing]) -> dict[PhotoId, Outcome]:
        """Write these photos. Those that other programs hold are waited for side by side."""
        self._to_place.extend(jobs)
        self._work_until(lambda: all(job.photo_id in self._placed for job in jobs))
        placed, self._placed = self._placed, {}
        held = [job for job in jobs if isinstance(placed[job.photo_id], HeldError)]
        found = self._pool.map(lambda job: do_all([job], self._patient), held)
        return placed | {job.photo_id: one for job, (one,) in zip(held, found, strict=True)}

    def _begin(self, batch: Sequence[PendingWrite]) -> None:
        """Have ready what helpers can do of a batch."""
        self._batch += 1
        for pending in batch if self._helpers else ():
            if pending.photo_id not in self._begun and is_spliced(pending):
                self._begun.add(pending.photo_id)
                self._to_prepare.append(Preparing(pending, self._batch))

    def _work_until(self, is_done: Callable[[], bool]) -> None:
        waits_s: deque[float] = deque(maxlen=_LAST)
        while not is_done():
            self._supply()
            jobs = self._take()
            if jobs:
                waits_s.append(self._do(jobs))
            if len(waits_s) == _LAST and min(waits_s) > _LONG_WAIT_S:
                self._do_side_by_side()
            self._collect(waits=not jobs)

    def _take(self) -> Sequence[Job]:
        """Jobs for this process: placing comes first, and what helpers would do comes last."""
        if self._to_place:
            return _take_share(self._to_place)
        jobs = self._to_prepare_here or self._to_prepare
        return (jobs.popleft(),) if jobs else ()

    def _do(self, jobs: Sequence[Job]) -> float:
        """Do them. Returns how many seconds each had to wait."""
        start_s, computed_s = time.perf_counter(), time.thread_time()
        for job, found in zip(jobs, do_all(jobs, self._hand), strict=True):
            self._note(job, found)
        waited_s = time.perf_counter() - start_s - (time.thread_time() - computed_s)
        return waited_s / len(jobs)

    def _do_side_by_side(self) -> None:
        """As much as memory has room for of what this process is about to do."""
        jobs: list[tuple[Job]] = []
        room = _MAX_BYTES
        while room > 0 and (self._to_place or self._to_prepare_here):
            job = (self._to_place or self._to_prepare_here).popleft()
            room -= job.size
            jobs.append((job,))
        list(self._pool.map(self._do, jobs))

    def _supply(self) -> None:
        """Keep helpers at work; what one has not done when it dies is given back."""
        for helper in list(self._helpers):
            if self._hand.is_stopped():
                helper.stop()
            while helper.is_ready and len(helper.asked) < _ASKED_AHEAD:
                share = _take_share(self._to_place or self._to_prepare)
                if not share:
                    break
                try:
                    helper.ask(share)
                except LOST:
                    self._lose(helper)
                    break

    def _collect(self, *, waits: bool) -> None:
        """Take up what helpers have done."""
        for helper in wait_for(self._helpers, None if waits else 0):
            try:
                done = helper.answer()
            except LOST:
                self._lose(helper)
                continue
            for job, found in done:
                self._note(job, found)

    def _note(self, job: Job, found: Any) -> None:
        if isinstance(job, Placing):
            self._placed[job.photo_id] = found
        elif isinstance(found, PhotoError):
            self._ready[job.photo_id] = Ready(job.pending, error=found)
        else:
            self._ready[job.photo_id] = Ready(job.pending, found)

    def _lose(self, helper: Helper) -> None:
        self._helpers.remove(helper)
        asked = [*chain.from_iterable(helper.asked)]
        self._to_place.extend(one for one in asked if isinstance(one, Placing))
        self._to_prepare.extend(one for one in asked if isinstance(one, Preparing))


def _take_share(jobs: deque[Placing] | deque[Preparing]) -> list[Job]:
    """What is done at a time of these: less of large photos, and towards the end."""
    share: list[Job] = []
    room = min(_SHARE, len(jobs) / 3)
    while jobs and room > 0:
        share.append(jobs.popleft())
        room -= 1 + share[-1].size / AS_LONG_BYTES
    return share
