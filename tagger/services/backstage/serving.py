"""The process that works: takes tasks from a pipe, runs each in a thread, and tells how they go."""

from __future__ import annotations

import os
import signal
import traceback
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from tagger.core.cancel import CancelToken
from tagger.core.changes import Changes
from tagger.core.errors import CancelledError, TaggerError
from tagger.services.backstage.messages import Cancel, Ended, Leave, News, Start
from tagger.services.publishing import PublishingLibrary
from tagger.services.workspace import Workspace

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

    from tagger.core.progress import Progress

_PACE_S = 0.05
"""News are gathered for so long: each message costs the window a moment."""

_NICENESS = 10
"""The window is painted first, and what is left of the processor goes into the work."""


def serve(connection: Connection, home: Path, idle_s: float) -> None:
    """Work until the other end closes, or nothing was asked for during `idle_s`."""
    # Ctrl-C in a terminal goes to both processes; the window decides what stops.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    outbox = _Outbox(connection)
    servant = _Servant(home, outbox)
    try:
        while connection.poll(idle_s) or servant.is_busy:
            if connection.poll():
                message = connection.recv()
                if isinstance(message, Leave):
                    break
                servant.take(message)
    except (EOFError, OSError):
        pass  # the window is gone
    finally:
        servant.close()
        outbox.close()


class _Outbox:
    """Sends what tasks tell, gathered."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = Lock()
        self._changes = Changes()
        self._progress: dict[int, Progress] = {}
        self._is_closed = Event()
        self._thread = Thread(target=self._run, name="outbox", daemon=True)
        self._thread.start()

    def tell(self, changes: Changes) -> None:
        with self._lock:
            self._changes |= changes

    def report(self, number: int, progress: Progress) -> None:
        with self._lock:
            self._progress[number] = progress

    def end(self, ended: Ended) -> None:
        """Everything a task told is sent before its end."""
        with self._lock:
            self._flush()
            self._send(ended)

    def close(self) -> None:
        self._is_closed.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_closed.wait(_PACE_S):
            with self._lock:
                self._flush()

    def _flush(self) -> None:
        if self._changes or self._progress:
            news = News(self._changes, self._progress)
            self._changes, self._progress = Changes(), {}
            self._send(news)

    def _send(self, message: News | Ended) -> None:
        try:
            self._connection.send(message)
        except OSError:
            self._is_closed.set()  # the window is gone


class _Servant:
    """Runs tasks on one library, which is opened for the first of them."""

    def __init__(self, home: Path, outbox: _Outbox) -> None:
        self._home = home
        self._outbox = outbox
        self._opening = Lock()
        self._workspace: Workspace | None = None
        self._running: dict[int, tuple[CancelToken, Thread]] = {}

    @property
    def is_busy(self) -> bool:
        self._running = {n: task for n, task in self._running.items() if task[1].is_alive()}
        return bool(self._running)

    def take(self, message: Start | Cancel) -> None:
        if isinstance(message, Start):
            cancel = CancelToken()
            thread = Thread(target=self._run, args=(message, cancel), daemon=True)
            self._running[message.number] = cancel, thread
            thread.start()
        elif message.number in self._running:
            self._running[message.number][0].cancel()

    def close(self) -> None:
        """Stop everything at its next safe point, then close the library."""
        for cancel, _ in self._running.values():
            cancel.cancel()
        for _, thread in self._running.values():
            thread.join()
        if self._workspace is not None:
            self._workspace.library.close()

    def _run(self, start: Start, cancel: CancelToken) -> None:
        number = start.number
        try:
            result = start.task(
                self._open(), cancel, lambda progress: self._outbox.report(number, progress)
            )
            self._outbox.end(Ended(number, result))
        except CancelledError:
            self._outbox.end(Ended(number, is_cancelled=True))
        except TaggerError as error:
            self._outbox.end(Ended(number, problem=str(error)))
        except Exception as error:  # noqa: BLE001  told to the window's process, which logs it
            problem = f"Something unexpected went wrong: {error!r}"
            self._outbox.end(Ended(number, problem=problem, traceback=traceback.format_exc()))

    def _open(self) -> Workspace:
        with self._opening:
            if self._workspace is None:
                library = PublishingLibrary.open(self._home)
                library.listener = self._outbox.tell
                self._workspace = Workspace(self._home, library)
        return self._workspace
