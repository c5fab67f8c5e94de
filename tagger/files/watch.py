"""Watching folders: telling what has settled, and asking for a scan where that can't be told."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from functools import partial
from threading import Event, Thread, current_thread
from typing import TYPE_CHECKING, ParamSpec, Self

from tagger.files.drives import is_network_drive
from tagger.files.mailbox import Mailbox
from tagger.files.observation import Observation
from tagger.files.observers import open_native, open_polling
from tagger.files.watched_root import Pace, WatchedRoot

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tagger.files.listener import Listener
    from tagger.files.observation import WatchStatus
    from tagger.files.observers import Armed

_log = logging.getLogger(__name__)
_P = ParamSpec("_P")
_SHUTDOWN_S = 5.0


@dataclass(frozen=True, slots=True)
class WatchLimits:
    """What rarely needs another value.

    Attributes:
        scan_every_s: how often a folder that can't be watched is scanned.
        poll_every_s: how often a network drive is compared with what it was.
        check_every_s: how soon a drive that went or came is noticed.
        max_pending: more files than that are not waited for one by one.
    """

    scan_every_s: float = 60.0
    poll_every_s: float = 30.0
    check_every_s: float = 5.0
    max_pending: int = 5_000


_DEFAULT_LIMITS = WatchLimits()


def arm_root(listener: Listener, *, poll_every_s: float) -> Armed:
    """Start the observer that suits the folder's drive.

    Raises:
        OSError: it can't be watched.
    """
    if is_network_drive(listener.root):
        return open_polling(listener, poll_every_s)
    return open_native(listener)


class FolderWatcher:
    """Watches folders from one thread until it is stopped; also a context manager.

    - `on_settled(root, paths)`: photos and sidecars that came, changed or went and have been
      quiet since. What stands at the path now, if anything, is for the receiver to look up: of a
      moved file both places are told, and paths that are gone come last.
    - `on_rescan(root, reason)`: the folder is to be scanned, with the reason as a sentence for
      people. It comes once for each folder as soon as it is being watched, so that what happened
      before is seen; then when events were lost, when a drive is back, and regularly.

    Both are called in the watcher's thread and should only hand the work on. What they raise is
    logged. An absent folder is no error: nothing is told of it until it is back.

    Args:
        roots: folders; paths are told below the root as it is given here.
        delay_s: how long a file must keep its size and time; ten times as long while empty.
        rescan_every_s: the safety net where events come; `limits` has the others.
        arm: starts an observer for a folder.
    """

    def __init__(
        self,
        roots: Sequence[Path],
        on_settled: Callable[[Path, list[Path]], None],
        on_rescan: Callable[[Path, str], None],
        *,
        delay_s: float = 2.0,
        rescan_every_s: float = 300.0,
        limits: WatchLimits = _DEFAULT_LIMITS,
        arm: Callable[[Listener], Armed] | None = None,
    ) -> None:
        self._on_settled = on_settled
        self._on_rescan = on_rescan
        self._limits = limits
        self._arm = arm or partial(arm_root, poll_every_s=limits.poll_every_s)
        self._pace = Pace(delay_s, rescan_every_s, limits.scan_every_s, limits.check_every_s)
        self._bell = Event()
        self._is_stopping = False
        self._roots = [self._watched(root) for root in roots]
        self._thread = Thread(target=self._run, name="tagger-watcher", daemon=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin, once. Returns at once; slow drives are prepared in the background."""
        self._thread.start()

    def stop(self) -> None:
        """End within a few seconds, even when a drive hangs. Afterwards nothing is told."""
        self._is_stopping = True
        self._bell.set()
        deadline_s = time.monotonic() + _SHUTDOWN_S
        if self._thread.is_alive() and self._thread is not current_thread():
            self._thread.join(_SHUTDOWN_S)
        for root in self._roots:
            root.observation.close(deadline_s)

    def statuses(self) -> tuple[WatchStatus, ...]:
        """How each folder is watched at the moment, in the order given; from any thread."""
        return tuple(root.observation.status for root in self._roots)

    def _watched(self, root: Path) -> WatchedRoot:
        box = Mailbox(self._bell, self._limits.max_pending)
        observation = Observation(root, box, self._arm, self._limits.scan_every_s)
        return WatchedRoot(root, box, observation, self._pace, self._limits.max_pending)

    def _run(self) -> None:
        while not self._is_stopping:
            for root in self._roots:
                self._step(root)
            wakes_s = min((root.next_step_s() for root in self._roots), default=None)
            self._bell.wait(None if wakes_s is None else max(0.0, wakes_s - time.monotonic()))
            self._bell.clear()

    def _step(self, root: WatchedRoot) -> None:
        delivery = root.step(time.monotonic())
        if delivery.paths and not self._is_stopping:
            _call(self._on_settled, root.root, delivery.paths)
        if delivery.rescan_reason is not None and not self._is_stopping:
            _call(self._on_rescan, root.root, delivery.rescan_reason)


def _call(callback: Callable[_P, None], *args: _P.args, **kwargs: _P.kwargs) -> None:
    try:
        callback(*args, **kwargs)
    except Exception:  # noqa: BLE001 - foreign code; whatever it does, watching goes on
        _log.exception("A receiver of changes failed; the next scan makes up for it.")
