"""watchdog's observers, with what it keeps to itself: lost events, and folders it can't watch."""

from __future__ import annotations

import errno
import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from watchdog.events import (
    EVENT_TYPE_DELETED,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.polling import PollingObserverVFS

from tagger.files.names import is_in_skipped_folder, is_skipped_folder, is_watched_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from watchdog.observers.api import BaseObserver

    from tagger.files.listener import Listener

# Opening, reading and attributes are left out: we ourselves open every photo.
_EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileClosedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    DirCreatedEvent,
    DirMovedEvent,
    DirDeletedEvent,
]
_LIMITS = frozenset({errno.ENOSPC, errno.EMFILE})


class WatchMode(StrEnum):
    """How changes below a folder are noticed."""

    NATIVE = "native"
    """The system tells at once."""
    POLLING = "polling"
    """Network drive: names and times are compared every half a minute."""
    SCANNING = "scanning"
    """Nothing tells; the folder is scanned regularly."""


@dataclass(frozen=True, slots=True)
class Armed:
    """An observer at work; `close` ends it and waits for its threads."""

    mode: WatchMode
    close: Callable[[], None]


class _Handler(FileSystemEventHandler):
    """Translates events below the real folder into paths below the folder as the user named it."""

    def __init__(self, listener: Listener, resolved: str) -> None:
        self._listener = listener
        self._resolved = resolved

    def dispatch(self, event: FileSystemEvent) -> None:
        for path in (event.src_path, event.dest_path):
            rel_path = self._relative(os.fsdecode(path)) if path else None
            if rel_path is not None:
                self._sort(rel_path, event)

    def _relative(self, path: str) -> str | None:
        if not path.startswith(self._resolved):
            return None
        return path[len(self._resolved) :].replace(os.sep, "/").lstrip("/")

    def _sort(self, rel_path: str, event: FileSystemEvent) -> None:
        if event.is_directory:
            if not rel_path:
                self._listener.check()
            # A folder that is moved out of the watched one takes its files along without a word.
            elif event.event_type == EVENT_TYPE_DELETED and not is_in_skipped_folder(rel_path):
                self._listener.lose_folder()
        elif is_watched_path(rel_path):
            self._listener.touch(rel_path)


def open_polling(listener: Listener, every_s: float) -> Armed:
    """Compare names, sizes and times; links to folders are not followed, for they may loop.

    Raises:
        OSError: the folder can't be read.
    """
    observer = PollingObserverVFS(stat=os.lstat, listdir=_list_visible, polling_interval=every_s)
    _start(observer, listener)
    return Armed(WatchMode.POLLING, lambda: _stop(observer))


def _list_visible(folder: str | None) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        yield from (entry for entry in entries if not is_skipped_folder(entry.name))


def _start(observer: BaseObserver, listener: Listener) -> None:
    # The observer does not follow a link, not even the one it is given.
    resolved = os.path.realpath(listener.root)
    handler = _Handler(listener, resolved)
    observer.schedule(handler, resolved, recursive=True, event_filter=_EVENTS)
    observer.start()


def _stop(observer: BaseObserver) -> None:
    observer.stop()
    if observer.is_alive():
        observer.join()


if sys.platform == "linux":
    from watchdog.observers.api import BaseObserver as _BaseObserver
    from watchdog.observers.inotify import InotifyEmitter
    from watchdog.observers.inotify_c import (
        CallbackId,
        InotifyEvent,
        InotifyFD,
        Mask,
        WatchCallback,
        WatchDescriptor,
    )

    def open_native(listener: Listener) -> Armed:
        """Let the kernel tell.

        Raises:
            OSError: ENOSPC or EMFILE: no watches are left; others: the folder can't be read.
        """
        inotify = _Inotify(listener)
        inotify.start()
        observer = _BaseObserver(InotifyEmitter, inotify_fd=inotify)

        def close() -> None:
            _stop(observer)
            inotify.stop()
            inotify.join()

        try:
            _start(observer, listener)
        except BaseException:
            close()
            raise
        return Armed(WatchMode.NATIVE, close)

    class _Inotify(InotifyFD):
        """Tells of what watchdog 7.1 only logs or passes over."""

        def __init__(self, listener: Listener) -> None:
            super().__init__()
            self._listener = listener

        def handle_event(self, event: InotifyEvent) -> None:
            super().handle_event(event)
            if event.is_queue_overflow:
                self._listener.lose()

        def add_callback(
            self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId
        ) -> WatchDescriptor:
            try:
                return super().add_callback(path, mask, callback, id_)
            except OSError as error:
                # For a folder below the watched one nobody else hears of it.
                if error.errno in _LIMITS:
                    self._listener.fail(error)
                raise

        def _add_callback(
            self, path: bytes, mask: Mask, callback: WatchCallback, id_: CallbackId
        ) -> WatchDescriptor:
            # As inherited, without its warning: a folder that is filled while it is being
            # registered is registered twice, and that is right.
            watch = self._get_or_create_watch(path, mask)
            watch.callbacks[id_] = callback
            return watch.wd

else:
    from watchdog.observers import Observer

    def open_native(listener: Listener) -> Armed:
        """Let the system tell.

        Raises:
            OSError: the folder can't be watched.
        """
        observer = Observer()
        _start(observer, listener)
        return Armed(WatchMode.NATIVE, lambda: _stop(observer))
