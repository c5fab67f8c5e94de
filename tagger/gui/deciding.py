"""Corrections by key or click: decided in a thread, told in one sentence, taken back by undo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.core.tag import Verdict
from tagger.gui.text import class_title
from tagger.library import UndoneBatch
from tagger.services.correcting import (
    Correction,
    choose_none,
    confirm_shown,
    reject_shown,
    toggle_class,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tagger.core.ids import PhotoId
    from tagger.gui.selection import Selection
    from tagger.gui.session import Session
    from tagger.gui.work.worker import Outcome
    from tagger.library import Library

    Correct = Callable[[Library, Sequence[PhotoId]], Correction]

_UNDO, _REDO = "undo", "redo"


@dataclass(frozen=True)
class _Named:
    """What is being corrected, for the sentence at the end."""

    subject: str
    photos: int


class Deciding(QObject):
    """Acts on the selected photos, else on the current one.

    Signals:
        said(str): one sentence on what was done.
    """

    said = Signal(str)

    def __init__(
        self, session: Session, selection: Selection, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._library = session.workspace.library
        self._worker = session.decisions
        self._selection = selection
        self._waiting: list[_Named] = []
        self._worker.finished.connect(self._on_finished)

    def toggle(self, name: str) -> None:
        """Confirm a class on all photos, or reject it where all have it."""
        self._decide(class_title(name), lambda library, ids: toggle_class(library, ids, name))

    def confirm(self) -> None:
        """Every tag that is shown is right."""
        self._decide(self.tr("What is shown"), confirm_shown)

    def reject(self) -> None:
        """Every tag that is shown is wrong."""
        self._decide(self.tr("What is shown"), reject_shown)

    def choose_none(self) -> None:
        """None of the classes fits."""
        self._decide(self.tr("Every class"), choose_none)

    def undo(self) -> None:
        """Take back the newest decision, on however many photos it was."""
        self._worker.start(_UNDO, lambda *_: self._library.undo())

    def redo(self) -> None:
        """Bring back what undo took back last."""
        self._worker.start(_REDO, lambda *_: self._library.redo())

    def _decide(self, subject: str, correct: Correct) -> None:
        ids = self._selection.photo_ids()
        if not ids:
            return
        self._waiting.append(_Named(subject, len(ids)))
        self._worker.start("decide", lambda *_: correct(self._library, ids))

    def _on_finished(self, name: str, outcome: Outcome) -> None:
        named = self._waiting.pop(0) if name == "decide" else None
        if outcome.error is not None:
            self.said.emit(outcome.error)
        elif named is not None and isinstance(outcome.result, Correction):
            self.said.emit(self._describe(named, outcome.result))
        elif name in {_UNDO, _REDO}:
            self.said.emit(self._describe_batch(name, outcome.result))

    def _describe(self, named: _Named, correction: Correction) -> str:
        if not correction.changes:
            return self.tr("Nothing to change here.")
        if correction.verdict is Verdict.CONFIRMED:
            words = self.tr("{subject}: confirmed on {photos}. Ctrl+Z takes it back.")
        else:
            words = self.tr("{subject}: rejected on {photos}. Ctrl+Z takes it back.")
        photos = self.tr("%Ln photo(s)", "", named.photos)
        return words.format(subject=named.subject, photos=photos)

    def _describe_batch(self, name: str, result: object) -> str:
        if not isinstance(result, UndoneBatch):
            nothing = {
                _UNDO: self.tr("There is nothing to undo."),
                _REDO: self.tr("There is nothing to redo."),
            }
            return nothing[name]
        words = {
            _UNDO: self.tr("Taken back: {label}, on {photos}."),
            _REDO: self.tr("Done again: {label}, on {photos}."),
        }
        photos = self.tr("%Ln photo(s)", "", len(result.changes.photo_ids))
        return words[name].format(label=result.label, photos=photos)
