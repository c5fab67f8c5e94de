"""A dialog beside the window that asks the services, one thing after the other."""

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

from tagger.gui.dialogs.buttons import keep_enter_from_buttons
from tagger.gui.work.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject

    from tagger.gui.session import Session
    from tagger.gui.work.worker import Outcome, Work
    from tagger.services.backstage.messages import Task

_ASKED = "asked by a dialog"


class AskingDialog(QDialog):
    """Has a thread of its own, a line for what there is to say, and goes when the window goes.

    Whatever was asked for is done, in this order, also when the dialog is closed meanwhile: it may
    be something to be kept. Who makes one says what an answer means, in `show_answer`.
    """

    def __init__(self, session: Session, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._worker = Worker(name, self, finishes=True)
        self._worker.finished.connect(self._on_finished)
        session.wait_for(self._worker)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setProperty("role", "muted")
        if parent is not None:
            parent.installEventFilter(self)

    def ask(self, task: Task) -> None:
        """Let this be done where long work is done."""
        self.queue(self._session.work_on(task))

    def ask_here(self, task: Task) -> None:
        """The same for what takes a moment: in the thread itself, which needs no other process."""
        self.queue(partial(task, self._session.workspace))

    def queue(self, work: Work) -> None:
        """Let this be done after all that was asked for before."""
        self._worker.start(_ASKED, work)

    def show_answer(self, answer: object) -> None:
        """What a task returned."""
        raise NotImplementedError

    def complain(self, sentence: str) -> None:
        """Why a task could not be done."""
        self.message.setText(sentence)

    @property
    def is_waiting(self) -> bool:
        """Whether more answers will come."""
        return self._worker.is_busy

    def done(self, result: int) -> None:
        """End the thread with the dialog, after the last that was asked for."""
        self._worker.close()
        super().done(result)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window goes, and this with it."""
        if event.type() is QEvent.Type.Close:
            self.close()
        return super().eventFilter(watched, event)

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
        keep_enter_from_buttons(self)

    def _on_finished(self, _name: str, outcome: Outcome) -> None:
        if outcome.error is not None:
            self.complain(outcome.error)
        elif not outcome.is_cancelled:
            self.show_answer(outcome.result)
