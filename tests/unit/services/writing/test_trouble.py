"""What keeps a photo from being written: each with its state and one sentence, and no harm."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import WriteFailedError
from tagger.core.photo import FileState
from tagger.services.writing.placing import place_change
from tests.pictures import save_jpeg
from tests.unit.files.conftest import mount_ram
from tests.unit.services.writing.desk import Desk, keywords

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["mount_ram"]
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="uses what only Linux has")


def assert_refused(desk: Desk, photo: Path, state: FileState, sentence: str) -> None:
    before = photo.read_bytes()
    names = sorted(os.listdir(photo.parent))  # noqa: PTH208 - as strings

    result = desk.write()

    assert [(path, sentence in reason) for path, reason in result.failed] == [(photo, True)]
    row = desk.row(photo)
    assert row.file_state is state
    assert row.write_error is not None
    assert row.write_error.endswith(".")
    assert photo.read_bytes() == before
    assert sorted(os.listdir(photo.parent)) == names  # noqa: PTH208 - as strings
    assert desk.pending() == 1
    assert desk.workspace.library.planned_lines() == []
    assert result.run is None or desk.workspace.library.run_lines(result.run) == []


def assert_written(desk: Desk, photo: Path) -> None:
    assert desk.write().failed == []
    assert keywords(photo) == {"Wedding|Bride"}
    assert desk.row(photo).file_state is FileState.IN_STEP


def test_a_locked_file_waits_for_its_owner(desk: Desk, photo: Path) -> None:
    desk.confirm(photo)
    photo.chmod(0o444)

    assert_refused(desk, photo, FileState.READ_ONLY, "write-protected; unlock it")

    photo.chmod(0o644)
    assert_written(desk, photo)


@needs_linux
@pytest.mark.parametrize("flag", ["i", "a"])
def test_a_file_that_the_system_protects_waits(desk: Desk, photo: Path, flag: str) -> None:
    desk.confirm(photo)
    if subprocess.run(["chattr", f"+{flag}", photo], check=False, capture_output=True).returncode:
        pytest.skip("chattr does not work here")
    try:
        assert_refused(desk, photo, FileState.READ_ONLY, "")
    finally:
        subprocess.run(["chattr", f"-{flag}", photo], check=True)
    assert_written(desk, photo)


def test_a_write_protected_drive_waits(desk: Desk, mount_ram: Callable[[Path, str], None]) -> None:
    mount_ram(desk.folder, "size=1m")
    photo = save_jpeg(desk.folder / "a.jpg", width=32, height=24)
    desk.scan()
    desk.confirm(photo)
    mount_ram(desk.folder, "remount,ro")

    assert_refused(desk, photo, FileState.READ_ONLY, "The drive is write-protected")

    mount_ram(desk.folder, "remount,rw")
    assert_written(desk, photo)


def test_a_full_disk_is_named(desk: Desk, mount_ram: Callable[[Path, str], None]) -> None:
    mount_ram(desk.folder, "size=64k")
    photo = save_jpeg(desk.folder / "a.jpg", width=32, height=24)
    filling = desk.folder / "filling.bin"
    desk.scan()
    desk.confirm(photo)
    with pytest.raises(OSError, match="No space"):
        filling.write_bytes(bytes(1 << 17))

    assert_refused(desk, photo, FileState.FAILED, "The disk is full; free some space")

    filling.unlink()
    assert_written(desk, photo)


def test_a_drive_that_is_away_is_waited_for(desk: Desk, photo: Path, tmp_path: Path) -> None:
    desk.confirm(photo)
    desk.folder.rename(tmp_path / "unplugged")
    desk.folder.mkdir()

    result = desk.write()

    assert (result.written, result.failed) == (0, [])
    row = desk.row(photo)
    assert row.file_state is FileState.OFFLINE
    assert row.write_error is not None
    desk.folder.rmdir()
    (tmp_path / "unplugged").rename(desk.folder)
    desk.scan()
    assert desk.row(photo).file_state is FileState.PENDING
    assert_written(desk, photo)


def test_a_drive_that_goes_away_in_the_middle_is_waited_for(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = [save_jpeg(desk.folder / f"{n:02}.jpg", width=16, height=8, seed=n) for n in range(70)]
    desk.scan()
    for photo in photos:
        desk.confirm(photo)

    def unplug(*_: object, **options: bool) -> None:
        if desk.folder.exists():
            desk.folder.rename(tmp_path / "unplugged")
        message = "The file or its folder is no longer there; scan the folder again."
        raise WriteFailedError(message)

    with monkeypatch.context() as patch:
        patch.setattr("tagger.services.writing.jobs.place_change", unplug)
        result = desk.write()

    assert result.written == 0
    assert 0 < len(result.failed) <= 64  # two batches may be on their way
    assert desk.pending() == 70
    assert desk.row(photos[0]).file_state is FileState.OFFLINE
    (tmp_path / "unplugged").rename(desk.folder)
    assert desk.write().written == 70
    assert desk.workspace.library.planned_lines() == []


_HOLD = """
    import fcntl, sys
    with open(sys.argv[1], "r+b") as file:
        getattr(fcntl, sys.argv[2])(file, fcntl.LOCK_EX)
        print("held", flush=True)
        sys.stdin.readline()
