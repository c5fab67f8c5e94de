"""What operations changed, merged and told to every view at a pace that eyes can follow."""

from __future__ import annotations

from functools import reduce
from operator import or_

from PySide6.QtCore import QObject, QTimer, Signal

from tagger.core.changes import Changes
from tagger.gui.work.mailbox import Mailbox

PACE_MS = 150
"""Photos appear soon after they are found, and the window is not redrawn for each of them."""


class ChangesFeed(QObject):
    """Signals: `changed(Changes)`: everything since the last time, as one."""

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox = Mailbox(self._collect, self)
        self._pending = Changes()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PACE_MS)
        self._pause.timeout.connect(self._tell)

    def publish(self, changes: Changes) -> None:
        """Pass on what an operation returned; safe from any thread."""
        if changes:
            self._mailbox.put(changes)

    def close(self) -> None:
        """Tell nobody anything more."""
        self._pause.stop()
        self._mailbox.close()

    def _collect(self, items: list[object]) -> None:
        changes = [item for item in items if isinstance(item, Changes)]
        self._pending = reduce(or_, changes, self._pending)
        if not self._pause.isActive():
            self._tell()

    def _tell(self) -> None:
        """The first change at once; those that follow closely together, after a pause."""
        if self._pending:
            pending, self._pending = self._pending, Changes()
            self._pause.start()
            self.changed.emit(pending)
