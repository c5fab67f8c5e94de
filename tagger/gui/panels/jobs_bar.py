"""The foot of the window: what is being done, how long it takes, and how the library stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tagger.gui.text import duration, number
from tagger.gui.work.jobs import JobKind, JobState, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.core.progress import Progress
    from tagger.gui.appearance.look import Look
    from tagger.services.listing import Overview

_MESSAGE_MS = 8_000
_APPEAR_MS = 300
"""What is done sooner is not shown: looking through unchanged folders would only flicker."""


class JobRow(QWidget):
    """One job: name, bar, figures, pause, cancel.

    Signals:
        pause_wanted(), resume_wanted(), cancel_wanted(): the buttons.
    """

    pause_wanted = Signal()
    resume_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, kind: JobKind, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self._look = look
        self._status = Status.IDLE
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(180)
        self.figures = QLabel()
        self.figures.setTextFormat(Qt.TextFormat.PlainText)
        self.figures.setWordWrap(True)
        self._title = QLabel(self._name())
        self._title.setProperty("role", "title")
        self.pause_button = self._make_button("pause", self.tr("Pause"))
        self.cancel_button = self._make_button("close", self.tr("Cancel"))
        self.pause_button.clicked.connect(self._on_pause_clicked)
        self.cancel_button.clicked.connect(self.cancel_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self._title, self._bar):
            row.addWidget(widget)
        row.addWidget(self.figures, 1)
        row.addWidget(self.pause_button)
        row.addWidget(self.cancel_button)
        self._appearing = QTimer(self, singleShot=True, interval=_APPEAR_MS)
        self._appearing.timeout.connect(self.show)
        look.changed.connect(self._dress)
        self.hide()

    def show_state(self, state: JobState) -> None:
        """How the job stands; an idle one takes no place."""
        self._status = state.status
        if state.status is not Status.RUNNING:
            self._appearing.stop()
            self.setVisible(state.status is not Status.IDLE)
        elif self.isHidden() and not self._appearing.isActive():
            self._appearing.start()
        is_failed = state.status is Status.FAILED
        self._bar.setVisible(not is_failed)
        if is_failed:
            self.figures.setText(state.problem or "")
        elif state.status is Status.PAUSED:
            self.figures.setText(self.tr("Paused. Nothing is lost."))
        elif state.progress is None:
            self._bar.setRange(0, 0)
            self.figures.setText(self._first_words())
        else:
            self._show_progress(state.progress)
        self._dress()

    def _show_progress(self, progress: Progress) -> None:
        self._title.setText(self._name(progress))
        self._bar.setRange(0, progress.total or 0)
        self._bar.setValue(progress.done)
        if progress.total is None:
            self.figures.setText(self.tr("{done} so far").format(done=number(progress.done)))
            return
        parts = [
            self.tr("{done} of {total}").format(
                done=number(progress.done), total=number(progress.total)
            )
        ]
        if progress.rate:
            parts.append(self.tr("{rate} a second").format(rate=f"{progress.rate:.0f}"))
        if progress.seconds_left:
            left = duration(progress.seconds_left)
            parts.append(self.tr("{time} left").format(time=left))
        self.figures.setText(" · ".join(parts))

    def _name(self, progress: Progress | None = None) -> str:
        names = {
            JobKind.INDEX: self.tr("Looking for photos"),
            JobKind.TAG: self.tr("Tagging"),
            JobKind.WRITE: self.tr("Writing keywords"),
            JobKind.EXPORT: self.tr("Exporting"),
        }
        if self._kind is JobKind.INDEX and progress is not None and progress.total is not None:
            return self.tr("Reading new photos")
        return names[self._kind]

    def _first_words(self) -> str:
        if self._kind is JobKind.TAG:
            return self.tr("Waking the classifier; this takes some seconds.")
        return self.tr("Starting")

    def _make_button(self, icon: str, name: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(self._look.icon(icon))
        button.setAccessibleName(f"{name}: {self._name()}")
        button.setToolTip(name)
        return button

    def _dress(self) -> None:
        is_running = self._status is Status.RUNNING
        self.pause_button.setIcon(self._look.icon("pause" if is_running else "play"))
        words = self.tr("Pause") if is_running else self.tr("Go on")
        self.pause_button.setToolTip(words)
        self.pause_button.setAccessibleName(f"{words}: {self._name()}")
        self.cancel_button.setIcon(self._look.icon("close"))
        self.pause_button.setVisible(self._kind is not JobKind.EXPORT)

    def _on_pause_clicked(self) -> None:
        if self._status is Status.RUNNING:
            self.pause_wanted.emit()
        else:
            self.resume_wanted.emit()


class JobsBar(QWidget):
    """All jobs, the newest message, and the library in numbers.

    Signals:
        problems_wanted(): the person wants to see what could not be read or written.
        writing_wanted(): the pending keywords are to be written.
        lesson_wanted(): the person wants to teach what was decided.
    """

    problems_wanted = Signal()
    writing_wanted = Signal()
    lesson_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("jobs")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.rows = {kind: JobRow(kind, look, self) for kind in JobKind}
        self._message = QLabel()
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setWordWrap(True)
        self._state = QLabel()
        self._state.setProperty("role", "muted")
        self._pending = self._make_link(look, "pending")
        self._pending.clicked.connect(self.writing_wanted)
        self._problems = self._make_link(look, "warning")
        self._problems.clicked.connect(self.problems_wanted)
        self.lesson_button = self._make_link(look, "retry")
        self.lesson_button.clicked.connect(self.lesson_wanted)
        self._notes = self._make_link(look, "pending")
        self._notes.clicked.connect(lambda: self.say(self._notes.toolTip()))
        self._forgetting = QTimer(self, singleShot=True, interval=_MESSAGE_MS)
        self._forgetting.timeout.connect(self._message.clear)
        self._lay_out()

    @property
    def message(self) -> str:
        """The newest message."""
        return self._message.text()

    @property
    def state_text(self) -> str:
        """The library in numbers, as shown."""
        return self._state.text()

    def say(self, sentence: str) -> None:
        """Show one sentence for a while."""
        self._message.setText(sentence)
        self._forgetting.start()

    def show_notes(self, notes: Sequence[str]) -> None:
        """Why folders are not watched at once; said once, then at hand behind a sign."""
        self.say(notes[-1])
        self._notes.setText(self.tr("%Ln folder(s) seen with a delay", "", len(notes)))
        self._notes.setToolTip("\n".join(notes))
        self._notes.setAccessibleDescription("\n".join(notes))
        self._notes.show()

    def show_lesson(self, decisions: int) -> None:
        """Offer a lesson when there is enough to learn from; 0 offers none."""
        self.lesson_button.setText(self.tr("%Ln decision(s) to learn from", "", decisions))
        self.lesson_button.setToolTip(self.tr("Open the teaching pages. Key: Ctrl+T"))
        self.lesson_button.setVisible(decisions > 0)

    def show_overview(self, overview: Overview) -> None:
        """The library in numbers."""
        parts = [self.tr("%Ln photo(s)", "", overview.photos)]
        if overview.untagged:
            parts.append(self.tr("%Ln to tag", "", overview.untagged))
        if overview.offline:
            parts.append(self.tr("%Ln offline", "", overview.offline))
        if overview.device:
            parts.append(overview.device)
        self._state.setText(" · ".join(parts))
        self._pending.setText(self.tr("%Ln to write", "", overview.pending_writes))
        self._pending.setVisible(overview.pending_writes > 0)
        self._problems.setText(self.tr("%Ln problem(s)", "", overview.failed))
        self._problems.setVisible(overview.failed > 0)

    def _lay_out(self) -> None:
        status = QHBoxLayout()
        status.addWidget(self._message, 1)
        for widget in (self.lesson_button, self._notes, self._problems, self._pending, self._state):
            status.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 3, 12, 3)
        column.setSpacing(2)
        for row in self.rows.values():
            column.addWidget(row)
        column.addLayout(status)

    def _make_link(self, look: Look, icon: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("role", "class")
        look.dress(button, icon)
        button.hide()
        return button
