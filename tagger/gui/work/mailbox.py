"""From any thread to the window's thread, with at most one event under way."""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

if TYPE_CHECKING:
    from collections.abc import Callable


class Mailbox(QObject):
    """Collects items from any thread; the receiver gets all that came at once.

    However fast others put, the event loop sees one event for each look into the box, so that it
    never drowns. Items put after `close` are dropped.
    """

    _filled = Signal()

    def __init__(
        self, receive: Callable[[list[object]], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._receive = receive
        self._items: deque[object] = deque()
        self._lock = Lock()
        self._is_closed = False
        self._filled.connect(self._empty, Qt.ConnectionType.QueuedConnection)

    def put(self, item: object) -> None:
        """Add one item; safe from any thread."""
        with self._lock:
            if self._is_closed:
                return
            self._items.append(item)
            if len(self._items) == 1:
                self._filled.emit()  # within the lock: who has closed the box may delete it

    def close(self) -> None:
        """Forget what is in the box and take nothing more; afterwards it may be deleted."""
        with self._lock:
            self._is_closed = True
            self._items.clear()

    def _empty(self) -> None:
        with self._lock:
            items = list(self._items)
            self._items.clear()
        if items:
            self._receive(items)
