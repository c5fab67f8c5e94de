"""Ctrl-C in a terminal and the end of a desktop session close the window as a person does."""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


_ENDING = (signal.SIGINT, signal.SIGTERM)


class ClosingSignals(QObject):
    """Calls a function in the window's thread when the system asks the program to end.

    Python runs signal handlers between two of its own instructions, and an event loop that waits
    has none. So the function is called by the event loop, woken by the byte that the system writes:
    a window that is closed before its event loop runs would never end the program.
    """

    def __init__(self, close: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ours, self._theirs = socket.socketpair()
        for end in (self._ours, self._theirs):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._answer)
        self._close = close
        signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        for number in _ENDING:
            signal.signal(number, _leave_to_loop)

    def close(self) -> None:
        """Back to what the system does by itself."""
        signal.set_wakeup_fd(-1)
        for number in _ENDING:
            signal.signal(number, signal.SIG_DFL)
        self._notifier.setEnabled(False)
        self._ours.close()
        self._theirs.close()

    def _answer(self) -> None:
        if set(self._ours.recv(16)) & set(_ENDING):
            self._close()


def _leave_to_loop(_number: int, _frame: FrameType | None) -> None:
    """Python only writes the byte for signals that have a handler."""
