"""A lesson with all layers: how long it takes, when it starts, and how it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QTime, QTimer, Signal
from PySide6.QtWidgets import QTimeEdit

from tagger.gui.dialogs.fields import with_room
from tagger.gui.teach.curves import CurveView
from tagger.gui.teach.section import Section, make_button, make_label
from tagger.gui.teach.wording import describe_estimate, describe_progress, describe_unfinished
from tagger.services.lessons.giving import LessonProgress

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tagger.core.progress import Progress
    from tagger.gui.appearance.look import Look
    from tagger.services.lessons.estimating import LessonEstimate
    from tagger.services.lessons.giving import UnfinishedLesson

_TONIGHT = QTime(22, 0)
_DAY_S = 24 * 60 * 60
_LOOK_MS = 20_000


class FullPage(Section):
    """Start, pause, go on, forget.

    Signals:
        estimate_wanted(): how long would it take?
        started(): begin, or go on.
        paused(): stop after this step, to go on later.
        forgotten(): never mind: what it had learned so far goes.
        planned(QDateTime or None): start then; None for not any more.
    """

    estimate_wanted = Signal()
    started = Signal()
    paused = Signal()
    forgotten = Signal()
    planned = Signal(object)

    def __init__(self, title: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._is_running = False
        self._unfinished: UnfinishedLesson | None = None
        self._starts_at: QDateTime | None = None
        self._missed = ""
        self.lead.setText(
            self.tr(
                "All layers learn from your decisions: slower than a quick lesson, and better. You"
                " can go on working, pause it, and close the program: it goes on where it was."
            )
        )
        self.state = make_label("title")
        self.estimate = make_label("")
        self.curves = CurveView(look)
        self.estimate_button = make_button(
            self.tr("&How long would it take?"), self.tr("Makes a few steps on this computer.")
        )
        self.start_button = make_button(
            self.tr("Start &now"),
            self.tr("Nothing changes until you have seen what it would change."),
            is_primary=True,
        )
        self.time = with_room(QTimeEdit(_TONIGHT))
        self.time.setAccessibleName(self.tr("When to start"))
        self.later_button = make_button(
            self.tr("Start &then"),
            self.tr(
                "Starts at this time if the program is open; the plan is kept when you close it."
            ),
        )
        self.pause_button = make_button(
            self.tr("&Pause"), self.tr("Goes on from the last finished epoch.")
        )
        self.forget_button = make_button(
            self.tr("&Cancel"), self.tr("Forget this lesson. The classifier in use stays in use.")
        )
        self._clock = QTimer(self, interval=_LOOK_MS)
        self._clock.timeout.connect(lambda: self.look_at_clock(QDateTime.currentDateTime()))
        self._connect()
        self._lay_out()
        self._show_state()

    def show_estimate(self, estimate: LessonEstimate) -> None:
        """Say how long it takes."""
        self.estimate.setText(describe_estimate(estimate))

    def show_unfinished(self, lesson: UnfinishedLesson | None) -> None:
        """A lesson that was paused or killed, if there is one."""
        self._unfinished = lesson
        self._show_state()

    def show_running(self, is_running: bool) -> None:
        """Whether a lesson runs now."""
        self._is_running = is_running
        if is_running:
            self._set_start(None)
            self.state.setText(self.tr("Waking the classifier; this takes some seconds."))
        self._show_state()

    def show_plan(self, moment: QDateTime, now: QDateTime) -> None:
        """A start that was planned before the program was closed; one that was missed says so."""
        if moment > now:
            self._set_start(moment)
            return
        words = self.tr(
            "It should have started at {time}, but the program was closed. Start it now?"
        )
        self._missed = words.format(time=moment.toString("ddd HH:mm"))
        self._show_state()

    def show_progress(self, progress: Progress) -> None:
        """How it goes."""
        self.state.setText(describe_progress(progress))
        if isinstance(progress, LessonProgress):
            self.curves.show_lesson(progress.losses, progress.points)
            self.curves.show()

    def look_at_clock(self, now: QDateTime) -> None:
        """Start when it is time."""
        if self._starts_at is not None and now >= self._starts_at:
            self._set_start(None)
            self.started.emit()

    def start_at(self, time: QTime, now: QDateTime) -> None:
        """Start the next time that the clock shows this."""
        moment = QDateTime(now.date(), time)
        self._set_start(moment if moment > now else moment.addSecs(_DAY_S))
        self.planned.emit(self._starts_at)

    def _set_start(self, moment: QDateTime | None) -> None:
        was_planned = self._starts_at is not None
        self._starts_at = moment
        self._missed = ""
        if moment is None:
            self._clock.stop()
            if was_planned:
                self.planned.emit(None)
        else:
            self._clock.start()
        self._show_state()

    def _show_state(self) -> None:
        is_waiting = self._unfinished is not None
        for widget in (self.estimate_button, self.start_button, self.time, self.later_button):
            widget.setEnabled(not self._is_running)
        self.pause_button.setEnabled(self._is_running)
        self.forget_button.setEnabled(self._is_running or is_waiting or self._starts_at is not None)
        self.start_button.setText(self.tr("Go o&n") if is_waiting else self.tr("Start &now"))
        if self._is_running:
            return
        self.curves.setVisible(False)
        words = self._missed or describe_unfinished(self._unfinished)
        if self._starts_at is not None:
            words = self.tr("It starts at {time}, if the program is open then.").format(
                time=self._starts_at.toString("HH:mm")
            )
        self.state.setText(words)

    def _forget(self) -> None:
        if self._starts_at is not None and not self._is_running:
            self._set_start(None)
        else:
            self.forgotten.emit()

    def _connect(self) -> None:
        self.estimate_button.clicked.connect(self.estimate_wanted)
        self.start_button.clicked.connect(self.started)
        self.later_button.clicked.connect(
            lambda: self.start_at(self.time.time(), QDateTime.currentDateTime())
        )
        self.pause_button.clicked.connect(self.paused)
        self.forget_button.clicked.connect(self._forget)

    def _lay_out(self) -> None:
        self.add_row(self.estimate_button)
        self.column.addWidget(self.estimate)
        self.add_row(self.start_button, self.time, self.later_button)
        self.column.addSpacing(8)
        self.column.addWidget(self.state)
        self.column.addWidget(self.curves)
        self.add_row(self.pause_button, self.forget_button)
        self.column.addStretch(1)
