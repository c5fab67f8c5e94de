"""Threads beside the window: pace, cancel, end; and what Qt itself must not do."""

from __future__ import annotations

import gc
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal

from tagger.core.changes import Changes
from tagger.core.errors import WrongUseError
from tagger.core.ids import PhotoId
from tagger.core.progress import Progress
from tagger.gui.session import Session
from tagger.gui.window import MainWindow
from tagger.gui.work.feed import ChangesFeed
from tagger.gui.work.jobs import JobKind, Status
from tagger.gui.work.latest import LatestWins
from tagger.gui.work.mailbox import Mailbox
from tagger.gui.work.pace import CalmCollector, Paced, answer_quickly
from tagger.gui.work.worker import Outcome, Worker
from tagger.services.tagging import TagResult
from tests.gui.day import Day
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

    from tagger.core.cancel import CancelToken
    from tagger.gui.appearance.look import Look
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace


class _Emitter(QObject):
    fired = Signal(bool)


def test_a_thousand_emits_leave_true_alone(qapp: object) -> None:
    emitter = _Emitter()
    emitter.fired.connect(lambda _: None)
    emitter.fired.emit(True)
    before = sys.getrefcount(True)

    for _ in range(1_000):
        emitter.fired.emit(True)

    assert abs(sys.getrefcount(True) - before) < 50


