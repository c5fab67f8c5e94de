"""One window a library: a second start shows the first window instead of opening another."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import filelock
from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

if TYPE_CHECKING:
    from collections.abc import Sequence

_WAIT_MS = 3_000
_ANSWER = b"shown"


class OneWindow(QObject):
    """Holds the place of the only window, and hears of others that are started.

    The lock says whether a window lives, for the system frees it with the process; the socket is
    for talking, and one that a crash left behind is put away.

    Signals:
        called(list): another start asked for this window, with these folders to add.
    """

    called = Signal(object)

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = socket_name(home)
        self._lock = filelock.FileLock(home / "window.lock")
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_new_connection)

    def claim(self) -> bool:
        """Be the only window from now on; False when another one lives."""
        try:
            self._lock.acquire(timeout=0)
        except filelock.Timeout:
            return False
        QLocalServer.removeServer(self._name)
        self._server.listen(self._name)
        return True

    def call_other(self, folders: Sequence[Path]) -> bool:
        """Have the other window come to the front; returns whether it answered."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_WAIT_MS):
            return False
        socket.write(json.dumps([str(folder) for folder in folders]).encode() + b"\n")
        has_answer = socket.waitForReadyRead(_WAIT_MS) and socket.readAll().data() == _ANSWER
        socket.disconnectFromServer()
        return has_answer

    def release(self) -> None:
        """Give the place back."""
        self._server.close()
        self._lock.release()

    def _on_new_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._hear(socket))
            socket.disconnected.connect(socket.deleteLater)
            if socket.canReadLine():
                self._hear(socket)

    def _hear(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            return
        folders: list[Path] = []
        with suppress(ValueError, TypeError):
            folders = [Path(text) for text in json.loads(bytes(socket.readLine().data()))]
        socket.write(_ANSWER)
        socket.flush()
        self.called.emit(folders)


def socket_name(home: Path) -> str:
    """The same for every spelling of the library's folder; short, as sockets ask for."""
    return f"tagger-{hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:24]}"
