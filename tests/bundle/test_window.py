"""The window, watched from outside: by its processes, its screen, and what its library holds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from tests.screen import open_screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.bundle.conftest import Bundle
    from tests.screen import Screen

pytestmark = [
    pytest.mark.bundle,
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform != "linux", reason="watched through /proc and X11"),
]

_PATIENCE_S = 300
_LOOK_S = 0.1
_ORPHANS_S = 10
"""Python's own helper ends when it notices that nobody is left to help."""

_START_S = 3.0
_SEARCH_S = 2.0
"""More than a search takes; from outside nothing tells when it is done."""

T = TypeVar("T")


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    with open_screen() as screen:
        yield screen


def wait_for(process: subprocess.Popen[bytes], look: Callable[[], T]) -> T:
    """Look again and again until there is something to see, while the process lives."""
    deadline = time.monotonic() + _PATIENCE_S
    while not (seen := look()):
        assert time.monotonic() < deadline, "it took too long"
        with suppress(subprocess.TimeoutExpired):
            pytest.fail(f"the window is gone with exit code {process.wait(_LOOK_S)}")
    return seen


def has_loaded(pid: int, library: str) -> bool:
    """Whether a process has a library in its memory."""
    with suppress(OSError):
        return library in Path(f"/proc/{pid}/maps").read_text()
    return False


def seconds_worked(pid: int) -> float:
    """What a process has computed so far, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The processes that any thread of a process has started."""
    found: list[int] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, listed.read_text().split())
    return found


def leave(bundle: Bundle, process: subprocess.Popen[bytes]) -> None:
    """Close it as the desktop does at the end of a session; nothing may be left over."""
    workers = children(process.pid)
    process.send_signal(signal.SIGTERM)
    assert process.wait(_PATIENCE_S) == 0
    assert not (bundle.home / "logs" / "running.json").exists()
    assert (bundle.home / "logs" / "crash.log").read_bytes() == b""
    deadline = time.monotonic() + _ORPHANS_S
    while left := [pid for pid in workers if Path(f"/proc/{pid}/exe").exists()]:
        assert time.monotonic() < deadline, f"{left} outlived the window"
        time.sleep(_LOOK_S)


@contextmanager
def running(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that doesn't outlive a test that fails."""
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def opened(bundle: Bundle, photos: Path, screen: Screen) -> Iterator[subprocess.Popen[bytes]]:
    """A window that was told to take twelve photos in."""
    with running(bundle.open_window(photos, DISPLAY=screen.display)) as process:
        yield process


def test_the_window_is_there_before_torch_is(
    bundle: Bundle, screen: Screen, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twice: the first start reads everything from the disk, the second is what a person waits.

    On a machine that does other work as well they are only told.
    """
    for start in ("cold", "warm"):
        began = time.monotonic()
        with running(bundle.open_window(DISPLAY=screen.display)) as process:
            wait_for(process, lambda: screen.find_window(process))
            waited_s, worked_s = time.monotonic() - began, seconds_worked(process.pid)
            with capsys.disabled():
                print(
                    f"\n{start} start to the first window: {waited_s:.1f} s, {worked_s:.1f} s of "
                    f"them worked, on a machine with {os.getloadavg()[0]:.1f} processes at work"
                )
            is_busy = os.getloadavg()[0] > (os.cpu_count() or 1)
            assert is_busy or waited_s < _START_S
            assert has_loaded(process.pid, "libQt6Widgets")
            assert not has_loaded(process.pid, "libtorch")
            leave(bundle, process)


def test_it_tags_behind_the_window(bundle: Bundle, opened: subprocess.Popen[bytes]) -> None:
    def find_worker() -> int | None:
        return next((pid for pid in children(opened.pid) if has_loaded(pid, "libtorch_cpu")), None)

    worker = wait_for(opened, find_worker)
    wait_for(opened, lambda: bundle("status", "--json").json["tagged"] == 12)

    assert Path(f"/proc/{worker}/exe").resolve() == bundle.window.resolve()
    assert not has_loaded(opened.pid, "libtorch")
    leave(bundle, opened)


def test_a_day_by_keyboard(
    bundle: Bundle, photos: Path, screen: Screen, opened: subprocess.Popen[bytes]
) -> None:
    """Tagged, filtered, decided, written and exported without a word on the command line."""

    def find(query: str) -> list[str]:
        return [row["path"] for row in bundle("find", query, "--json").json]

    window = wait_for(opened, lambda: screen.find_window(opened))
    wait_for(opened, lambda: bundle("status", "--json").json["tagged"] == 12)

    screen.press(window, "ctrl+f")
    screen.type("IMG_03")
    screen.press(window, "Return")
    with suppress(subprocess.TimeoutExpired):
        opened.wait(_SEARCH_S)
    screen.press(window, "ctrl+a", "1")
    decided = wait_for(opened, lambda: find("state:confirmed"))
    assert decided == [str(photos / "IMG_03.jpg")]

    screen.press(window, "ctrl+s")
    wait_for(opened, lambda: b"Wedding|" in (photos / "IMG_03.jpg").read_bytes())

    screen.press(window, "ctrl+e")
    dialog = wait_for(opened, lambda: screen.find_window(opened, "Export"))
    screen.press(dialog, "Return")
    pictures = Path(bundle.environment["HOME"]) / "Pictures"
    wait_for(opened, lambda: list(pictures.rglob("*.jpg")))
    leave(bundle, opened)


def test_it_needs_no_screen(bundle: Bundle) -> None:
    """Qt's offscreen platform comes along, for tests of those who change the program."""
    with running(bundle.open_window(QT_QPA_PLATFORM="offscreen")) as process:
        wait_for(process, (bundle.home / "logs" / "running.json").exists)
        wait_for(process, lambda: has_loaded(process.pid, "libqoffscreen"))
        leave(bundle, process)
