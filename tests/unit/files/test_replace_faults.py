"""Every system call of a replacement fails once, and the process dies at each of them once."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
import textwrap
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tagger.core.cancel import CancelToken
from tagger.core.errors import PhotoError
from tagger.files import create_file, read_stamp, remove_leftovers, replace_file, scan_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="counts the calls of Linux")

OLD, NEW = b"old" * 1000, b"newer" * 1000
FILE_CALLS = ("open", "close", "write", "fsync", "stat", "fstat", "lstat", "statvfs")
NAME_CALLS = ("replace", "link", "unlink", "scandir")
ATTRIBUTE_CALLS = ("fchown", "fchmod", "listxattr", "getxattr", "setxattr", "removexattr")
CALLS = FILE_CALLS + NAME_CALLS + ATTRIBUTE_CALLS


class SimulatedCrashError(BaseException):
    """Neither an `Exception` nor an `OSError`, like an interrupt."""


class FaultyCall:
    """Lets the n-th system call fail, as soon as it is active."""

    def __init__(self, number: int, error: BaseException) -> None:
        self.number = number
        self.error = error
        self.name: str | None = None

    def install(self, patch: pytest.MonkeyPatch) -> None:
        for name in CALLS:
            patch.setattr(os, name, self._wrap(name, getattr(os, name)))

    def _wrap(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            self.number -= 1
            if self.number != 0:
                return real(*args, **kwargs)
            self.name = name
            if name == "close":  # Linux closes the file even when it reports an error
                real(*args, **kwargs)
            raise self.error

        return call


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.ENOENT])
def test_a_failing_call_leaves_the_old_photo_or_the_new_one(tmp_path: Path, code: int) -> None:
    photo = tmp_path / "a.jpg"
    failed: list[str] = []
    for number in range(1, 100):
        photo.write_bytes(OLD)
        error = OSError(code, os.strerror(code))
        expected = read_stamp(photo)
        fault = FaultyCall(number, error)
        with pytest.MonkeyPatch.context() as patch:
            fault.install(patch)
            try:
                replace_file(photo, NEW, expected=expected, verify=lambda copy: None)
                outcome = NEW
            except PhotoError:
                outcome = OLD
        if fault.name is None:
            break
        failed.append(fault.name)
        assert photo.read_bytes() == outcome, fault.name
        remove_leftovers(tmp_path) if fault.name == "unlink" else None
        assert os.listdir(tmp_path) == ["a.jpg"], fault.name  # noqa: PTH208
    assert {"open", "write", "fsync", "replace", "fchmod", "fstat", "statvfs"} <= set(failed)
    assert len(failed) < 90


def test_an_interrupt_at_any_call_leaves_the_old_photo_or_the_new_one(tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    for number in range(1, 100):
        photo.write_bytes(OLD)
        expected = read_stamp(photo)
        fault = FaultyCall(number, SimulatedCrashError())
        with pytest.MonkeyPatch.context() as patch:
            fault.install(patch)
            with suppress(SimulatedCrashError):
                replace_file(photo, NEW, expected=expected, verify=lambda copy: None)
        if fault.name is None:
            break
        assert photo.read_bytes() in {OLD, NEW}, fault.name
        remove_leftovers(tmp_path)
        assert os.listdir(tmp_path) == ["a.jpg"], fault.name  # noqa: PTH208
    assert number > 15


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EPERM])
def test_a_failing_call_leaves_a_whole_new_file_or_none(tmp_path: Path, code: int) -> None:
    path = tmp_path / "a.xmp"
    for number in range(1, 100):
        fault = FaultyCall(number, OSError(code, os.strerror(code)))
        with pytest.MonkeyPatch.context() as patch:
            fault.install(patch)
            try:
                create_file(path, NEW)
                exists = True
            except PhotoError:
                exists = False
        remove_leftovers(tmp_path) if fault.name == "unlink" else None
        names = os.listdir(tmp_path)  # noqa: PTH208
        assert names == (["a.xmp"] if exists else []), fault.name
        if exists:
            assert path.read_bytes() == NEW
            path.unlink()
        if fault.name is None:
            break
    assert number > 5


_DIE_AT_EACH_CALL = """
    import os, sys
    from pathlib import Path
    from tagger.files import read_stamp, replace_file

    CALLS, folder = sys.argv[1].split(), Path(sys.argv[2])
    new, number = b"newer" * 1000, 0
    while True:
        number += 1
        photo = folder / str(number) / "a.jpg"
        photo.parent.mkdir()
        photo.write_bytes(b"old" * 1000)
        expected = read_stamp(photo)
        child = os.fork()
        if child == 0:
            left = number
            def mortal(real):
                def call(*args, **kwargs):
                    global left
                    left -= 1
                    if left == 0:
                        os._exit(9)
                    return real(*args, **kwargs)
                return call
            for name in CALLS:
                setattr(os, name, mortal(getattr(os, name)))
            replace_file(photo, new, expected=expected, verify=lambda copy: None)
            os._exit(0)
        if os.waitpid(child, 0)[1] == 0:
            break
    print(number)
"""


def test_a_process_that_dies_at_any_call_leaves_a_whole_photo_and_nothing_else_after_a_scan(
    tmp_path: Path,
) -> None:
    arguments = [textwrap.dedent(_DIE_AT_EACH_CALL), " ".join(CALLS), os.fspath(tmp_path)]
    run = subprocess.run(
        [sys.executable, "-c", *arguments], check=True, capture_output=True, text=True
    )
    left_behind = list(tmp_path.glob("*/.tagger-*"))

    photos = [item.rel_path for item in scan_folder(tmp_path, CancelToken())]

    assert len(photos) == int(run.stdout) > 15
    assert all((tmp_path / photo).read_bytes() in {OLD, NEW} for photo in photos)
    assert len(left_behind) > 5
    assert not any(path.exists() for path in left_behind)


_REPLACE_FOREVER = """
    import sys
    from pathlib import Path
    from tagger.files import read_stamp, replace_file

    photo = Path(sys.argv[1])
    print("ready", flush=True)
    number = 0
    while True:
        number = (number + 1) % 256
        stamp = read_stamp(photo)
        replace_file(photo, bytes([number]) * 300_000, expected=stamp, verify=lambda copy: None)
"""


def kill_at_random_moments(folder: Path, times: int) -> None:
    photo = folder / "a.jpg"
    photo.write_bytes(bytes(300_000))
    rng = random.Random(7)
    for _ in range(times):
        command = [sys.executable, "-c", textwrap.dedent(_REPLACE_FOREVER), os.fspath(photo)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(rng.uniform(0.0, 0.05))
            process.kill()
        content = photo.read_bytes()
        assert len(content) == 300_000
        assert len(set(content)) == 1
        assert [item.rel_path for item in scan_folder(folder, CancelToken())] == ["a.jpg"]
        assert os.listdir(folder) == ["a.jpg"]  # noqa: PTH208


def test_kill_9_leaves_a_whole_photo_and_the_next_scan_nothing_else(tmp_path: Path) -> None:
    kill_at_random_moments(tmp_path, 6)


@pytest.mark.slow
def test_kill_9_leaves_a_whole_photo_a_hundred_times(tmp_path: Path) -> None:
    kill_at_random_moments(tmp_path, 100)
