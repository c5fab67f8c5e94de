"""Watching real folders with real observers; every wait ends as soon as its event comes."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tagger.files import create_file, read_stamp, replace_file
from tagger.files.observers import Armed, WatchMode, open_native, open_polling
from tagger.files.watch import FolderWatcher, WatchLimits
from tagger.files.watched_root import BACK, FOLDER, LOST, REGULAR, STARTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tagger.files.listener import Listener

TIMEOUT_S = 20.0
QUICK = WatchLimits(scan_every_s=0.05, poll_every_s=0.05, check_every_s=0.05, max_pending=50)
CALM = WatchLimits(check_every_s=0.05)


class Recorder:
    """Collects what the watcher tells, and waits for it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.deliveries: list[list[Path]] = []
        self.rescans: list[str] = []
        self.threads: set[int] = set()

    def on_settled(self, root: Path, paths: list[Path]) -> None:
        with self._changed:
            self.threads.add(threading.get_ident())
            self.deliveries.append(paths)
            self._changed.notify_all()

    def on_rescan(self, root: Path, reason: str) -> None:
        with self._changed:
            self.threads.add(threading.get_ident())
            self.rescans.append(reason)
            self._changed.notify_all()

    def settled(self) -> set[Path]:
        return {path for paths in self.deliveries for path in paths}

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, TIMEOUT_S), (self.deliveries, self.rescans)

    def wait_for_paths(self, *paths: Path) -> None:
        self.wait_for(lambda: set(paths) <= self.settled())

    def wait_for_rescan(self, reason: str, times: int = 1) -> None:
        self.wait_for(lambda: self.rescans.count(reason) >= times)


@pytest.fixture
def told() -> Recorder:
    return Recorder()


def watch(
    told: Recorder,
    *roots: Path,
    limits: WatchLimits = CALM,
    rescan_every_s: float = 1000.0,
    arm: Callable[[Listener], Armed] | None = None,
) -> FolderWatcher:
    return FolderWatcher(
        roots,
        told.on_settled,
        told.on_rescan,
        delay_s=0.05,
        rescan_every_s=rescan_every_s,
        limits=limits,
        arm=arm,
    )


@pytest.fixture(params=["native", "polling"])
def arm(request: pytest.FixtureRequest) -> Callable[[Listener], Armed]:
    """The two kinds of observers: what the folder's user sees must be the same."""
    if request.param == "native":
        return open_native
    return lambda listener: open_polling(listener, 0.02)


@pytest.fixture
def watched(told: Recorder, tmp_path: Path, arm: Callable[[Listener], Armed]) -> Iterator[Path]:
    root = tmp_path / "root"
    root.mkdir()
    (root / "was there.jpg").write_bytes(b"x")
    with watch(told, root, arm=arm):
        told.wait_for_rescan(STARTED)
        yield root
    assert not [t for t in threading.enumerate() if t.name.startswith("tagger-")]


def test_a_new_photo_and_a_new_sidecar_are_told_once_settled(watched: Path, told: Recorder) -> None:
    (watched / "a.jpg").write_bytes(b"x")
    (watched / "a.xmp").write_bytes(b"x")
    (watched / "notes.txt").write_bytes(b"x")

    told.wait_for_paths(watched / "a.jpg", watched / "a.xmp")

    assert told.settled() == {watched / "a.jpg", watched / "a.xmp"}
    assert told.rescans == [STARTED]
    assert len(told.threads) == 1
    assert threading.get_ident() not in told.threads


def test_photos_in_new_folders_are_told(watched: Path, told: Recorder) -> None:
    photos = [watched / f"a/{n}/deep/{n}.jpg" for n in range(200)]
    for photo in photos:
        photo.parent.mkdir(parents=True)
        photo.write_bytes(b"x")

    told.wait_for_paths(*photos)


def test_a_changed_photo_is_told(watched: Path, told: Recorder) -> None:
    (watched / "was there.jpg").write_bytes(b"more than before")

    told.wait_for_paths(watched / "was there.jpg")


def test_of_a_moved_photo_both_places_are_told(watched: Path, told: Recorder) -> None:
    (watched / "b").mkdir()
    (watched / "was there.jpg").rename(watched / "b/here.jpg")

    told.wait_for_paths(watched / "was there.jpg", watched / "b/here.jpg")


