"""A dialog beside the window that asks the services and shows their newest answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tagger.core.errors import TaggerError
from tagger.gui.work.latest import LatestWins

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject

    from tagger.gui.session import Session
    from tagger.services.backstage.messages import Task


class AskingDialog(QDialog):
    """Has a thread of its own, a line for what there is to say, and goes when the window goes.

    Who makes one says what an answer means, in `show_answer`.
    """

    def __init__(self, session: Session, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._worker = LatestWins(name, self)
        self._worker.answered.connect(self.show_answer)
        self._worker.failed.connect(self._complain)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setProperty("role", "muted")
        if parent is not None:
            parent.installEventFilter(self)

    def ask(self, task: Task) -> None:
        """Let this be done where long work is done; an answer on its way is dropped."""
        self._worker.ask_work(self._session.work_on(task))

    def ask_here(self, task: Task) -> None:
        """The same for what takes a moment: in the thread itself, which needs no other process."""
        self._worker.ask_work(partial(task, self._session.workspace))

    def show_answer(self, answer: object) -> None:
        """What a task returned."""
        raise NotImplementedError

    def done(self, result: int) -> None:
        """End the thread with the dialog."""
        self._worker.close()
        super().done(result)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window goes, and this with it."""
        if event.type() is QEvent.Type.Close:
            self.close()
        return super().eventFilter(watched, event)

    def keep_enter_from_buttons(self) -> None:
        """Enter belongs to what has the focus, not to the first button."""
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)

    def stack(self, rows: Sequence[QWidget | QLayout], buttons: Sequence[QPushButton]) -> None:
        """These below each other, the last of them growing; at the foot, buttons and Close."""
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        for button in buttons:
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 20)
        column.setSpacing(12)
        for row in (*rows, foot):
            if isinstance(row, QLayout):
                column.addLayout(row)
            else:
                column.addWidget(row)
        column.setStretch(len(rows) - 1, 1)
        self.keep_enter_from_buttons()

    def _complain(self, error: object) -> None:
        text = str(error) if isinstance(error, TaggerError) else self.tr("That did not work.")
        self.message.setText(text)
