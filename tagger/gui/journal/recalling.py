"""Between the list of runs and the journal: reads it in a thread, takes a run back as a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from tagger.gui.journal.dialog import WriteHistory
from tagger.services.journal import RunFile, WriteRun, describe_run, list_write_runs
from tagger.services.journal_undo import UndoResult

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget

    from tagger.gui.session import Session

    _Answer = list[WriteRun] | tuple[int, list[RunFile]]


class Recalling(QObject):
    """Opens the list once, and brings it to the front the next time.

    Signals:
        said(str): what came of taking a run back.
    """

    said = Signal(str)

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._dialog: WriteHistory | None = None
        session.journal.answered.connect(self._on_answered)
        session.journal.failed.connect(self._on_failed)
        session.jobs.succeeded.connect(self._on_job_succeeded)

    def open(self) -> WriteHistory:
        """Show the runs."""
        dialog = self._shown()
        if dialog is None:
            dialog = self._dialog = WriteHistory(self._window)
            dialog.run_chosen.connect(self._look_at)
            dialog.undo_wanted.connect(self._take_back)
        self._list()
        dialog.show()
        dialog.raise_()
        return dialog

    def _shown(self) -> WriteHistory | None:
        return self._dialog if self._dialog is not None and isValid(self._dialog) else None

    def _list(self) -> None:
        def read() -> Iterator[_Answer]:
            yield list_write_runs(self._session.workspace)

        self._session.journal.ask(read)

    def _look_at(self, run: int) -> None:
        def read() -> Iterator[_Answer]:
            yield run, describe_run(self._session.workspace, run)

        self._session.journal.ask(read)

    def _take_back(self, run: int) -> None:
        dialog = self._shown()
        has_begun = self._session.jobs.start_undo(self._session.take_back(run))
        if dialog is not None:
            wait = self.tr("Keywords are being written now; take the run back after that.")
            dialog.say(self.tr("Taking the run back…") if has_begun else wait)

    def _on_answered(self, answer: _Answer) -> None:
        dialog = self._shown()
        if dialog is None:
            return
        if isinstance(answer, tuple):
            dialog.show_files(*answer)
        else:
            dialog.show_runs(answer)

    def _on_failed(self, error: Exception) -> None:
        dialog = self._shown()
        if dialog is not None:
            dialog.say(str(error))

    def _on_job_succeeded(self, _kind: object, result: object) -> None:
        if self._shown() is not None:
            self._list()
        if isinstance(result, UndoResult):
            self.said.emit(self._describe(result))

    def _describe(self, result: UndoResult) -> str:
        sentence = self.tr("%Ln photo(s) taken back.", "", result.restored)
        if result.kept:
            path, reason = result.kept[0]
            words = self.tr("{count} stay as they are. {name}: {reason}")
            kept = words.format(count=len(result.kept), name=path.name, reason=reason)
            sentence = f"{sentence} {kept}"
        return sentence
