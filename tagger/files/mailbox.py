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
        needs_check: the folder itself may be gone.
        failures: attempts to observe, by number, that had to be given up.
        armed: observers that are ready, with the number of the attempt.
    """

    touched: dict[Path, None] = field(default_factory=dict)
    lost: bool = False
    lost_folder: bool = False
    needs_check: bool = False
    failures: list[tuple[int, OSError]] = field(default_factory=list)
    armed: list[tuple[int, Armed]] = field(default_factory=list)


class Mailbox:
    """One folder's news. Any thread puts in; the watcher thread takes out.

    Args:
        bell: set whenever something comes in.
        capacity: from so many files on, their names are dropped and `News.lost` is set.
    """

    def __init__(self, bell: Event, capacity: int) -> None:
        self._bell = bell
        self._capacity = capacity
        self._lock = Lock()
        self._news = News()
        self._is_closed = False

    def touch(self, path: Path) -> None:
        """Something happened to this file."""
        with self._writing() as news:
            if len(news.touched) >= self._capacity:
                news.touched.clear()
                news.lost = True
            elif not news.lost:
                news.touched[path] = None

    def lose(self) -> None:
        """The system dropped events."""
        with self._writing() as news:
            news.lost = True

    def lose_folder(self) -> None:
        """A folder below was removed or moved away; its files may not be told one by one."""
        with self._writing() as news:
            news.lost_folder = True

    def check(self) -> None:
        """The watched folder itself seems to be gone."""
        with self._writing() as news:
            news.needs_check = True

    def fail(self, attempt: int, error: OSError) -> None:
        """This attempt to observe had to be given up."""
        with self._writing() as news:
            news.failures.append((attempt, error))

    def report(self, attempt: int, armed: Armed) -> bool:
        """An observer is ready. False: nobody takes it any more, so the caller closes it."""
        with self._writing() as news:
            if not self._is_closed:
                news.armed.append((attempt, armed))
            return not self._is_closed

    def take(self) -> News:
        """Empty the box."""
        with self._lock:
            news, self._news = self._news, News()
        return news

    def close(self) -> News:
        """Empty the box for the last time."""
        with self._lock:
            self._is_closed = True
        return self.take()

    @contextmanager
    def _writing(self) -> Iterator[News]:
        with self._lock:
            yield self._news
        self._bell.set()
