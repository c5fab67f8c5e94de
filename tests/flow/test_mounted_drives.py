"""A drive that is mounted below a folder of the library goes away and comes back."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tagger.core.cancel import CancelToken
from tagger.core.tag import TagState, Verdict
from tagger.library import DecisionRequest, Library, list_backups
from tagger.services.indexing import ScanResult, scan_library
from tagger.services.workspace import Workspace
from tests.pictures import save_jpeg
from tests.unit.library.shelf import MODEL, NOON, Clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.core.progress import Progress


def report(_: Progress) -> None:
    """Nobody watches."""


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Path]:
    """A RAM disk inside a folder of photos."""
    point = tmp_path / "photos" / "usb"
    point.mkdir(parents=True)
    attach(point)
    yield point
    if os.path.ismount(point):
        detach(point)


def attach(point: Path) -> None:
    if sys.platform != "linux" or os.geteuid():
        pytest.skip("only root of Linux mounts drives")
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "none", os.fspath(point)]
    if subprocess.run(command, check=False).returncode:
        pytest.skip("mounting is not allowed here")


def detach(point: Path) -> None:
    subprocess.run(["umount", "-l", os.fspath(point)], check=True)


def scan(workspace: Workspace) -> ScanResult:
    return scan_library(workspace, CancelToken(), report)


def shown(workspace: Workspace) -> dict[str, list[TagState]]:
    library = workspace.library
    rows = library.photo_rows(library.find(None))
    return {row.path.name: [tag.state for tag in row.tags] for row in rows}


def test_photos_of_an_absent_drive_stay_until_it_is_back(drive: Path, tmp_path: Path) -> None:
    save_jpeg(drive / "wedding" / "on drive.jpg", seed=1)
    save_jpeg(drive.parent / "inside.jpg", seed=2)
    with Workspace.open(tmp_path / "home") as workspace:
        library = workspace.library
        library.register_model(MODEL)
        library.add_folder(drive.parent)
        scan(workspace)
        photo = library.find_photo(drive / "wedding" / "on drive.jpg").id
        library.decide(
            [DecisionRequest(photo, library.find_tag("bride").id, Verdict.CONFIRMED)], label="x"
        )
        expected = {"on drive.jpg": [TagState.CONFIRMED], "inside.jpg": []}

        detach(drive)
        (drive.parent / "inside.jpg").unlink()
        for _ in range(2):
            away = scan(workspace)
            assert away.problems == [f"The drive at {drive} is away; its photos are kept."]
            assert shown(workspace) == {"on drive.jpg": [TagState.CONFIRMED]}

        attach(drive)
        save_jpeg(drive / "wedding" / "on drive.jpg", seed=1)
        save_jpeg(drive.parent / "inside.jpg", seed=2)
        assert scan(workspace).problems == []
        assert shown(workspace) == expected


def test_what_is_deleted_on_a_drive_is_gone(drive: Path, tmp_path: Path) -> None:
    save_jpeg(drive / "a.jpg", seed=1)
    with Workspace.open(tmp_path / "home") as workspace:
        workspace.library.add_folder(drive.parent)
        scan(workspace)
        (drive / "a.jpg").unlink()
        save_jpeg(drive.parent / "inside.jpg", seed=2)

        assert scan(workspace).gone == 1
        assert set(shown(workspace)) == {"inside.jpg"}


def test_photos_that_took_the_drives_place_count(drive: Path, tmp_path: Path) -> None:
    save_jpeg(drive / "a.jpg", seed=1)
    save_jpeg(drive / "b.jpg", seed=2)
    with Workspace.open(tmp_path / "home") as workspace:
        workspace.library.add_folder(drive.parent)
        scan(workspace)
        detach(drive)
        save_jpeg(drive / "a.jpg", seed=1)

        assert scan(workspace).problems == []
        assert set(shown(workspace)) == {"a.jpg"}


def test_a_library_that_is_open_for_days_is_backed_up_each_day(tmp_path: Path) -> None:
    clock = Clock()
    with Library.open(tmp_path / "home", now=clock) as library:
        workspace = Workspace(tmp_path / "home", library)
        scan(workspace)
        assert list_backups(tmp_path / "home") == []
        for _ in range(3):
            clock.now += timedelta(days=1)
            for _ in range(2):
                scan(workspace)
    days = [path.stem[-10:] for path in list_backups(tmp_path / "home")]
    wanted = [NOON + timedelta(days=number) for number in (3, 2, 1)]
    assert days == [f"{day:%Y-%m-%d}" for day in wanted]
