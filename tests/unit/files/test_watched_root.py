"""What is told of one folder, and when: a real folder, a clock made of numbers."""

from __future__ import annotations

import os
import sys
import time
from threading import Event
from typing import TYPE_CHECKING

import pytest

from tagger.files.mailbox import Mailbox
from tagger.files.observation import Observation
from tagger.files.observers import Armed, WatchMode
from tagger.files.watched_root import BACK, FOLDER, LOST, REGULAR, STARTED, Pace, WatchedRoot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.files.listener import Listener

PACE = Pace(delay_s=2.0, rescan_every_s=300.0, scan_every_s=60.0, check_every_s=5.0)
AT_ONCE_S = 20.0


class Stage:
    """A watched folder whose observer and clock are the test's."""

    def __init__(self, root: Path) -> None:
        self.listeners: list[Listener] = []
        self.closed = 0
        box = Mailbox(Event(), capacity=5)
        self.observation = Observation(root, box, self._arm, scan_every_s=60.0)
        self.watched = WatchedRoot(root, box, self.observation, PACE, capacity=5)

    def _arm(self, listener: Listener) -> Armed:
        self.listeners.append(listener)
        return Armed(WatchMode.NATIVE, self._close)

    def _close(self) -> None:
        self.closed += 1

    def step(self, now_s: float) -> tuple[list[str], str | None]:
        delivery = self.watched.step(now_s)
        return [path.name for path in delivery.paths], delivery.rescan_reason

    def wait_until_armed(self) -> None:
        for thread in self.observation._threads:
            thread.join(AT_ONCE_S)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(b"x")
    return folder


@pytest.fixture
def stage(root: Path) -> Iterator[Stage]:
    """Armed at second 0, with its first rescan told."""
    stage = Stage(root)
    assert stage.step(0.0) == ([], None)
    stage.wait_until_armed()
    assert stage.step(0.0) == ([], STARTED)
    yield stage
    stage.observation.close(time.monotonic() + AT_ONCE_S)


def test_a_file_is_told_when_it_has_settled(stage: Stage) -> None:
    stage.listeners[0].touch("a.jpg")

    assert stage.step(1.0) == ([], None)
    assert stage.watched.next_step_s() == 3.0
    assert stage.step(2.9) == ([], None)
    assert stage.step(3.0) == (["a.jpg"], None)


def test_a_file_that_grew_unnoticed_waits_on(stage: Stage, root: Path) -> None:
    stage.listeners[0].touch("a.jpg")
    stage.step(1.0)
    (root / "a.jpg").write_bytes(b"more")

    assert stage.step(3.0) == ([], None)
    assert stage.step(5.0) == (["a.jpg"], None)


def test_files_of_a_drive_that_has_just_gone_are_not_told(
    stage: Stage, root: Path, tmp_path: Path
) -> None:
    stage.listeners[0].touch("a.jpg")
    stage.step(1.0)
    root.rename(tmp_path / "unplugged")
    stage.listeners[0].touch("b.jpg")

    assert stage.step(3.0) == ([], None)  # before the regular look at the drive, at 5
    assert stage.observation.status.is_away
    stage.listeners[0].touch("a.jpg")
    assert stage.step(100.0) == ([], None)
    assert stage.step(1000.0) == ([], None)

    (tmp_path / "unplugged").rename(root)
    assert stage.step(1005.0) == ([], None)
    stage.wait_until_armed()
    assert stage.step(1005.0) == ([], BACK)
    assert not stage.observation.status.is_away


def test_the_observer_of_another_drive_is_not_listened_to(
    stage: Stage, root: Path, tmp_path: Path
) -> None:
    old = stage.listeners[0]
    old.touch("a.jpg")
    root.rename(tmp_path / "unplugged")
    root.mkdir()  # the empty mount point
    old.touch("a.jpg")

    assert stage.step(5.0) == ([], None)
    old.touch("a.jpg")
    old.lose()
    old.fail(OSError(28, "no watches"))
    stage.wait_until_armed()
    assert stage.step(5.0) == ([], BACK)
    assert stage.step(10.0) == ([], None)
    assert stage.observation.status.mode is WatchMode.NATIVE
    assert len(stage.listeners) == 2


def test_a_folder_that_its_observer_misses_is_looked_for_at_once(
    stage: Stage, root: Path, tmp_path: Path
) -> None:
    root.rename(tmp_path / "unplugged")
    stage.listeners[0].check()

    stage.step(0.1)

    assert stage.observation.status.is_away


def test_many_lost_folders_are_one_rescan_a_little_later(stage: Stage) -> None:
    stage.listeners[0].lose_folder()
    assert stage.step(1.0) == ([], None)
    stage.listeners[0].lose_folder()
    assert stage.step(2.0) == ([], None)

    assert stage.step(3.0) == ([], FOLDER)
    assert stage.step(4.0) == ([], None)


def test_too_many_waiting_files_are_one_rescan(stage: Stage) -> None:
    for number in range(4):
        stage.listeners[0].touch(f"{number}.jpg")
    stage.step(1.0)
    for number in range(4, 8):
        stage.listeners[0].touch(f"{number}.jpg")
    stage.step(1.5)

    assert stage.step(3.5) == ([], LOST)
    assert stage.step(9.0) == ([], None)


def test_too_many_names_at_once_are_one_rescan(stage: Stage) -> None:
    for number in range(100):
        stage.listeners[0].touch(f"{number}.jpg")
    stage.step(1.0)

    assert stage.step(3.0) == ([], LOST)


def test_the_regular_scan_comes_as_often_as_the_mode_needs(stage: Stage) -> None:
    assert stage.step(299.0) == ([], None)
    assert stage.step(300.0) == ([], REGULAR)

    stage.listeners[0].fail(OSError(28, "no watches"))
    assert stage.step(301.0) == ([], STARTED)
    assert stage.observation.status.mode is WatchMode.SCANNING
    assert stage.step(360.0) == ([], None)
    assert stage.step(361.0) == ([], REGULAR)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_waiting_photo_that_becomes_a_pipe_is_forgotten(stage: Stage, root: Path) -> None:
    stage.listeners[0].touch("a.jpg")
    stage.step(1.0)
    (root / "a.jpg").unlink()
    os.mkfifo(root / "a.jpg")

    assert stage.step(3.0) == ([], None)
    assert stage.watched.next_step_s() > 3.0


def test_every_observer_is_closed_once(stage: Stage, root: Path, tmp_path: Path) -> None:
    root.rename(tmp_path / "unplugged")
    stage.step(5.0)
    (tmp_path / "unplugged").rename(root)
    stage.step(10.0)
    stage.wait_until_armed()  # at work, and not yet heard of

    stage.observation.close(time.monotonic() + AT_ONCE_S)

    assert len(stage.listeners) == stage.closed == 2
