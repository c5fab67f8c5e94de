"""The window's side: starts the process when there is work, and waits for it in a thread."""

from __future__ import annotations

import logging
import multiprocessing
import time
from contextlib import suppress
from itertools import count
from queue import Empty, SimpleQueue
from threading import Condition, Lock, Thread
from typing import TYPE_CHECKING

from tagger.core.errors import CancelledError, TaggerError
from tagger.services.backstage.messages import Cancel, Ended, Leave, News, Start
from tagger.services.backstage.serving import serve

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.context import SpawnProcess
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.core.changes import Changes
    from tagger.services.backstage.messages import Task
    from tagger.services.reporting import Report

IDLE_S = 120.0
"""So long the process waits for more work before its memory goes back to the system."""

_LOOK_S = 0.05
_LOST = "The work behind the window has stopped unexpectedly. Start it again; nothing is lost."


class Backstage:
    """Runs tasks on one library in another process. Safe to use from any thread.

    Args:
        home: of the library.
        listener: gets what tasks change, in a thread of its own; must be quick.
    """

    def __init__(
        self, home: Path, listener: Callable[[Changes], None], idle_s: float = IDLE_S
    ) -> None:
        self._home = home
        self._listener = listener
        self._idle_s = idle_s
        self._lock = Lock()
        self._stage: _Stage | None = None
        self._is_closed = False

    @property
    def is_resting(self) -> bool:
        """Whether no process takes memory now."""
        stage = self._stage
        return stage is None or not stage.is_open

    def run(self, task: Task, cancel: CancelToken, report: Report) -> object:
        """Run a task and wait for what it returns.

        Raises:
            CancelledError: it was stopped.
            TaggerError: it failed; the sentence says why.
        """
        while True:
            stage = self._enter()
            ended = stage.run(task, cancel, report)
            if ended is not None:
                return _result_of(ended)
            if not stage.was_idle:
                raise TaggerError(_LOST)

    def close(self) -> None:
        """Stop all tasks at their next safe point. Does not wait."""
        with self._lock:
            self._is_closed = True
            if self._stage is not None:
                self._stage.close()

    def join(self, seconds: float) -> bool:
        """Wait so long for the process, then end it: what it had stored stays stored."""
        with self._lock:
            stage, self._stage = self._stage, None
        if stage is not None:
            stage.join(seconds)
        return True

    def _enter(self) -> _Stage:
        with self._lock:
            if self._is_closed:
                raise CancelledError("The window is being closed.")
            if self._stage is None or not self._stage.is_open:
                self._stage = _Stage(self._home, self._listener, self._idle_s)
            return self._stage


class _Stage:
    """One process, from its start to its end."""

    def __init__(self, home: Path, listener: Callable[[Changes], None], idle_s: float) -> None:
        # A forked child of a program with threads may hang; a spawned one starts clean.
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(
            target=serve, args=(theirs, home, idle_s), name="tagger-work", daemon=True
        )
        self._process.start()
        theirs.close()
        self._listener = listener
        self._numbers = count()
        self._changed = Condition()
        self._calls: dict[int, tuple[SimpleQueue[Ended | None], Report]] = {}
        self.is_open = True
        self._reader = Thread(target=self._read, name="backstage", daemon=True)
        self._reader.start()

    @property
    def was_idle(self) -> bool:
        """Whether it ended by itself, for want of work."""
        self._process.join()
        return self._process.exitcode == 0

    def run(self, task: Task, cancel: CancelToken, report: Report) -> Ended | None:
        """Wait for the end of a task; None when the process ended first."""
        answers: SimpleQueue[Ended | None] = SimpleQueue()
        with self._changed:
            if not self.is_open:
                return None
            number = next(self._numbers)
            self._calls[number] = answers, report
            self._send(Start(number, task))
        is_told = False
        while True:
            try:
                return answers.get(timeout=_LOOK_S)
            except Empty:
                if cancel.is_cancelled and not is_told:
                    is_told = True
                    with self._changed:
                        self._send(Cancel(number))

    def close(self) -> None:
        """Ask everything to stop."""
        with self._changed:
            for number in self._calls:
                self._send(Cancel(number))

    def join(self, seconds: float) -> None:
        """Wait for the tasks, then end the process, whatever it does."""
        deadline_s = time.monotonic() + seconds
        with self._changed:
            self._changed.wait_for(lambda: not self._calls, seconds)
            self._send(Leave())
        self._process.join(max(0.0, deadline_s - time.monotonic()))
        # A process that imports torch can't hear; its unfinished work is still in the queues.
        self._process.kill()
        self._process.join()
        self._reader.join()
        self._connection.close()

    def _send(self, message: Start | Cancel | Leave) -> None:
        with suppress(OSError):  # the process is gone, which the reader notices
            self._connection.send(message)

    def _read(self) -> None:
        with suppress(EOFError, OSError):
            while True:
                self._deliver(self._connection.recv())
        with self._changed:
            self.is_open = False
            calls, self._calls = self._calls, {}
            self._changed.notify_all()
        for answers, _ in calls.values():
            answers.put(None)

    def _deliver(self, message: News | Ended) -> None:
        if isinstance(message, Ended):
            with self._changed:
                answers, _ = self._calls.pop(message.number)
                self._changed.notify_all()
            answers.put(message)
            return
        if message.changes:
            self._listener(message.changes)
        for number, progress in message.progress.items():
            with self._changed:
                call = self._calls.get(number)
            if call is not None:
                call[1](progress)


def _result_of(ended: Ended) -> object:
    if ended.is_cancelled:
        raise CancelledError("Stopped. What was finished is kept; the rest goes on next time.")
    if ended.traceback is not None:
        logging.getLogger(__name__).error("unexpected error behind the window\n%s", ended.traceback)
    if ended.problem is not None:
        raise TaggerError(ended.problem)
    return ended.result
