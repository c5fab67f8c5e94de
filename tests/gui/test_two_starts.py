"""A second start, a crash, and closing at any moment: with real processes."""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtNetwork import QLocalServer
from PySide6.QtWidgets import QPushButton

from tagger.gui.crashes import RunRecord
from tagger.gui.one_window import OneWindow, socket_name
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from tagger.gui.crashes import Crash
    from tests.gui.day import Day

_ROOT = Path(__file__).resolve().parents[2]
_NOW = datetime(2026, 6, 20, 15, 4, tzinfo=UTC)


@contextmanager
def _recorded(home: Path) -> Iterator[Crash | None]:
    """A run that ends as it should; how the one before ended."""
    record = RunRecord(home)
    try:
        yield record.begin(_NOW)
    finally:
        record.end()
        faulthandler.enable(2)


def _start(home: Path, *arguments: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from tagger.gui import main; main()", "--home", home]
    return subprocess.Popen(
        [*map(str, command), *map(str, arguments)],
        cwd=_ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def first(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A window of its own process, with photos to read and to tag."""
    for number in range(40):
        save_jpeg(tmp_path / "photos" / f"{number:03}.jpg", width=900, height=600, seed=number)
    with _start(tmp_path / "home", tmp_path / "photos") as process:
        try:
            yield process
        finally:
            process.kill()


def _wait_for_window(home: Path) -> None:
    """Until the process that was started has its window and its record."""
    deadline = time.monotonic() + 60
    while not (home / "logs" / "running.json").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)  # another process: nothing here could tell of it


def test_a_second_start_shows_the_first_and_closing_takes_no_time(
    first: subprocess.Popen[str], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    _wait_for_window(home)

    with _start(home) as second:
        out, err = second.communicate(timeout=60)
    assert second.returncode == 0, err
    assert "open already" in out
    assert first.poll() is None

    started = time.monotonic()
    first.send_signal(signal.SIGTERM)
    assert first.wait(10) == 0
    assert time.monotonic() - started < 3, "two seconds, and the end of a Python process"
    assert not (home / "logs" / "running.json").exists()


def test_after_a_kill_the_place_is_free_and_the_crash_is_known(
    qtbot: QtBot, first: subprocess.Popen[str], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    _wait_for_window(home)
    first.kill()
    first.wait(10)

    place = OneWindow(home)
    assert place.claim()
    with _recorded(home) as crash:
        assert crash is not None
    assert crash.began_at is not None
    assert crash.log == home / "logs"
    place.release()


def test_two_claims_in_one_library_and_two_libraries(qtbot: QtBot, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    first, second, other = (OneWindow(tmp_path / name) for name in ("a", "a", "b"))

    assert first.claim()
    assert not second.claim()
    assert other.claim()
    first.release()
    assert second.claim()
    second.release()
    other.release()
    assert socket_name(tmp_path / "a") == socket_name(tmp_path / "b" / ".." / "a")


def test_a_socket_that_a_crash_left_is_put_away(qtbot: QtBot, tmp_path: Path) -> None:
    stale = QLocalServer()
    assert stale.listen(socket_name(tmp_path))
    left = Path(stale.fullServerName())
    os.link(left, left.with_suffix(".kept"))
    stale.close()
    left.with_suffix(".kept").rename(left)

    place = OneWindow(tmp_path)
    assert place.claim()
    assert place._server.isListening()
    place.release()


def test_the_first_window_says_why_it_came_to_the_front(day: Day, tmp_path: Path) -> None:
    save_jpeg(tmp_path / "more" / "x.jpg", seed=77)
    day.window.showMinimized()

    day.window.come_to_front([tmp_path / "more"])

    assert "open already" in day.widgets.jobs.message
    assert not day.window.isMinimized()
    day.wait_for_tags(13)


def test_a_crash_is_told_calmly_with_its_reason_and_its_log(day: Day, tmp_path: Path) -> None:
    home = tmp_path / "crashed"
    logs = home / "logs"
    logs.mkdir(parents=True)
    (logs / "running.json").write_text(json.dumps({"began_at": _NOW.isoformat(), "pid": 1}))
    (logs / "crash.log").write_text("Fatal Python error: Segmentation fault\n\nThread 0x1\n")
    with _recorded(home) as crash:
        assert crash is not None

    day.window.tell_crash(crash)

    notice = day.widgets.notice
    assert notice.isVisible()
    assert "Segmentation fault" in notice.text
    assert str(logs) in notice.text
    assert "Thread" in (logs / "crash-before.log").read_text()
    assert [button.text() for button in notice.findChildren(QPushButton)] == ["Show log", "Close"]
    notice.close_button.click()
    assert not notice.isVisible()
    with _recorded(home) as crash:
        assert crash is None


def test_a_record_that_cant_be_read_is_a_crash_without_a_date(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "running.json").write_text("{")

    with _recorded(tmp_path) as crash:
        assert crash is not None
    assert (crash.began_at, crash.reason) == (None, "")
