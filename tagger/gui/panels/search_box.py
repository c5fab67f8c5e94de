"""The search as text, with completion and with the place of an error marked."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt, QTimer, Signal
from PySide6.QtWidgets import QCompleter, QLabel, QLineEdit, QVBoxLayout, QWidget

from tagger.services.searching import FIELDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from tagger.core.errors import QueryError
    from tagger.gui.appearance.look import Look

_PAUSE_MS = 160
"""Between the last key and the search: long enough to finish a word."""

_WORDS = ("AND", "OR", "NOT", "untagged", "is:failed", "is:pending", "is:offline", "state:unsure")
_LAST_WORD = re.compile(r"[^\s()]*$")


class SearchLine(QLineEdit):
    """One line that completes its last word.

    Signals:
        left(): Escape or the down key; the person wants to go on with the photos.
    """

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = QStringListModel(self)
        completer = QCompleter(self._words, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchStartsWith)
        completer.setWidget(self)
        completer.activated.connect(self._complete)
        self._completer = completer
        popup = completer.popup()
        assert popup is not None
        self._popup = popup
        self.textEdited.connect(self._offer)

    def set_classes(self, names: Sequence[str]) -> None:
        """The classes that completion knows."""
        fields = [field for field in FIELDS if "(" not in field]
        self._words.setStringList([*names, *_WORDS, *fields])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the list of completions, and the way back to the photos."""
        is_offering = self._popup.isVisible()
        if is_offering and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._popup.hide()
        elif event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Down} and not is_offering:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def _offer(self, text: str) -> None:
        word = self._last_word(text)
        self._completer.setCompletionPrefix(word)
        has_offer = len(word) >= 2 and self._completer.completionCount() > 0
        if has_offer and self._completer.currentCompletion().casefold() != word.casefold():
            self._completer.complete()
        else:
            self._popup.hide()

    def _complete(self, completion: str) -> None:
        before = self.text()[: self.cursorPosition()]
        start = len(before) - len(self._last_word(before))
        after = self.text()[self.cursorPosition() :]
        space = "" if completion.endswith(":") else " "
        self.setText(f"{before[:start]}{completion}{space}{after}")
        self.setCursorPosition(start + len(completion) + len(space))
        self.textEdited.emit(self.text())

    def _last_word(self, text: str) -> str:
        match = _LAST_WORD.search(text[: self.cursorPosition()])
        return match[0] if match else ""


class SearchBox(QWidget):
    """The line, and below it what is wrong with its text.

    Signals:
        asked(str): the text to search for, after a short pause or at once with Enter.
        left(): back to the photos.
    """

    asked = Signal(str)
    left = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.line = SearchLine(self)
        self.line.setPlaceholderText(self.tr("Search: bride AND NOT cake, rating:>=4, taken:2026"))
        self.line.setAccessibleName(self.tr("Search"))
        self.line.setClearButtonEnabled(True)
        look_up = self.line.addAction(look.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        look.dress(look_up, "search")
        self._complaint = QLabel(self)
        self._complaint.setProperty("role", "error")
        self._complaint.setTextFormat(Qt.TextFormat.RichText)
        self._complaint.hide()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.line.textEdited.connect(lambda _: self._pause.start())
        self.line.returnPressed.connect(self._on_return_pressed)
        self.line.left.connect(self.left)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(self.line)
        layout.addWidget(self._complaint)
        self.setFocusProxy(self.line)

    @property
    def complaint(self) -> str:
        """What is wrong with the text, as shown; empty when nothing is."""
        return self._complaint.text()

    def set_classes(self, names: Sequence[str]) -> None:
        """The classes that completion knows."""
        self.line.set_classes(names)

    def drop_typed(self) -> None:
        """Something else is searched for than what is being typed."""
        self._pause.stop()

    def show_text(self, text: str) -> None:
        """Show a search that was changed elsewhere; what is being typed stays."""
        if not self._pause.isActive() and self.line.text().strip() != text:
            self.line.setText(text)
            self.line.setCursorPosition(0)

    def show_problem(self, error: QueryError | None) -> None:
        """Say what is wrong and mark the place; None takes that back."""
        if bool(self.line.property("hasError")) != (error is not None):
            self.line.setProperty("hasError", error is not None)
            self.line.style().polish(self.line)
        if error is not None:
            self._complaint.setText(self._explain(error))
        else:
            self._complaint.clear()
        self._complaint.setVisible(error is not None)

    def _explain(self, error: QueryError) -> str:
        text = self.line.text()
        place = min(error.position, len(text))
        marked = text[place : place + 1].strip() or "␣"
        ground, ink = self._look.colors.danger, self._look.colors.window
        return (
            f"{html.escape(str(error))} &nbsp; {html.escape(text[:place])}"
            f'<span style="background:{ground};color:{ink}">{html.escape(marked)}</span>'
            f"{html.escape(text[place + 1 :])}"
        )

    def _on_return_pressed(self) -> None:
        self._ask()
        self.left.emit()

    def _ask(self) -> None:
        self._pause.stop()
        self.asked.emit(self.line.text().strip())
