"""Decisions that are likely wrong, worst first: one photo, one question, one key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy

from tagger.gui.inspector.picture_view import PictureView
from tagger.gui.teach.section import Section, make_button, make_label
from tagger.gui.text import class_title
from tagger.services.lessons.tidying import Settlement

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tagger.gui.appearance.look import Look
    from tagger.gui.pictures.previews import Preview
    from tagger.services.lessons.tidying import DoubtfulTag, Doubts

_KEYS = {
    Qt.Key.Key_K: Settlement.KEEP,
    Qt.Key.Key_R: Settlement.RELABEL,
    Qt.Key.Key_L: Settlement.LEAVE_OUT,
}


class CleanPage(Section):
    """Shows one doubtful decision after the other.

    Signals:
        search_wanted(): look for doubtful decisions.
        settled(DoubtfulTag, Settlement): what a person says of it.
        shown(DoubtfulTag): its picture is needed.
    """

    search_wanted = Signal()
    settled = Signal(object, object)
    shown = Signal(object)

    def __init__(self, title: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._tags: list[DoubtfulTag] = []
        self._place = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.picture = PictureView(look, can_zoom=True)
        self.picture.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.question = make_label("title")
        self.counter = make_label("muted")
        self.search_button = make_button(
            self.tr("&Look for doubtful decisions"),
            self.tr("Judges each decision by photos of other shoots."),
            is_primary=True,
        )
        self.keep_button = make_button(
            self.tr("Keep  ·  K"), self.tr("It is right; don't ask again. Key: K")
        )
        self.relabel_button = make_button(
            self.tr("Turn round  ·  R"), self.tr("It is the other way round. Key: R")
        )
        self.leave_button = make_button(
            self.tr("Leave out  ·  L"), self.tr("Take it back: nothing learns from it. Key: L")
        )
        self._connect()
        self.add_row(self.search_button)
        self.column.addWidget(self.picture, 1)
        self.column.addWidget(self.question)
        self.add_row(self.keep_button, self.relabel_button, self.leave_button)
        self.column.addWidget(self.counter)
        self.column.addStretch(0)
        self.lead.setText(
            self.tr("Decisions that are likely a slip, worst first. What you settle is remembered.")
        )
        self._show()

    @property
    def current(self) -> DoubtfulTag | None:
        """What is asked about."""
        return self._tags[self._place] if self._place < len(self._tags) else None

    def show_doubts(self, doubts: Doubts) -> None:
        """Begin with the worst."""
        self._tags, self._place = list(doubts.tags), 0
        if not doubts.tags:
            words = self.tr("Nothing looks wrong among {count}.").format(
                count=self.tr("%Ln decision(s)", "", doubts.judged)
            )
            if not doubts.judged:
                words = self.tr(
                    "There are too few decisions to judge: five photos with a class and five"
                    " without it are the least."
                )
            self.lead.setText(words)
        self._show()
        self.setFocus()

    def show_preview(self, preview: Preview) -> None:
        """The picture, rough at first."""
        if self.current is not None and preview.photo_id == self.current.photo_id:
            self.picture.show_picture(preview.image, preview.problem or "")

    def settle(self, how: Settlement) -> None:
        """Say this of the current one, and go on."""
        tag = self.current
        if tag is not None:
            self._place += 1
            self.settled.emit(tag, how)
            self._show()

    def event(self, event: QEvent) -> bool:
        """K, R and L answer here."""
        is_asked = event.type() is QEvent.Type.ShortcutOverride
        if is_asked and isinstance(event, QKeyEvent) and _answer_of(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer with one key."""
        how = _answer_of(event)
        if how is not None and self.current is not None:
            if not event.isAutoRepeat():
                self.settle(how)
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        tag = self.current
        self.picture.show_picture(None)  # its own follows
        widgets = (self.picture, self.question, self.keep_button, self.relabel_button)
        for widget in (*widgets, self.leave_button):
            widget.setVisible(tag is not None)
        if tag is None:
            self.counter.setText(self.tr("Done.") if self._tags else "")
            return
        title = class_title(tag.name).lower()
        words = (
            self.tr("You said that this shows {title}. It looks as if it does not.")
            if tag.has_tag
            else self.tr("You said that this does not show {title}. It looks as if it does.")
        )
        self.question.setText(words.format(title=title))
        self.counter.setText(
            self.tr("{place} of {count} · {name} · {doubt:.0%} likely wrong").format(
                place=self._place + 1, count=len(self._tags), name=tag.path.name, doubt=tag.doubt
            )
        )
        self.shown.emit(tag)

    def _connect(self) -> None:
        self.search_button.clicked.connect(self.search_wanted)
        self.keep_button.clicked.connect(lambda: self.settle(Settlement.KEEP))
        self.relabel_button.clicked.connect(lambda: self.settle(Settlement.RELABEL))
        self.leave_button.clicked.connect(lambda: self.settle(Settlement.LEAVE_OUT))


def _answer_of(event: QKeyEvent) -> Settlement | None:
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return None
    return _KEYS.get(Qt.Key(event.key()))
