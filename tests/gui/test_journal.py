"""What was written to files is listed, shown file by file, and taken back after a look."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from tagger.core.photo import FileState
from tagger.gui.journal.dialog import WriteHistory
from tagger.gui.work.jobs import JobKind

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tests.gui.day import Day

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


def _contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*.jpg"))}


def _states(dialog: WriteHistory) -> list[str]:
    items = [dialog.files.topLevelItem(row) for row in range(dialog.files.topLevelItemCount())]
    return [item.text(1) for item in items if item is not None]


def test_a_run_is_looked_at_and_taken_back_byte_for_byte(day: Day, photos: Path) -> None:
    before = _contents(photos)
    day.go_to(0)
    day.press(Qt.Key.Key_A, _CTRL)
    day.press(Qt.Key.Key_Return)
    day.wait_until(lambda: "confirmed" in day.widgets.jobs.message)
    day.press(Qt.Key.Key_S, _CTRL)
    day.wait_until(lambda: "files written" in day.widgets.jobs.message and day.is_idle)
    written = _contents(photos)
    changed = day.row(11).path
    changed.write_bytes(written[changed][:-2] + b"\xff\xd9 ")
    assert all(written[path] != before[path] for path in before)

    day.press(Qt.Key.Key_S, _CTRL | _SHIFT, on=day.window)
    [dialog] = day.window.findChildren(WriteHistory)
    day.wait_until(dialog.undo_button.isEnabled)

    assert dialog.runs.topLevelItemCount() == 1
    assert len(_states(dialog)) == 12
    assert _states(dialog)[0].startswith("changed"), "what stays stands first"
    assert "11 files would be again" in dialog.verdict.text()
    assert "1 file somebody changed" in dialog.verdict.text()

    day.press(Qt.Key.Key_Return, on=dialog.runs)
    assert day.is_idle, "Enter on a run takes nothing back"
    dialog.undo_button.click()
    day.wait_until(lambda: "11 photos taken back. 1 stay" in day.widgets.jobs.message)

    now = _contents(photos)
    assert [path for path in before if now[path] != before[path]] == [changed]
    day.wait_until(lambda: dialog.runs.topLevelItemCount() == 2)
    item = dialog.runs.topLevelItem(0)
    assert item is not None
    assert item.text(1) == "11 photos back"
    day.wait_until(lambda: day.is_idle)


def test_the_chosen_run_stays_chosen_whatever_ends_behind_it(day: Day) -> None:
    for place in (0, 1):
        day.go_to(place)
        day.press(Qt.Key.Key_Return)
        day.wait_until(lambda: "confirmed" in day.widgets.jobs.message)
        day.press(Qt.Key.Key_S, _CTRL)
        day.wait_until(lambda: "file written" in day.widgets.jobs.message and day.is_idle)
    dialog = day.window.recalling.open()
    day.wait_until(dialog.undo_button.isEnabled)
    older = dialog.runs.topLevelItem(1)
    assert older is not None
    dialog.runs.setCurrentItem(older)
    chosen = dialog.current_run
    day.wait_until(dialog.undo_button.isEnabled)

    day.window.working.rescan()
    day.wait_until(lambda: "Nothing new" in day.widgets.jobs.message and day.is_idle)
    day.wait_until(dialog.undo_button.isEnabled)

    assert dialog.current_run == chosen
    assert len(_states(dialog)) == 1


def test_taking_back_that_was_paused_goes_on_and_writes_nothing(day: Day) -> None:
    done: list[str] = []
    is_running = threading.Event()

    def take_back(cancel: CancelToken, _: object) -> None:
        done.append("back")
        is_running.set()
        while len(done) == 1:
            cancel.raise_if_cancelled()

    photo = day.go_to(0)
    day.press(Qt.Key.Key_Return)
    day.wait_until(lambda: "confirmed" in day.widgets.jobs.message)
    jobs, row = day.session.jobs, day.widgets.jobs.rows[JobKind.WRITE]
    assert jobs.start_undo(take_back)
    assert is_running.wait(10)
    row.pause_wanted.emit()
    day.wait_until(lambda: not jobs._workers[JobKind.WRITE].is_busy)

    row.resume_wanted.emit()
    day.wait_until(lambda: day.is_idle)

    assert done == ["back", "back"]
    assert day.library.photo_rows([photo])[0].file_state is FileState.PENDING
    day.press(Qt.Key.Key_S, _CTRL)
    day.wait_until(lambda: "1 file written" in day.widgets.jobs.message and day.is_idle)


def test_an_empty_journal_says_so(day: Day) -> None:
    dialog = day.window.recalling.open()

    day.wait_until(lambda: "Nothing was written" in dialog.verdict.text())
    assert not dialog.undo_button.isEnabled()
    assert day.window.recalling.open() is dialog
