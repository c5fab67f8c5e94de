"""Labels of a data set that are likely wrong, worst first: one picture, one key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from tagger.gui.inspector.picture_view import PictureView
from tagger.gui.pictures.thumbnails import to_image
from tagger.gui.teach.section import make_button, make_label
from tagger.gui.text import class_title
from tagger.services.label_decisions import LabelVerdict

if TYPE_CHECKING:
    from tagger.gui.appearance.look import Look
    from tagger.services.cleaning import CleaningReview, Suspect
    from tagger.services.lessons.data_sets import SuspectPicture

_KEYS = {
    Qt.Key.Key_K: LabelVerdict.KEEP,
    Qt.Key.Key_R: LabelVerdict.RELABEL,
    Qt.Key.Key_L: LabelVerdict.LEAVE_OUT,
}


class SuspectsView(QWidget):
    """Shows one suspect after the other.

    Signals:
        settled(Suspect, LabelVerdict): what a person says of it.
        shown(Suspect): its picture is needed.
    """

    settled = Signal(object, object)
    shown = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._suspects: list[Suspect] = []
        self._place = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Labels that are likely wrong"))
        self.picture = PictureView(look, can_zoom=True)
        self.picture.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.question = make_label("title")
        self.counter = make_label("muted")
        self.buttons = {
            LabelVerdict.KEEP: make_button(self.tr("Keep  ·  K"), self.tr("The label is right.")),
            LabelVerdict.RELABEL: make_button(
                self.tr("Relabel  ·  R"), self.tr("Learn it as what it looks like.")
            ),
            LabelVerdict.LEAVE_OUT: make_button(
                self.tr("Leave out  ·  L"), self.tr("Don't learn from it.")
            ),
        }
        self._lay_out()
        self.hide()

    @property
    def current(self) -> Suspect | None:
        """What is asked about."""
        return self._suspects[self._place] if self._place < len(self._suspects) else None

    def show_review(self, review: CleaningReview) -> None:
        """Begin with the worst."""
        self._suspects, self._place = review.suspects[: review.likely], 0
        self.show()
        self.setFocus()
        self._show()

    def show_picture(self, found: SuspectPicture) -> None:
        """The picture of a suspect, if it is still asked about."""
        if self.current is not None and self.current.path == found.path:
            self.picture.show_picture(to_image(found.pixels), "")

    def settle(self, verdict: LabelVerdict) -> None:
        """Say this of the current one, and go on."""
        suspect = self.current
        if suspect is not None:
            self._place += 1
            self.settled.emit(suspect, verdict)
            self._show()

    def event(self, event: QEvent) -> bool:
        """K, R and L answer here."""
        is_asked = event.type() is QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and _verdict_of(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer with one key."""
        verdict = _verdict_of(event)
        if verdict is not None and self.current is not None:
            if not event.isAutoRepeat():
                self.settle(verdict)
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        suspect = self.current
        for widget in (self.picture, self.question, *self.buttons.values()):
            widget.setVisible(suspect is not None)
        self.picture.show_picture(None)
        if suspect is None:
            self.counter.setText(
                self.tr("Done: the next lesson goes by it.")
                if self._suspects
                else self.tr("No label looks wrong.")
            )
            return
        words = self.tr("It is in {label} and looks like {likely}.")
        self.question.setText(
            words.format(label=class_title(suspect.label), likely=class_title(suspect.likely or ""))
        )
        self.counter.setText(
            self.tr("{place} of {count} · {name} · {doubt:.0%} likely wrong").format(
                place=self._place + 1,
                count=len(self._suspects),
                name=suspect.path.name,
                doubt=suspect.doubt,
            )
        )
        self.shown.emit(suspect)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.picture, 1)
        column.addWidget(self.question)
        row = QHBoxLayout()
        for verdict, button in self.buttons.items():
            button.clicked.connect(lambda _=False, verdict=verdict: self.settle(verdict))
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.counter)


def _verdict_of(event: QKeyEvent) -> LabelVerdict | None:
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return None
    return _KEYS.get(Qt.Key(event.key()))
