"""Whose temporary files are removed, and whose stay."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from typing import TYPE_CHECKING

from tagger.core.cancel import CancelToken
from tagger.files import claims, remove_leftovers, scan_folder
from tagger.files.names import temporary_name
from tagger.files.temporary import open_temporary

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_HOLD = """
    import sys
    from pathlib import Path

    import pytest
    from tagger.files.temporary import open_temporary

    with open_temporary(Path(sys.argv[1]), 0o600) as file:
        file.write(b"half a photo")
        print(file.path, flush=True)
        sys.stdin.read()
"""


def test_a_file_of_a_living_process_stays_and_goes_with_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", textwrap.dedent(_HOLD), os.fspath(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        held = process.stdout.readline().decode().rstrip("\n")
        assert remove_leftovers(tmp_path) == 0
        assert list(scan_folder(tmp_path, CancelToken())) == []
        assert os.path.exists(held)  # noqa: PTH110
        process.kill()

    assert remove_leftovers(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_this_very_process_stays_even_when_it_is_read(tmp_path: Path) -> None:
    with open_temporary(tmp_path, 0o600) as file:
        file.write(b"new")
        assert file.path.read_bytes() == b"new"  # opens and closes it
        assert remove_leftovers(tmp_path) == 0
        assert file.path.exists()
    assert list(tmp_path.iterdir()) == []


def test_only_files_of_ours_are_removed(tmp_path: Path) -> None:
    (tmp_path / temporary_name()).write_bytes(b"x")
    (tmp_path / ".tagger-notes.tmp").write_bytes(b"x")
    (tmp_path / temporary_name()).mkdir()
    (tmp_path / temporary_name()).symlink_to(tmp_path / ".tagger-notes.tmp")
    (tmp_path / "a.jpg").write_bytes(b"x")

    assert remove_leftovers(tmp_path) == 1
    assert len(list(tmp_path.iterdir())) == 4


def test_a_folder_that_is_away_has_no_leftovers(tmp_path: Path) -> None:
    assert remove_leftovers(tmp_path / "away") == 0


def test_without_locks_only_old_files_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(fd: int) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(claims, "_lock", refuse)
    young, old = tmp_path / temporary_name(), tmp_path / temporary_name()
    young.write_bytes(b"x")
    old.write_bytes(b"x")
    os.utime(old, (1, 1))

    assert remove_leftovers(tmp_path) == 1
    assert young.exists()


def test_making_and_cleaning_at_once_never_takes_a_file_from_its_writer(tmp_path: Path) -> None:
    is_done = threading.Event()

    def clean() -> None:
        while not is_done.is_set():
            remove_leftovers(tmp_path)

    cleaner = threading.Thread(target=clean)
    cleaner.start()
    try:
        for _ in range(300):
            with open_temporary(tmp_path, 0o600) as file:
                file.write(b"x")
                assert file.path.read_bytes() == b"x"
    finally:
        is_done.set()
        cleaner.join()