def test_a_removed_photo_is_told(watched: Path, told: Recorder) -> None:
    (watched / "was there.jpg").unlink()

    told.wait_for_paths(watched / "was there.jpg")


def test_a_folder_moved_away_is_a_rescan(watched: Path, told: Recorder, tmp_path: Path) -> None:
    (watched / "shoot").mkdir()
    (watched / "shoot/a.jpg").write_bytes(b"x")
    told.wait_for_paths(watched / "shoot/a.jpg")

    (watched / "shoot").rename(tmp_path / "elsewhere")

    told.wait_for_rescan(FOLDER)


def test_a_folder_moved_in_is_told(watched: Path, told: Recorder, tmp_path: Path) -> None:
    (tmp_path / "shoot/deep").mkdir(parents=True)
    (tmp_path / "shoot/deep/a.jpg").write_bytes(b"x")

    (tmp_path / "shoot").rename(watched / "shoot")

    told.wait_for_paths(watched / "shoot/deep/a.jpg")


def test_our_own_temporary_files_are_not_told(watched: Path, told: Recorder) -> None:
    photo = watched / "was there.jpg"
    replace_file(photo, b"new", expected=read_stamp(photo), verify=lambda copy: None)
    create_file(watched / "was there.xmp", b"<x/>")

    told.wait_for_paths(photo, watched / "was there.xmp")

    assert told.settled() == {photo, watched / "was there.xmp"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_pipe_named_like_a_photo_is_not_told(watched: Path, told: Recorder) -> None:
    os.mkfifo(watched / "pipe.jpg")
    (watched / "a.jpg").write_bytes(b"x")

    told.wait_for_paths(watched / "a.jpg")

    assert told.settled() == {watched / "a.jpg"}


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux only")
def test_a_name_that_is_not_utf8_is_told(watched: Path, told: Recorder) -> None:
    photo = Path(os.fsdecode(os.fsencode(watched) + b"/caf\xe9.jpg"))
    photo.write_bytes(b"x")

    told.wait_for_paths(photo)


def test_a_folder_that_goes_and_comes_back_is_rescanned_and_watched_again(
    watched: Path, told: Recorder, tmp_path: Path
) -> None:
    watched.rename(tmp_path / "unplugged")
    (tmp_path / "unplugged").rename(watched)
    # Nothing need be told of so short an absence; of a real one it must.
    watched.rename(tmp_path / "unplugged")
    watched.mkdir()
    (watched / "other.jpg").write_bytes(b"x")
    told.wait_for_rescan(BACK)

    (watched / "new.jpg").write_bytes(b"x")

    told.wait_for_paths(watched / "new.jpg")
    assert watched / "was there.jpg" not in told.settled()


def test_paths_are_told_below_the_root_as_it_was_given(told: Recorder, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real")
    with watch(told, link):
        told.wait_for_rescan(STARTED)
        (tmp_path / "real/a.jpg").write_bytes(b"x")
        told.wait_for_paths(link / "a.jpg")

    assert told.settled() == {link / "a.jpg"}


def test_an_absent_folder_is_watched_as_soon_as_it_is_there(told: Recorder, tmp_path: Path) -> None:
    root = tmp_path / "card"
    with watch(told, root, rescan_every_s=0.05, limits=QUICK) as watcher:
        told_away = threading.Event()
        while not watcher.statuses()[0].is_away:
            assert not told_away.wait(0.01)
        assert watcher.statuses()[0].mode is WatchMode.SCANNING
        assert "away" in watcher.statuses()[0].sentence
        root.mkdir()
        told.wait_for_rescan(BACK)
        (root / "a.jpg").write_bytes(b"x")
        told.wait_for_paths(root / "a.jpg")
        assert watcher.statuses()[0].mode is WatchMode.NATIVE

    assert told.rescans[0] == BACK


def test_a_drive_that_goes_takes_nothing_for_deleted(
    told: Recorder, tmp_path: Path, mount_ram: Callable[[Path, str], None]
) -> None:
    mount_ram(tmp_path, "size=1m")
    (tmp_path / "a.jpg").write_bytes(b"x")
    with watch(told, tmp_path):
        told.wait_for_rescan(STARTED)
        subprocess.run(["umount", tmp_path], check=True)
        told.wait_for_rescan(BACK)  # the empty mount point: the scan judges it
        mount_ram(tmp_path, "size=1m")
        told.wait_for_rescan(BACK, times=2)
        (tmp_path / "b.jpg").write_bytes(b"x")
        told.wait_for_paths(tmp_path / "b.jpg")

    assert told.settled() == {tmp_path / "b.jpg"}


def test_the_regular_scan_is_the_safety_net(told: Recorder, tmp_path: Path) -> None:
    with watch(told, tmp_path, rescan_every_s=0.05):
        told.wait_for_rescan(REGULAR, times=2)


def refuse(number: int) -> Callable[[Listener], Armed]:
    def arm(listener: Listener) -> Armed:
        raise OSError(number, os.strerror(number))

    return arm


@pytest.mark.parametrize(
    ("number", "setting"),
    [
        (errno.ENOSPC, "fs.inotify.max_user_watches"),
        (errno.EMFILE, "fs.inotify.max_user_instances"),
    ],
)
def test_without_watches_the_folder_is_scanned_and_the_setting_named(
    told: Recorder, tmp_path: Path, number: int, setting: str
) -> None:
    with watch(told, tmp_path, limits=QUICK, arm=refuse(number)) as watcher:
        told.wait_for_rescan(STARTED)
        told.wait_for_rescan(REGULAR, times=2)
        [status] = watcher.statuses()

    assert status.mode is WatchMode.SCANNING
    assert setting in status.sentence


def test_another_error_is_told_in_its_own_words(told: Recorder, tmp_path: Path) -> None:
    with watch(told, tmp_path, limits=QUICK, arm=refuse(errno.EACCES)) as watcher:
        told.wait_for_rescan(REGULAR)
        [status] = watcher.statuses()

    assert status.mode is WatchMode.SCANNING
    assert "can't be watched" in status.sentence
    assert "sysctl" not in status.sentence


_FEW_WATCHES = """
    import sys
    from pathlib import Path
    from threading import Event

    from tagger.files.watch import FolderWatcher, WatchLimits

    Path("/proc/sys/user/max_inotify_watches").write_text("6")
    again = Event()

    def on_rescan(root, reason):
        if "regular" in reason:
            again.set()

    limits = WatchLimits(scan_every_s=0.05)
    with FolderWatcher([Path(sys.argv[1])], print, on_rescan, limits=limits) as watcher:
        assert again.wait(20)
        print(watcher.statuses()[0].mode, watcher.statuses()[0].sentence)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="inotify")
def test_a_real_shortage_of_watches_among_subfolders_is_noticed(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / str(number)).mkdir()
    # A user namespace has limits of its own, see namespaces(7).
    command = ["unshare", "--user", "--map-root-user", sys.executable, "-c"]
    if subprocess.run([*command, "pass"], check=False, capture_output=True).returncode:
        pytest.skip("user namespaces are not allowed here")

    run = subprocess.run(
        [*command, textwrap.dedent(_FEW_WATCHES), os.fspath(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("scanning This folder has more subfolders")
    assert "fs.inotify.max_user_watches" in run.stdout


class OwnObserver:
    """An observer that tells what the test says."""

    def __init__(self) -> None:
        self.listener: Listener | None = None
        self.is_closed = threading.Event()

    def arm(self, listener: Listener) -> Armed:
        self.listener = listener
        return Armed(WatchMode.NATIVE, self.is_closed.set)


def test_lost_events_are_one_rescan(told: Recorder, tmp_path: Path) -> None:
    observer = OwnObserver()
    with watch(told, tmp_path, arm=observer.arm):
        told.wait_for_rescan(STARTED)
        assert observer.listener is not None
        for _ in range(5):
            observer.listener.lose()
        told.wait_for_rescan(LOST)

    assert told.rescans == [STARTED, LOST]
    assert observer.is_closed.is_set()


def test_too_many_files_at_once_are_one_rescan(told: Recorder, tmp_path: Path) -> None:
    limits = WatchLimits(max_pending=50)
    with watch(told, tmp_path, limits=limits):
        told.wait_for_rescan(STARTED)
        for number in range(500):
            (tmp_path / f"{number}.jpg").touch()  # empty: none of them settles soon
        told.wait_for_rescan(LOST)

    assert told.settled() == set()


@pytest.mark.skipif(sys.platform != "linux", reason="inotify")
def test_a_real_overflow_of_the_kernels_queue_is_one_rescan(
    told: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watchdog.observers.inotify_c import InotifyFD

    capacity = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if capacity > 50_000:
        pytest.skip("the queue of this machine is very long")
    notes = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for note in notes:
        note.touch()
    may_read, real = threading.Event(), InotifyFD.read_events
    may_read.set()

    def read_late(self: InotifyFD) -> object:
        events = real(self)
        assert may_read.wait(TIMEOUT_S)
        return events

    monkeypatch.setattr(InotifyFD, "read_events", read_late)
    with watch(told, tmp_path):
        told.wait_for_rescan(STARTED)
        may_read.clear()
        # Twice, for one read takes thousands out. Equal events in a row would count as one.
        for number in range(2 * capacity):
            notes[number % 2].chmod(0o600)
        may_read.set()
        told.wait_for_rescan(LOST)
        (tmp_path / "a.jpg").write_bytes(b"x")
        told.wait_for_paths(tmp_path / "a.jpg")

    assert told.rescans == [STARTED, LOST]


def test_network_drives_are_polled(
    told: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tagger.files.watch.is_network_drive", lambda folder: True)
    with watch(told, tmp_path, limits=QUICK) as watcher:
        told.wait_for_rescan(STARTED)
        [status] = watcher.statuses()

    assert status.mode is WatchMode.POLLING
    assert "network drive" in status.sentence


def test_polling_survives_links_in_a_circle(told: Recorder, tmp_path: Path) -> None:
    for name in ["a", "b"]:
        (tmp_path / name).mkdir()
        for loop in ["1", "2", "3"]:
            (tmp_path / name / loop).symlink_to(tmp_path)
    with watch(told, tmp_path, arm=lambda listener: open_polling(listener, 0.02)):
        told.wait_for_rescan(STARTED)
        (tmp_path / "b/a.jpg").write_bytes(b"x")
        told.wait_for_paths(tmp_path / "b/a.jpg")


def test_a_failing_receiver_does_not_end_the_watching(
    told: Recorder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail_first(root: Path, paths: list[Path]) -> None:
        told.on_settled(root, paths)
        raise RuntimeError("a mistake elsewhere")

    watcher = FolderWatcher([tmp_path], fail_first, told.on_rescan, delay_s=0.02, limits=CALM)
    with watcher:
        told.wait_for_rescan(STARTED)
        for name in ["a.jpg", "b.jpg"]:
            (tmp_path / name).write_bytes(b"x")
            told.wait_for_paths(tmp_path / name)

    assert "a mistake elsewhere" in caplog.text


def test_several_folders_each_get_what_is_theirs(told: Recorder, tmp_path: Path) -> None:
    roots = [tmp_path / name for name in ["a", "b", "away"]]
    for root in roots[:2]:
        root.mkdir()
    with watch(told, *roots):
        told.wait_for_rescan(STARTED, times=2)
        for root in roots[:2]:
            (root / "x.jpg").write_bytes(b"x")
        told.wait_for_paths(roots[0] / "x.jpg", roots[1] / "x.jpg")


def test_an_observer_that_is_ready_only_after_the_end_is_closed(
    told: Recorder, tmp_path: Path
) -> None:
    is_armed, may_end = threading.Event(), threading.Event()
    observer = OwnObserver()

    def hang(listener: Listener) -> Armed:
        is_armed.set()
        assert may_end.wait(TIMEOUT_S)
        return observer.arm(listener)

    watcher = watch(told, tmp_path, arm=hang)
    watcher.start()
    assert is_armed.wait(TIMEOUT_S)
    stopper = threading.Thread(target=watcher.stop)
    stopper.start()
    stopper.join(0.05)
    may_end.set()
    stopper.join(TIMEOUT_S)

    assert observer.is_closed.wait(TIMEOUT_S)
    assert told.rescans == []


def test_stopping_from_a_receiver_and_twice_is_allowed(told: Recorder, tmp_path: Path) -> None:
    stopped = threading.Event()

    def on_rescan(root: Path, reason: str) -> None:
        watcher.stop()
        stopped.set()

    watcher = FolderWatcher([tmp_path], told.on_settled, on_rescan)
    watcher.start()
    assert stopped.wait(TIMEOUT_S)
    watcher.stop()
