"""Decoding ahead in threads, with a time limit for each photo."""

from __future__ import annotations

import queue
import time
from collections import deque
from itertools import islice
from threading import Event, Lock, Thread, current_thread
from typing import TYPE_CHECKING, Generic, TypeVar

from tagger.core.errors import PhotoError, PhotoTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from tagger.core.cancel import CancelToken

K = TypeVar("K")
T = TypeVar("T")

_CANCEL_POLL_S = 0.1


class _Job(Generic[T]):
    """One photo on its way through a worker.

    Attributes:
        worker: the thread that took it, at `started_s` by the monotonic clock; None before.
        is_dropped: nobody waits for it any more, so it need not begin.
        is_given_up: past its time limit; its thread has been replaced and ends after it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.done = Event()
        self.worker: Thread | None = None
        self.is_dropped = False
        self.is_given_up = False
        self.result: T | PhotoError | None = None
        self.failure: BaseException | None = None
        self.started_s: float | None = None

    def run(self, decode: Callable[[Path], T]) -> None:
        """Decode in the calling thread and keep what came of it."""
        self.started_s = time.monotonic()
        try:
            self.result = decode(self.path)
        except PhotoError as error:
            self.result = error
        except BaseException as error:  # noqa: BLE001 - a thread's end: raised again by `take`
            self.failure = error
        self.done.set()

    def take(self) -> T | PhotoError:
        """What came of it; an error that is no `PhotoError` is raised."""
        if self.failure is not None:
            raise self.failure
        return self.result  # type: ignore[return-value]  # set by `run` before `done`


class DecodePool(Generic[T]):
    """Threads that read photos ahead of whoever uses them.

    Decoders release the interpreter lock, so threads do as well as processes. A native decoder
    can't be stopped: the thread of a photo past its limit is given up and another takes its place.
    Threads are daemons, so none keeps the program from ending.

    Args:
        decode: called in the workers; raises `PhotoError` for a photo that can't be read.
        workers: threads, at least 1.
        time_limit_s: for one photo, from the moment a worker takes it.
    """

    def __init__(
        self, decode: Callable[[Path], T], *, workers: int, time_limit_s: float = 30.0
    ) -> None:
        self._decode = decode
        self._time_limit_s = time_limit_s
        self._jobs: queue.SimpleQueue[_Job[T] | None] = queue.SimpleQueue()
        self._lock = Lock()
        self._threads: set[Thread] = set()
        for _ in range(workers):
            self._start_worker()

    def results(
        self, items: Iterable[tuple[K, Path]], *, look_ahead: int, cancel: CancelToken
    ) -> Iterator[tuple[K, T | PhotoError]]:
        """Decode in order; at most `look_ahead` photos are decoded or waiting at any time.

        `items` is pulled in the calling thread, and only as far as needed.

        Raises:
            CancelledError: somebody asked for a stop.
        """
        waiting: deque[tuple[K, _Job[T]]] = deque()
        source = iter(items)
        try:
            while True:
                cancel.raise_if_cancelled()
                for key, path in islice(source, max(1, look_ahead) - len(waiting)):
                    waiting.append((key, self._submit(path)))
                if not waiting:
                    return
                key, job = waiting[0]
                result = self._wait_for(job, cancel)
                waiting.popleft()
                yield key, result
        finally:
            for _, job in waiting:
                job.is_dropped = True

    def close(self) -> None:
        """End the threads. Waits for photos that are being read, up to the time limit."""
        with self._lock:
            threads, self._threads = self._threads, set()
        for _ in threads:
            self._jobs.put(None)
        deadline_s = time.monotonic() + self._time_limit_s
        for thread in threads:
            thread.join(max(0.0, deadline_s - time.monotonic()))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _submit(self, path: Path) -> _Job[T]:
        assert self._threads, "the pool is closed"
        job: _Job[T] = _Job(path)
        self._jobs.put(job)
        return job

    def _wait_for(self, job: _Job[T], cancel: CancelToken) -> T | PhotoError:
        while not job.done.wait(min(_CANCEL_POLL_S, self._seconds_left(job))):
            cancel.raise_if_cancelled()
            if self._seconds_left(job) == 0 and self._give_up(job):
                return PhotoTimeoutError(
                    f"Reading the picture took longer than {self._time_limit_s:g} seconds. "
                    "It is probably damaged."
                )
        return job.take()

    def _seconds_left(self, job: _Job[T]) -> float:
        """Until the photo's limit; the whole limit while no worker has it."""
        if job.started_s is None:
            return self._time_limit_s
        return max(0.0, job.started_s + self._time_limit_s - time.monotonic())

    def _give_up(self, job: _Job[T]) -> bool:
        """Replace the thread of a photo past its limit; False when it got done meanwhile."""
        with self._lock:
            if job.done.is_set():
                return False
            job.is_given_up = True
            is_open = bool(self._threads)
            self._threads = {thread for thread in self._threads if thread is not job.worker}
        if is_open:
            self._start_worker()
        return True

    def _start_worker(self) -> None:
        thread = Thread(target=self._work, name="decode", daemon=True)
        with self._lock:
            self._threads.add(thread)
        thread.start()

    def _work(self) -> None:
        me = current_thread()
        while (job := self._jobs.get()) is not None:
            if job.is_dropped:
                continue
            job.worker = me
            job.run(self._decode)
            with self._lock:  # after `run`, so that either this or `_give_up` sees the other
                if job.is_given_up:
                    return
