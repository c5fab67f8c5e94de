"""One watched folder: its settling files, its rescans, its drive that goes and comes back."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.files.mailbox import News
from tagger.files.observers import WatchMode
from tagger.files.settle import Settler
from tagger.files.stamps import stamp_of

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.files.mailbox import Mailbox
    from tagger.files.observation import Observation

STARTED = "Watching has begun."
BACK = "The folder is back."
LOST = "More changed at once than could be followed."
FOLDER = "A folder was removed or moved away."
REGULAR = "It is time for the regular scan."

_NEVER_SEEN = (-1, -1)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long things wait, in seconds.

    Attributes:
        delay_s: a file must stay as it is for so long.
        rescan_every_s: the safety net under a folder that is observed.
        scan_every_s: the same for one that can't be observed.
        check_every_s: how soon a drive that went or came is noticed.
    """

    delay_s: float
    rescan_every_s: float
    scan_every_s: float
    check_every_s: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the callbacks are to be told now."""

    paths: list[Path]
    rescan_reason: str | None


class WatchedRoot:
    """Decides what to tell of one folder, and when; lives in the watcher thread.

    Args:
        capacity: more files than that are not waited for one by one; the folder is rescanned.
    """

    def __init__(
        self, root: Path, box: Mailbox, observation: Observation, pace: Pace, capacity: int
    ) -> None:
        self.root = root
        self.observation = observation
        self._box = box
        self._pace = pace
        self._capacity = capacity
        self._settler = Settler(pace.delay_s)
        self._identity: tuple[int, int] | None = _NEVER_SEEN
        self._reason_to_begin = STARTED
        self._rescan: tuple[float, str] | None = None
        self._next_check_s = float("-inf")
        self._next_regular_s = float("inf")

    def step(self, now_s: float) -> Delivery:
        """Take in the news, look at what is due, and say what to tell."""
        news = self._box.take()
        has_begun = self.observation.hear(news)
        is_check_due = news.needs_check or now_s >= self._next_check_s
        if is_check_due and self._check_drive(now_s):
            news, has_begun = News(), False  # told of the drive that was there before
        if has_begun:
            self._ask_rescan(self._reason_to_begin, now_s)
        if self._identity is not None:
            self._hear(news, now_s)
        return Delivery(self._take_settled(now_s), self._take_rescan(now_s))

    def next_step_s(self) -> float:
        """When `step` has something to do even if there is no news."""
        settles_s = self._settler.next_deadline()
        moments = [self._next_check_s]
        if self._identity is not None:
            moments += [self._next_regular_s]
            moments += [settles_s] if settles_s is not None else []
            moments += [self._rescan[0]] if self._rescan is not None else []
        return min(moments)

    def _check_drive(self, now_s: float) -> bool:
        """Returns whether another folder, or none, stands there now."""
        self._next_check_s = now_s + self._pace.check_every_s
        identity = _identity_of(self.root)
        if identity == self._identity:
            return False
        self._reason_to_begin = STARTED if self._identity == _NEVER_SEEN else BACK
        self._identity = identity
        # What was waiting is on another drive, or on none: nobody may take it for deleted.
        self._settler.clear()
        self._rescan = None
        self._next_regular_s = now_s + self._pace.scan_every_s
        if identity is None:
            self.observation.pause()
        else:
            self.observation.begin()
        return True

    def _hear(self, news: News, now_s: float) -> None:
        later_s = now_s + self._pace.delay_s
        if news.lost or len(self._settler) + len(news.touched) > self._capacity:
            self._settler.clear()
            self._ask_rescan(LOST, later_s)
            return
        if news.lost_folder:
            self._ask_rescan(FOLDER, later_s)
        for path in news.touched:
            self._look_at(path, now_s)

    def _look_at(self, path: Path, now_s: float) -> None:
        try:
            status = path.stat()
        except OSError:
            self._settler.offer(path, None, now_s)
            return
        if stat.S_ISREG(status.st_mode):
            self._settler.offer(path, stamp_of(status), now_s)
        else:  # a pipe that is named like a photo would block whoever opens it
            self._settler.drop(path)

    def _take_settled(self, now_s: float) -> list[Path]:
        if self._settler.due(now_s):
            # A drive that has just gone makes all its files look deleted.
            self._check_drive(now_s)
        for path in self._settler.due(now_s):
            self._look_at(path, now_s)
        return self._settler.ready(now_s) + self._settler.gone(now_s)

    def _ask_rescan(self, reason: str, when_s: float) -> None:
        if self._rescan is None or when_s < self._rescan[0]:
            self._rescan = (when_s, reason)

    def _take_rescan(self, now_s: float) -> str | None:
        if self._identity is None:
            return None
        if now_s >= self._next_regular_s:
            self._ask_rescan(REGULAR, now_s)
        if self._rescan is None or self._rescan[0] > now_s:
            return None
        _, reason = self._rescan
        self._rescan = None
        is_scanned = self.observation.status.mode is WatchMode.SCANNING
        self._next_regular_s = now_s + (
            self._pace.scan_every_s if is_scanned else self._pace.rescan_every_s
        )
        return reason


def _identity_of(root: Path) -> tuple[int, int] | None:
    """Which folder on which drive stands there now; None when there is none."""
    try:
        status = root.stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISDIR(status.st_mode) else None
