"""Starting and ending one folder's observer without ever waiting for a slow drive."""

from __future__ import annotations

import errno
import os
import time
from dataclasses import dataclass
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

from tagger.files.listener import Listener
from tagger.files.observers import WatchMode
from tagger.files.sentences import sentence_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tagger.files.mailbox import Mailbox, News
    from tagger.files.observers import Armed

_BEGINNING = "Watching is about to begin."
_AWAY = "The folder or its drive is away; it is scanned as soon as it is back."
_POLLED = "This is a network drive, so what other computers change is noticed with a delay."
_LIMIT_SETTINGS = {
    errno.ENOSPC: "fs.inotify.max_user_watches",
    errno.EMFILE: "fs.inotify.max_user_instances",
}


@dataclass(frozen=True, slots=True)
class WatchStatus:
    """How a folder is watched at the moment.

    Attributes:
        sentence: why not at once, for the user; empty for `WatchMode.NATIVE`.
        is_away: the folder or its drive is not there.
    """

    root: Path
    mode: WatchMode
    sentence: str
    is_away: bool = False


class Observation:
    """One folder's observer. Both its start and its end may hang, so each gets a thread.

    Attributes:
        status: read by any thread.

    Args:
        arm: starts an observer; raises `OSError` where that can't be done.
        scan_every_s: named to the user where the folder has to be scanned instead.
    """

    def __init__(
        self, root: Path, box: Mailbox, arm: Callable[[Listener], Armed], scan_every_s: float
    ) -> None:
        self._root = root
        self._box = box
        self._arm = arm
        self._scan_every_s = scan_every_s
        self._attempt = 0
        self._armed: Armed | None = None
        self._threads: list[Thread] = []
        self.status = WatchStatus(root, WatchMode.SCANNING, _BEGINNING)

    def begin(self) -> None:
        """Start an observer; `hear` tells when it is at work or has failed."""
        self._end()
        self.status = WatchStatus(self._root, WatchMode.SCANNING, _BEGINNING)
        self._run(partial(self._try_to_arm, self._attempt))

    def pause(self) -> None:
        """End the observer of a folder that has gone."""
        self._end()
        self.status = WatchStatus(self._root, WatchMode.SCANNING, _AWAY, is_away=True)

    def hear(self, news: News) -> bool:
        """Take in what became of the attempt. Returns whether the way of watching has changed."""
        if news.armed is not None:
            self._armed = news.armed
            sentence = _POLLED if news.armed.mode is WatchMode.POLLING else ""
            self.status = WatchStatus(self._root, news.armed.mode, sentence)
        # Even when it is at work: a folder that can be watched only in parts is scanned.
        if news.failure is not None:
            self._end()
            self.status = WatchStatus(self._root, WatchMode.SCANNING, self._explain(news.failure))
        return news.armed is not None or news.failure is not None

    def close(self, deadline_s: float) -> None:
        """End for good. Waits no longer than until `deadline_s` of `time.monotonic`."""
        self._end()
        for thread in self._threads:
            thread.join(max(0.0, deadline_s - time.monotonic()))

    def _end(self) -> None:
        self._attempt += 1
        left = self._box.listen_to(self._attempt)
        for armed in (left.armed, self._armed):
            if armed is not None:
                self._run(armed.close)
        self._armed = None

    def _run(self, work: Callable[[], None]) -> None:
        thread = Thread(target=work, name="tagger-observer", daemon=True)
        self._threads = [other for other in self._threads if other.is_alive()]
        self._threads.append(thread)
        thread.start()

    def _try_to_arm(self, attempt: int) -> None:
        try:
            armed = self._arm(Listener(self._root, self._box, attempt))
        except OSError as error:
            self._box.fail(attempt, error)
            return
        if not self._box.report(attempt, armed):
            armed.close()

    def _explain(self, error: OSError) -> str:
        instead = f"so it is scanned every {self._scan_every_s:.0f} seconds"
        setting = _LIMIT_SETTINGS.get(error.errno or 0)
        if setting is None or os.name == "nt":
            return f"This folder can't be watched, {instead}. {sentence_for(error)}"
        return (
            f"This folder has more subfolders than the system lets programs watch, {instead}; "
            f"to change that, raise {setting} with sysctl and start the program again."
        )
