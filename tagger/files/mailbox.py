"""What observers tell of one folder, until the watcher thread has time for it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from threading import Event

    from tagger.files.observers import Armed


@dataclass(slots=True)
class News:
    """What has come together since the box was emptied.

    Attributes:
        touched: files that something happened to, in their order.
        lost: too much happened, so that only a scan can tell what.
        lost_folder: a whole folder went away.
        needs_check: the watched folder itself may be gone.
        failure: observing had to be given up.
        armed: the observer that is at work now.
    """

    touched: dict[Path, None] = field(default_factory=dict)
    lost: bool = False
    lost_folder: bool = False
    needs_check: bool = False
    failure: OSError | None = None
    armed: Armed | None = None


class Mailbox:
    """One folder's news. Any thread puts in; the watcher thread takes out.

    Each attempt to observe the folder has a number, and only the latest one's news count: an
    observer of a drive that has gone sees all files deleted before it can be ended.

    Args:
        bell: set whenever something comes in.
        capacity: from so many files on, their names are dropped and `News.lost` is set.
    """

    def __init__(self, bell: Event, capacity: int) -> None:
        self._bell = bell
        self._capacity = capacity
        self._lock = Lock()
        self._news = News()
        self._attempt = 0

    def touch(self, attempt: int, path: Path) -> None:
        """Something happened to this file."""
        with self._writing(attempt) as news:
            if len(news.touched) >= self._capacity:
                news.touched.clear()
                news.lost = True
            elif not news.lost:
                news.touched[path] = None

    def lose(self, attempt: int) -> None:
        """The system dropped events."""
        with self._writing(attempt) as news:
            news.lost = True

    def lose_folder(self, attempt: int) -> None:
        """A folder below was removed or moved away; its files may not be told one by one."""
        with self._writing(attempt) as news:
            news.lost_folder = True

    def check(self, attempt: int) -> None:
        """The watched folder itself seems to be gone."""
        with self._writing(attempt) as news:
            news.needs_check = True

    def fail(self, attempt: int, error: OSError) -> None:
        """This attempt had to be given up."""
        with self._writing(attempt) as news:
            news.failure = error

    def report(self, attempt: int, armed: Armed) -> bool:
        """An observer is at work. False: it is not wanted any more, so the caller closes it."""
        with self._writing(attempt) as news:
            news.armed = armed
            return attempt == self._attempt

    def take(self) -> News:
        """Empty the box."""
        with self._lock:
            news, self._news = self._news, News()
        return news

    def listen_to(self, attempt: int) -> News:
        """Empty the box, and take in nothing but the news of this attempt from now on."""
        with self._lock:
            self._attempt = attempt
            news, self._news = self._news, News()
        return news

    @contextmanager
    def _writing(self, attempt: int) -> Iterator[News]:
        with self._lock:
            yield self._news if attempt == self._attempt else News()
        self._bell.set()
