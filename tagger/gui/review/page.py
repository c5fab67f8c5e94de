"""The review queue on screen: one photo, one question, one key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from tagger.gui.inspector.picture_view import PictureView
from tagger.gui.text import class_title

if TYPE_CHECKING:
    from tagger.gui.appearance.look import Look
    from tagger.gui.pictures.previews import Preview
    from tagger.services.review_queue import Precision, Question

_YES = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_NO = frozenset({Qt.Key.Key_X})
_ON = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Right, Qt.Key.Key_Down})
_BACK = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Up})
_MODIFIERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_OWN_KEYS = _YES | _NO | _ON | _BACK | {Qt.Key.Key_Escape}


class ReviewPage(QWidget):
    """Shows a question and hears the answer.

    Signals:
        answered(bool): the photo shows the class, or not.
        moved(int): so many questions on, without an answer.
        left(): enough.
    """

    answered = Signal(bool)
    moved = Signal(int)
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("loupe")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Review"))
        self._look = look
        self.picture = PictureView(look, can_zoom=True)
        self._question = QLabel()
        self._question.setProperty("role", "display")
        self._question.setTextFormat(Qt.TextFormat.PlainText)
        self._question.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._counter = QLabel()
        self._counter.setProperty("role", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._hint = QLabel(
            self.tr(
                "1-9 toggle other classes · Space skips · Left goes back · Ctrl+Z undoes · Esc ends"
            )
        )
        self._hint.setProperty("role", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for label in (self._counter, self._hint):
            label.setWordWrap(True)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.yes = self._make_button(self.tr("Yes  ·  Enter"), "confirm")
        self.no = self._make_button(self.tr("No  ·  X"), "reject")
        self.yes.setToolTip(self.tr("The photo shows this class. Key: Enter"))
        self.no.setToolTip(self.tr("The photo does not show this class. Key: X"))
        self.yes.clicked.connect(lambda: self.answered.emit(True))
        self.no.clicked.connect(lambda: self.answered.emit(False))
        self._lay_out()

    @property
    def question(self) -> str:
        """What is asked or said, as shown."""
        return self._question.text()

    @property
    def counter(self) -> str:
        """How far it is, as shown."""
        return self._counter.text()

    def show_question(self, question: Question, place: int, count: int) -> None:
        """Ask; the picture of the question before goes, the one asked about follows."""
        self._question.setText(self.tr("{title}?").format(title=class_title(question.name)))
        self._counter.setText(self.tr("{place} of {count}").format(place=place + 1, count=count))
        self._bar.setRange(0, count)
        self._bar.setValue(place)
        self.picture.show_picture(None)
        self.picture.fit()
        self._show_buttons(is_asking=True)
        self.setAccessibleDescription(f"{self._question.text()} {self._counter.text()}")

    def show_end(self, count: int, precision: Precision | None) -> None:
        """All questions have been asked."""
        self.picture.show_picture(None)
        self._question.setText(
            self.tr("Done.") if count else self.tr("There is nothing to review.")
        )
        words = self.tr("Esc goes back to the photos.")
        if precision is not None:
            said = self.tr(
                "Of the sure tags you looked at, {right} of {seen} were right: {low:.0%} to "
                "{high:.0%} of all by estimate."
            ).format(
                right=precision.right,
                seen=precision.looked_at,
                low=precision.low,
                high=precision.high,
            )
            words = f"{said}\n{words}"
        self._counter.setText(words)
        self._bar.setRange(0, 1)
        self._bar.setValue(1)
        self._show_buttons(is_asking=False)
        self.setAccessibleDescription(f"{self._question.text()} {words}")

    def show_preview(self, preview: Preview) -> None:
        """The picture, rough at first."""
        self.picture.show_picture(preview.image, preview.problem or "")

    def event(self, event: QEvent) -> bool:
        """Enter and X answer here, although they mean every tag elsewhere."""
        is_asked = event.type() is QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and _is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer, move on, leave."""
        key = Qt.Key(event.key())
        if key in _YES or key in _NO:
            if self.yes.isVisible() and not event.isAutoRepeat():
                self.answered.emit(key in _YES)
        elif key in _ON or key in _BACK:
            self.moved.emit(1 if key in _ON else -1)
        elif key is Qt.Key.Key_Escape:
            self.left.emit()
        elif key is Qt.Key.Key_Z and not event.modifiers():
            self.picture.toggle_zoom()
        else:
            super().keyPressEvent(event)

    def _show_buttons(self, *, is_asking: bool) -> None:
        for widget in (self.yes, self.no, self._hint, self.picture):
            widget.setVisible(is_asking)

    def _make_button(self, text: str, icon: str) -> QPushButton:
        button = QPushButton(text)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setMinimumWidth(140)
        self._look.dress(button, icon)
        return button

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.yes)
        buttons.addWidget(self.no)
        buttons.addStretch(1)
        self._counter.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._bar)
        column.addWidget(self.picture, 1)
        column.addStretch(0)
        column.addWidget(self._question)
        column.addLayout(buttons)
        column.addWidget(self._counter)
        column.addWidget(self._hint)


def _is_own(event: QKeyEvent) -> bool:
    return Qt.Key(event.key()) in _OWN_KEYS and not event.modifiers() & _MODIFIERS
