"""Corrections by key or click: decided in a thread, told in one sentence, taken back by undo."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tagger.core.tag import Verdict
from tagger.gui.text import class_title, translate
from tagger.library import UndoneBatch
from tagger.services.correcting import (
    Correction,
    choose_none,
    confirm_shown,
    read_rows,
    reject_shown,
    toggle_class,
)
from tagger.services.lookalikes import Lookalikes, accept_lookalikes, decide_class
from tagger.services.rating import label_photos, rate_photos
from tagger.services.reverting import revert_decisions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tagger.core.changes import Changes
    from tagger.core.ids import PhotoId
    from tagger.gui.selection import Selection
    from tagger.gui.session import Session
    from tagger.gui.work.worker import Outcome
    from tagger.library import HistoryLine, Library, PhotoRow

    Correct = Callable[[Library, Sequence[PhotoId]], Correction]
    CorrectSeen = Callable[[Library, Iterable[PhotoRow]], Correction]
    Rate = Callable[[Library, Sequence[PhotoId]], Changes]

_DECIDE, _RATE, _UNDO, _REDO, _REVERT = "decide", "rate", "undo", "redo", "revert"


@dataclass(frozen=True)
class Corrected:
    """One class was decided by a person on these photos."""

    photo_ids: tuple[PhotoId, ...]
    name: str
    verdict: Verdict


@dataclass(frozen=True)
class Rated:
    """Stars or a label were given, in these words."""

    words: str
    changes: Changes


@dataclass(frozen=True)
class _Waiting:
    """A decision on its way.

    Attributes:
        subject: what is decided, for the sentence at the end.
        class_name: where it is on a single class.
    """

    subject: str
    photo_ids: tuple[PhotoId, ...]
    class_name: str | None = None


class Deciding(QObject):
    """Acts on the selected photos, else on the current one.

    Signals:
        said(str): one sentence on what was done.
        corrected(Corrected): a class was decided by its key or by a click.
        taken_back(): something was undone or done again.
    """

    said = Signal(str)
    corrected = Signal(object)
    taken_back = Signal()

    def __init__(
        self, session: Session, selection: Selection, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._library = session.workspace.library
        self._worker = session.decisions
        self._selection = selection
        self._waiting: list[_Waiting] = []
        self._worker.finished.connect(self._on_finished)

    def toggle(self, name: str) -> None:
        """Confirm a class on all photos, or reject it where all have it."""
        self._decide(class_title(name), partial(toggle_class, name=name), name)

    def confirm(self) -> None:
        """Every tag that is shown is right."""
        self._decide(self.tr("What is shown"), confirm_shown)

    def reject(self) -> None:
        """Every tag that is shown is wrong."""
        self._decide(self.tr("What is shown"), reject_shown)

    def choose_none(self) -> None:
        """None of the classes fits."""
        ids = tuple(self._selection.photo_ids())
        self._start(_Waiting(self.tr("Every class"), ids), choose_none)

    def decide_class(self, photo_ids: Sequence[PhotoId], name: str, verdict: Verdict) -> None:
        """Say the same of one class on these photos, whatever is selected."""

        def decide(library: Library, ids: Sequence[PhotoId]) -> Correction:
            return Correction(decide_class(library, ids, name, verdict), verdict, len(ids))

        self._start(_Waiting(class_title(name), tuple(photo_ids)), decide)

    def accept(self, offer: Lookalikes, photo_ids: Sequence[PhotoId]) -> None:
        """Say on these photos what is offered; what was decided on them meanwhile stays."""
        self._start(
            _Waiting(class_title(offer.name), tuple(photo_ids)),
            lambda library, ids: accept_lookalikes(library, offer, ids),
        )

    def rate(self, stars: int) -> None:
        """Give stars, 0 takes them away."""
        words = "★" * stars or self.tr("No stars")
        self._start_rating(words, lambda library, ids: rate_photos(library, ids, stars))

    def label(self, color: str) -> None:
        """Give a colour label; an empty one takes it away."""
        words = translate(color) if color else self.tr("No label")
        self._start_rating(words, lambda library, ids: label_photos(library, ids, color))

    def revert(self, photo_id: PhotoId, lines: Sequence[HistoryLine]) -> None:
        """Take back what was decided on one photo at some time."""
        self._worker.start(_REVERT, lambda *_: revert_decisions(self._library, photo_id, lines))

    def undo(self) -> None:
        """Take back the newest decision, on however many photos it was."""
        self._worker.start(_UNDO, lambda *_: self._library.undo())

    def redo(self) -> None:
        """Bring back what undo took back last."""
        self._worker.start(_REDO, lambda *_: self._library.redo())

    def _decide(self, subject: str, correct: CorrectSeen, name: str | None = None) -> None:
        """By what is seen now, however long it waits behind other decisions."""
        ids = tuple(self._selection.photo_ids())
        seen = self._selection.seen_rows(ids)
        self._start(
            _Waiting(subject, ids, name),
            lambda library, ids: correct(
                library, read_rows(library, ids) if seen is None else seen
            ),
        )

    def _start(self, waiting: _Waiting, correct: Correct) -> None:
        if waiting.photo_ids:
            self._waiting.append(waiting)
            self._worker.start(_DECIDE, lambda *_: correct(self._library, waiting.photo_ids))

    def _start_rating(self, words: str, rate: Rate) -> None:
        ids = self._selection.photo_ids()

        if ids:
            self._worker.start(_RATE, lambda *_: Rated(words, rate(self._library, ids)))

    def _on_finished(self, name: str, outcome: Outcome) -> None:
        waiting = self._waiting.pop(0) if name == _DECIDE else None
        if outcome.error is not None:
            self.said.emit(outcome.error)
        elif waiting is not None and isinstance(outcome.result, Correction):
            self.said.emit(self._describe(waiting, outcome.result))
            self._tell_correction(waiting, outcome.result)
        elif isinstance(outcome.result, Rated):
            self.said.emit(self._describe_rating(outcome.result))
        elif name == _REVERT:
            self._tell_reverted(has_changed=bool(outcome.result))
        elif name in {_UNDO, _REDO}:
            self.said.emit(self._describe_batch(name, outcome.result))
            self.taken_back.emit()

    def _tell_reverted(self, *, has_changed: bool) -> None:
        done = self.tr("Taken back on this photo. Ctrl+Z brings it back.")
        self.said.emit(done if has_changed else self.tr("Nothing to change here."))
        self.taken_back.emit()

    def _tell_correction(self, waiting: _Waiting, correction: Correction) -> None:
        if waiting.class_name is not None and correction.changes:
            verdict = correction.verdict
            self.corrected.emit(Corrected(waiting.photo_ids, waiting.class_name, verdict))

    def _describe(self, waiting: _Waiting, correction: Correction) -> str:
        if not correction.changes:
            return self.tr("Nothing to change here.")
        if correction.verdict is Verdict.CONFIRMED:
            words = self.tr("{subject}: confirmed on {photos}. Ctrl+Z takes it back.")
        else:
            words = self.tr("{subject}: rejected on {photos}. Ctrl+Z takes it back.")
        photos = self.tr("%Ln photo(s)", "", correction.photos)
        return words.format(subject=waiting.subject, photos=photos)

    def _describe_rating(self, rated: Rated) -> str:
        if not rated.changes:
            return self.tr("Nothing to change here.")
        photos = self.tr("%Ln photo(s)", "", len(rated.changes.photo_ids))
        words = self.tr("{stars} on {photos}. Ctrl+Z takes it back.")
        return words.format(stars=rated.words, photos=photos)

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
