"""A thread in which only the newest question counts."""

from __future__ import annotations

import logging
from threading import Condition, Thread
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.core.cancel import CancelToken
from tagger.core.errors import TaggerError
from tagger.gui.work.mailbox import Mailbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tagger.gui.work.worker import Work

    Question = Callable[[], Iterator[object]]

_SETTLED = object()


class LatestWins(QObject):
    """Answers questions in a thread; one that was overtaken is dropped, also between its answers.

    A question is a function that yields answers, the most urgent first.

    Signals, in the window's thread:
        answered(object): one answer of the newest question.
        failed(object): the error instead of answers.
        settled(): the newest question has all its answers, or failed.
    """

    answered = Signal(object)
    failed = Signal(object)
    settled = Signal()

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox = Mailbox(self._deliver, self)
        self._changed = Condition()
        self._question: Question | None = None
        self._number = 0
        self._is_closed = False
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def ask(self, question: Question) -> None:
        """Answer this and forget what was asked before."""
        with self._changed:
            self._question = question
            self._number += 1
            self._changed.notify()

    def ask_work(self, work: Work) -> None:
        """Let this be done; what it returns is the one answer."""

        def answer() -> Iterator[object]:
            yield work(CancelToken(), lambda _: None)

        self.ask(answer)

    def drop(self) -> None:
        """Forget what was asked: nothing more of it is answered."""
        with self._changed:
            self._question = None
            self._number += 1

    def close(self) -> None:
        """End the thread after the running question. Does not wait."""
        self._mailbox.close()
        with self._changed:
            self._is_closed = True
            self._number += 1
            self._changed.notify()

    def join(self, seconds: float) -> bool:
        """Wait for the thread. Returns whether it has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (taken := self._take()) is not None:
            self._answer(*taken)

    def _take(self) -> tuple[int, Question] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._question is not None or self._is_closed)
            question, self._question = self._question, None
            return None if question is None or self._is_closed else (self._number, question)

    def _answer(self, number: int, question: Question) -> None:
        try:
            for answer in question():
                if number != self._number:
                    return
                self._mailbox.put((number, answer))
        except TaggerError as error:
            self._mailbox.put((number, error))
        except Exception as error:
            logging.getLogger(__name__).exception("unexpected error while searching")
            self._mailbox.put((number, error))
        self._mailbox.put((number, _SETTLED))

    def _deliver(self, items: list[object]) -> None:
        for item in items:
            assert isinstance(item, tuple)
            number, answer = item
            if number != self._number:
                continue
            if answer is _SETTLED:
                self.settled.emit()
            elif isinstance(answer, Exception):
                self.failed.emit(answer)
            else:
                self.answered.emit(answer)