"""


@pytest.fixture
def hold(photo: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Lets another program lock the photo until a line is sent to it."""
    started: list[subprocess.Popen[str]] = []

    def start(kind: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", textwrap.dedent(_HOLD), os.fspath(photo), kind]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in started:
        process.communicate("\n")


@needs_linux
@pytest.mark.parametrize("kind", ["flock", "lockf"])
def test_a_lock_of_another_program_is_waited_for(
    desk: Desk, photo: Path, hold: Callable[[str], subprocess.Popen[str]], kind: str
) -> None:
    desk.confirm(photo)
    holder = hold(kind)

    assert_refused(desk, photo, FileState.FAILED, "Another program holds the file")
    assert desk.waits == [0.05, 0.1, 0.2, 0.4, 0.8]

    def let_go(_: float) -> None:
        assert holder.stdin is not None
        holder.stdin.write("\n")
        holder.stdin.flush()
        holder.wait(30)

    desk.waits = _Calling(let_go)
    assert_written(desk, photo)


class _Calling(list[float]):
    """A list of waits that lets something happen at each."""

    def __init__(self, call: Callable[[float], None]) -> None:
        super().__init__()
        self._call = call

    def append(self, seconds: float) -> None:
        super().append(seconds)
        self._call(seconds)


def test_a_name_that_is_too_long_for_a_sidecar_is_named(desk: Desk, photos_dir: Path) -> None:
    photo = desk.folder / ("x" * 250 + ".arw")
    shutil.copyfile(photos_dir / "valid/raw/sample.arw", photo)
    rival = desk.folder / ("x" * 250 + ".cr2")  # so that the sidecar needs the full name
    shutil.copyfile(photo, rival)
    desk.scan()
    desk.confirm(photo)

    result = desk.write()

    assert {path for path, _ in result.failed} <= {photo, rival}
    assert result.failed
    assert all("The name is too long" in reason for _, reason in result.failed)
    assert desk.row(photo).file_state is FileState.FAILED
    assert sorted(desk.folder.iterdir()) == sorted([photo, rival])


@needs_linux
def test_a_name_that_is_not_utf8_is_written_and_taken_back(desk: Desk) -> None:
    plain = save_jpeg(desk.folder / "plain.jpg", width=32, height=24)
    before = plain.read_bytes()
    photo = desk.folder / os.fsdecode(b"caf\xe9 \xff.jpg")
    try:
        plain.rename(photo)
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    desk.scan()
    desk.confirm(photo)

    run = desk.write().run

    assert keywords(photo) == {"Wedding|Bride"}
    assert desk.undo_run(run).restored == 1
    assert photo.read_bytes() == before


def test_stopping_ends_after_the_photo_in_work(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from tagger.core.cancel import CancelToken
    from tagger.core.errors import CancelledError
    from tagger.services.writing.running import write_pending

    photos = [save_jpeg(desk.folder / f"{n:02}.jpg", width=16, height=8, seed=n) for n in range(30)]
    desk.scan()
    for photo in photos:
        desk.confirm(photo)
    cancel = CancelToken()

    def place_and_stop(*args: object, **options: bool) -> None:
        cancel.cancel()
        place_change(*args, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("tagger.services.writing.jobs.place_change", place_and_stop)
        with pytest.raises(CancelledError):
            write_pending(desk.workspace, cancel, lambda _: None)

    written = [photo for photo in photos if keywords(photo)]
    assert 1 <= len(written) <= 8
    assert desk.pending() == 30 - len(written)
    assert desk.workspace.library.planned_lines() == []
    assert desk.write().written == 30 - len(written)