def test_a_flood_of_items_is_one_event(qtbot: QtBot) -> None:
    looks: list[int] = []
    mailbox = Mailbox(lambda items: looks.append(len(items)))

    def put_many() -> None:
        for number in range(500):
            mailbox.put(number)

    threads = [threading.Thread(target=put_many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    qtbot.waitUntil(lambda: sum(looks) == 2_000)
    assert len(looks) == 1


def test_changes_are_merged_and_none_is_lost(qtbot: QtBot) -> None:
    feed = ChangesFeed()
    told: list[Changes] = []
    feed.changed.connect(told.append)

    for number in range(300):
        feed.publish(Changes(frozenset({PhotoId(number)}), tags=number == 7))

    qtbot.waitUntil(
        lambda: frozenset().union(*(c.photo_ids for c in told)) == frozenset(range(300))
    )
    assert len(told) <= 3
    assert any(changes.tags for changes in told)


def test_a_worker_tells_results_errors_and_cancels(qtbot: QtBot) -> None:
    worker = Worker("test")
    outcomes: dict[str, Outcome] = {}
    worker.finished.connect(outcomes.__setitem__)
    has_begun = threading.Event()

    def wait_for_cancel(cancel: CancelToken, report: Report) -> None:
        report(Progress("waiting", 0, 1, 0.0))
        has_begun.set()
        cancel.wait(30)
        cancel.raise_if_cancelled()

    def fail(cancel: CancelToken, report: Report) -> None:
        raise WrongUseError("That makes no sense.")

    worker.start("good", lambda *_: 42)
    worker.start("bad", fail)
    worker.start("long", wait_for_cancel)
    assert has_begun.wait(5)
    worker.cancel()

    qtbot.waitUntil(lambda: len(outcomes) == 3)
    assert outcomes["good"] == Outcome(result=42)
    assert outcomes["bad"] == Outcome(error="That makes no sense.")
    assert outcomes["long"] == Outcome(is_cancelled=True)
    worker.close()
    assert worker.join(2)


def test_an_overtaken_question_gives_no_more_answers(qtbot: QtBot) -> None:
    worker = LatestWins("test")
    answers: list[object] = []
    worker.answered.connect(answers.append)
    may_go_on = threading.Event()

    def slow() -> Iterator[str]:
        may_go_on.wait(5)
        yield "old"
        yield "older"

    worker.ask(slow)
    worker.ask(lambda: iter(["new"]))
    may_go_on.set()

    qtbot.waitUntil(lambda: answers == ["new"])
    worker.close()
    assert worker.join(2)


class SlowToLeave:
    """A lock that holds up every other thread right after it has given it back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.was_left = threading.Event()
        self.may_go_on = threading.Event()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()
        if threading.current_thread() is not threading.main_thread():
            self.was_left.set()
            self.may_go_on.wait()


def test_a_box_that_is_closed_may_be_deleted_while_others_still_fill_it(
    qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[object] = []
    monkeypatch.setattr(threading, "excepthook", failed.append)
    parent = QObject()
    box, lock = Mailbox(lambda _: None, parent), SlowToLeave()
    monkeypatch.setattr(box, "_lock", lock)
    filler = threading.Thread(target=box.put, args=(1,))
    filler.start()
    assert lock.was_left.wait(10)

    box.close()
    parent.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    lock.may_go_on.set()
    filler.join()

    assert not failed


def test_what_was_dropped_is_not_answered(qtbot: QtBot) -> None:
    worker = LatestWins("test")
    answers: list[object] = []
    worker.answered.connect(answers.append)
    has_begun, may_go_on = threading.Event(), threading.Event()

    def slow() -> Iterator[str]:
        has_begun.set()
        may_go_on.wait(5)
        yield "dropped"

    worker.ask(slow)
    assert has_begun.wait(5)
    worker.drop()
    may_go_on.set()
    worker.ask(lambda: iter(["new"]))

    qtbot.waitUntil(lambda: bool(answers))
    assert answers == ["new"]
    worker.close()
    assert worker.join(2)


def test_what_is_asked_for_all_the_time_is_done_now_and_once_after_the_pause(qtbot: QtBot) -> None:
    calls: list[int] = []
    parent = QObject()
    paced = Paced(lambda: calls.append(len(calls)), 20, parent)

    for _ in range(5):
        paced.ask()
    assert calls == [0]

    qtbot.waitUntil(lambda: calls == [0, 1])
    paced.ask()
    qtbot.waitUntil(lambda: calls == [0, 1, 2])


def test_all_is_looked_through_for_garbage_only_when_it_is_calm(qapp: object) -> None:
    before, threshold, parent = sys.getswitchinterval(), gc.get_threshold(), QObject()
    full: list[str] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if info["generation"] == 2:
            full.append(phase)

    try:
        answer_quickly()
        gc.callbacks.append(note)
        kept = [[number] for number in range(100_000)]
        assert not full
        CalmCollector(lambda: not kept, parent).collect()
        assert not full
        CalmCollector(lambda: bool(kept), parent).collect()
        assert full == ["start", "stop"]
    finally:
        gc.callbacks.remove(note)
        gc.set_threshold(*threshold)
        sys.setswitchinterval(before)
        gc.unfreeze()


def test_pause_stops_and_going_on_finishes(
    qtbot: QtBot, tmp_path: Path, photos: Path, look: Look, settings: QSettings
) -> None:
    has_begun = threading.Event()

    def tag_first_slowly(workspace: Workspace, cancel: CancelToken, report: Report) -> TagResult:
        if not has_begun.is_set():
            report(Progress("Tagging", 3, 12, 1.0))
            has_begun.set()
            cancel.wait(30)
            cancel.raise_if_cancelled()
        return TagResult(tagged=12, seconds=1.0)

    session = Session.open(tmp_path / "home", tag_first_slowly)
    window = MainWindow(session, look, settings)
    qtbot.addWidget(window)
    window.show()
    window.add_folders([photos])
    row = window.widgets.jobs.rows[JobKind.TAG]
    qtbot.waitUntil(lambda: "3 of 12 · 3 a second" in row.figures.text(), timeout=15_000)

    row.pause_button.click()
    assert session.jobs.state(JobKind.TAG).status is Status.PAUSED
    assert "Paused" in row.figures.text()
    row.pause_button.click()

    qtbot.waitUntil(lambda: "12 photos tagged" in window.widgets.jobs.message, timeout=15_000)
    assert session.close()


def test_closing_in_the_middle_of_work_takes_less_than_two_seconds(
    qtbot: QtBot, session: Session, window: MainWindow, photos: Path
) -> None:
    _make_photos(photos, 120)
    window.add_folders([photos])
    qtbot.waitUntil(
        lambda: session.jobs.state(JobKind.INDEX).status is Status.RUNNING, timeout=15_000
    )

    started = time.monotonic()
    window.close()
    assert session.close()

    assert time.monotonic() - started < 2


@pytest.mark.slow
def test_the_event_loop_is_never_away_for_long(
    qtbot: QtBot,
    session: Session,
    window: MainWindow,
    photos: Path,
    record_property: Callable[[str, object], None],
) -> None:
    _make_photos(photos, 300)
    gaps: list[float] = []
    last = [time.perf_counter()]
    timer = QTimer(window, interval=2)

    def measure() -> None:
        now = time.perf_counter()
        gaps.append(now - last[0])
        last[0] = now

    timer.timeout.connect(measure)
    timer.start()

    window.add_folders([photos])
    Day(qtbot, session, window).wait_for_tags(312)

    timer.stop()
    gaps_ms = sorted(round(gap * 1000) for gap in gaps)[-5:]
    record_property("longest_gaps_ms", gaps_ms)
    print("longest gaps of the event loop:", gaps_ms, "ms")
    assert gaps_ms[-1] < 500


def _make_photos(folder: Path, count: int) -> None:
    for number in range(count):
        save_jpeg(folder / "many" / f"MANY_{number:04}.jpg", width=900, height=600, seed=number)
