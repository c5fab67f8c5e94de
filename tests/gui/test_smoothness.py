"""The window is never frozen while photos are found, tagged, decided and written behind it."""

from __future__ import annotations

import gc
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from tagger.core.changes import Changes
from tagger.core.ids import ContentId
from tagger.core.photo import Capture, ScannedPhoto, Stamp
from tagger.core.tag import TagState
from tagger.gui.session import Session
from tagger.gui.window import MainWindow
from tagger.gui.work.pace import answer_quickly
from tagger.library import ClassRecord, ModelRecord, ScoredPhoto
from tests.gui.classifier import tag_by_color
from tests.gui.day import Day
from tests.gui.event_loop import GapRecorder
from tests.gui.photos import CLASSES
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from tagger.gui.appearance.look import Look
    from tagger.library import Library

_CTRL = Qt.KeyboardModifier.ControlModifier
_MOST_MS = 50
_FREEZE_MS = 150
"""What is a freeze on any machine; the tests of every day run beside others that want its cores."""


@pytest.fixture(autouse=True)
def _as_without_a_window() -> Iterator[None]:
    before, threshold = sys.getswitchinterval(), gc.get_threshold()
    yield
    sys.setswitchinterval(before)
    gc.set_threshold(*threshold)
    gc.unfreeze()


@pytest.fixture
def apart(qapp: QApplication, tmp_path: Path) -> Iterator[Session]:
    """A library whose work is done in another process, as the program does it."""
    session = Session.open(tmp_path / "home", tag_apart=tag_by_color)
    yield session
    assert session.close()


@pytest.fixture
def day_apart(qtbot: QtBot, apart: Session, look: Look, settings: QSettings) -> Day:
    window = MainWindow(apart, look, settings)
    qtbot.addWidget(window)
    window.show()
    answer_quickly()
    return Day(qtbot, apart, window)


def test_the_window_answers_while_photos_are_indexed_tagged_and_written(
    day_apart: Day, tmp_path: Path
) -> None:
    # A machine that is busy with other things delays everything now and then, but not three times.
    longest_ms = _best_of_tries(
        lambda number: _work_through(day_apart, tmp_path / f"photos {number}", 100, 100 * number)
    )

    assert longest_ms < _FREEZE_MS


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_window_answers_while_ten_thousand_photos_are_worked_on(
    day_apart: Day, tmp_path: Path
) -> None:
    assert _work_through(day_apart, tmp_path / "photos", 10_000) < _MOST_MS


@pytest.mark.slow
def test_the_window_answers_while_torch_is_imported_and_real_photos_are_tagged(
    qtbot: QtBot, tmp_path: Path, wedding_dir: Path, look: Look, settings: QSettings
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for path in sorted((wedding_dir / "images").rglob("*.jpg"))[::8]:
        (folder / path.name).write_bytes(path.read_bytes())
    count = len(list(folder.iterdir()))
    session = Session.open(tmp_path / "home")
    window = MainWindow(session, look, settings)
    qtbot.addWidget(window)
    window.show()
    answer_quickly()
    recorder = GapRecorder(window)

    window.add_folders([folder])

    jobs = window.widgets.jobs
    qtbot.waitUntil(lambda: "photos tagged" in jobs.message, timeout=240_000)
    assert _judge(recorder, f"{count} photos with the real classifier") < _MOST_MS
    assert "torch" not in sys.modules
    assert session.close()


def test_ten_thousand_photos_are_corrected_at_once_without_a_frozen_frame(
    day_apart: Day, tmp_path: Path
) -> None:
    day, count = day_apart, 10_000
    _fill(day.library, tmp_path, count)
    day.session.search.refresh(Changes(membership=True))
    day.wait_until(lambda: len(day.shown_ids) == count and len(day.counts) == len(CLASSES))
    day.go_to(0)

    def correct(number: int) -> float:
        recorder = GapRecorder(day.window)
        day.press(Qt.Key.Key_A, _CTRL)
        day.press(Qt.Key(Qt.Key.Key_1 + number))
        day.wait_until(lambda: "Ctrl+Z takes it back" in day.widgets.jobs.message)
        day.press(Qt.Key.Key_Z, _CTRL)
        day.wait_until(lambda: "Taken back" in day.widgets.jobs.message)
        return _judge(recorder, f"{count} photos corrected and taken back")

    assert _best_of_tries(correct) < _FREEZE_MS
    assert day.library.history(day.shown_ids[-1])[0].is_undone


def _best_of_tries(attempt: Callable[[int], float], tries: int = 3) -> float:
    """The best of so many tries; the first good one is enough."""
    best = float("inf")
    for number in range(tries):
        best = min(best, attempt(number))
        if best < _MOST_MS:
            break
    return best


def _work_through(day: Day, folder: Path, count: int, before: int = 0) -> float:
    """Find, tag, confirm and write so many photos more; returns the longest gap in ms."""
    _make_photos(folder, count, first=before)
    shown = before + count
    recorder = GapRecorder(day.window)
    wait_ms = 20_000 + 60 * count

    day.window.add_folders([folder])
    day.qtbot.waitUntil(
        lambda: (
            day.is_idle and len(day.shown_ids) == shown and day.library.summary().tagged == shown
        ),
        timeout=wait_ms,
    )
    day.go_to(0)
    day.press(Qt.Key.Key_A, _CTRL)
    day.press(Qt.Key.Key_Return)
    day.qtbot.waitUntil(lambda: not day.session.decisions.is_busy, timeout=wait_ms)
    day.press(Qt.Key.Key_S, _CTRL)
    day.qtbot.waitUntil(
        lambda: "files written" in day.widgets.jobs.message and day.is_idle, timeout=wait_ms
    )
    assert set(day.states(day.shown_ids[-1]).values()) == {TagState.CONFIRMED}

    return _judge(recorder, f"{count} photos")


def _judge(recorder: GapRecorder, what: str) -> float:
    gaps = recorder.stop()
    longest = [f"{gap.own_ms:.0f} ({gap.wall_ms:.0f} by the clock)" for gap in gaps[:5]]
    print(f"{what}, longest gaps in ms: {', '.join(longest)}")
    return gaps[0].own_ms


def _make_photos(folder: Path, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        second = f"{number // 60 % 60:02}:{number % 60:02}"
        save_jpeg(
            folder / f"shoot {number // 500}" / f"IMG_{number:05}.jpg",
            width=300,
            height=200,
            seed=number,
            taken_at=f"2026:06:{1 + number // 500 % 28:02} 12:{second}",
        )


def _fill(library: Library, folder: Path, count: int) -> None:
    """So many photos in the index, none of them on the disk."""
    model = ModelRecord(
        "m", "m", "b", tuple(ClassRecord(name, ("Wedding", name), 0.5) for name in CLASSES)
    )
    model_id = library.register_model(model)
    tag = library.find_tag(CLASSES[4]).id
    place = library.add_folder(folder)
    for start in range(0, count, 2_000):
        library.store_scan(place.id, [_scanned(n) for n in range(start, start + 2_000)])
    while page := library.next_untagged([place.id], 2_000):
        library.store_scores(model_id, [ScoredPhoto(photo.id, {tag: 0.9}) for photo in page])


def _scanned(number: int) -> ScannedPhoto:
    taken = datetime(2026, 6, 1) + timedelta(minutes=number)  # noqa: DTZ001  as cameras write it
    return ScannedPhoto(
        rel_path=f"shoot/IMG_{number:05}.jpg",
        stamp=Stamp(1_000, number),
        content_id=ContentId(f"{number:032x}"),
        capture=Capture(taken_at=taken),
    )
