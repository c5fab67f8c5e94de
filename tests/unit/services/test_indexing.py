"""From files on a disk that does not hold still to rows that keep what people decided."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tagger.core.cancel import CancelToken
from tagger.core.tag import TagState, Verdict
from tagger.library import DecisionRequest
from tagger.services import photo_reading
from tagger.services.indexing import index_paths, scan_library
from tagger.services.workspace import Workspace
from tests.pictures import save_jpeg
from tests.unit.library.shelf import MODEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.core.photo import ScannedPhoto
    from tagger.core.progress import Progress
    from tagger.files import FoundFile
    from tagger.services.indexing import ScanResult
    from tagger.services.neighbours import Neighbours

CONFIRMED = {"bride": TagState.CONFIRMED}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "home") as workspace:
        workspace.library.register_model(MODEL)
        yield workspace


@pytest.fixture
def folder(tmp_path: Path, workspace: Workspace) -> Path:
    """A folder of the library."""
    folder = tmp_path / "photos"
    folder.mkdir()
    workspace.library.add_folder(folder)
    return folder


def scan(workspace: Workspace) -> ScanResult:
    return scan_library(workspace, CancelToken(), lambda _: None)


def confirm(workspace: Workspace, path: Path) -> None:
    library = workspace.library
    photo, tag = library.find_photo(path), library.find_tag("bride")
    library.decide([DecisionRequest(photo.id, tag.id, Verdict.CONFIRMED)], label="bride")


def shown(workspace: Workspace, folder: Path) -> dict[str, dict[str, TagState]]:
    """Relative path to class and state of all photos that are found."""
    library = workspace.library
    return {
        row.path.relative_to(folder).as_posix(): {tag.name: tag.state for tag in row.tags}
        for row in library.photo_rows(library.find(None))
    }


def test_a_drive_that_goes_away_while_new_photos_are_read(
    workspace: Workspace, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its photos have not failed, so they are read like any others when it is back."""
    for number in range(3):
        save_jpeg(folder / f"{number}.jpg", seed=number)
    read_photo, away = photo_reading.read_photo, tmp_path / "away"

    def unplug(path: Path, found: FoundFile, neighbours: Neighbours) -> ScannedPhoto:
        if found.rel_path == "0.jpg":
            folder.rename(away)
        return read_photo(path, found, neighbours)

    with monkeypatch.context() as patch:
        patch.setattr(photo_reading, "read_photo", unplug)
        patch.setattr(photo_reading, "core_count", lambda: 1)
        assert scan(workspace).stored == 0
    assert workspace.library.failures() == []

    away.rename(folder)
    scan(workspace)
    assert workspace.library.failures() == []
    assert set(shown(workspace, folder)) == {"0.jpg", "1.jpg", "2.jpg"}


def test_a_file_that_is_empty_for_a_moment_keeps_its_decisions(
    workspace: Workspace, folder: Path
) -> None:
    """Programs empty a file before they fill it anew; another empty file is not the same photo."""
    photo, other = save_jpeg(folder / "a.jpg"), folder / "other.jpg"
    other.touch()
    scan(workspace)
    confirm(workspace, photo)
    other.unlink()
    scan(workspace)

    photo.write_bytes(b"")
    scan(workspace)
    assert workspace.library.failures() == [(photo, "The file is empty.")]

    save_jpeg(photo, seed=1)
    scan(workspace)
    assert shown(workspace, folder) == {"a.jpg": CONFIRMED}


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX links")
def test_a_photo_that_cannot_be_looked_at_is_not_taken_for_deleted(
    workspace: Workspace, folder: Path
) -> None:
    """A polled network drive tells of a folder that it can't list as if its files were deleted."""
    photo = save_jpeg(folder / "a" / "1.jpg")
    scan(workspace)
    photo.parent.rename(folder / "b")
    photo.parent.symlink_to("a")  # the system refuses to look below: too many links

    [known] = workspace.library.folders()
    index_paths(workspace, known, [photo], CancelToken())

    assert set(shown(workspace, folder)) == {"a/1.jpg"}


def test_what_is_told_of_a_drive_that_was_just_taken_away(
    workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A drive below the folder is ejected right after another program wrote to it."""
    photo = save_jpeg(folder / "usb" / "1.jpg")
    [known] = workspace.library.folders()
    with monkeypatch.context() as patch:
        patch.setattr("os.path.ismount", lambda path: Path(path).name == "usb")
        scan(workspace)
    photo.unlink()

    index_paths(workspace, known, [photo], CancelToken())

    assert set(shown(workspace, folder)) == {"usb/1.jpg"}


def test_a_drive_below_the_folder_that_goes_away_while_it_is_looked_through(
    workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The photos that the scan did not come to are on the drive still, and stay when it is away."""
    names = {f"usb/{number}/1.jpg" for number in range(3)}
    for name in names:
        save_jpeg(folder / name, seed=int(name[4]))
    mounted = ["usb"]
    monkeypatch.setattr("os.path.ismount", lambda path: Path(path).name in mounted)
    scan(workspace)

    def unplug(_: Progress) -> None:
        """With the first photo that is seen."""
        if mounted:
            mounted.clear()
            shutil.rmtree(folder / "usb")
            (folder / "usb").mkdir()

    scan_library(workspace, CancelToken(), unplug)
    assert set(shown(workspace, folder)) == names
    scan(workspace)
    assert set(shown(workspace, folder)) == names


def test_a_sidecar_that_is_as_it_was_read_has_no_photo_read_again(
    workspace: Workspace, folder: Path
) -> None:
    """The watcher tells of the sidecars that this program writes, too."""
    photo, sidecar = save_jpeg(folder / "1.jpg"), folder / "1.jpg.xmp"
    sidecar.write_text("<x/>")
    scan(workspace)
    [known] = workspace.library.folders()

    assert not index_paths(workspace, known, [sidecar], CancelToken())
    sidecar.write_text("<xy/>")
    changes = index_paths(workspace, known, [sidecar], CancelToken())
    assert changes.photo_ids == {workspace.library.find_photo(photo).id}


def test_a_photo_and_its_sidecar_that_arrive_together(workspace: Workspace, folder: Path) -> None:
    photo, sidecar = folder / "1.jpg", folder / "1.xmp"
    photo.touch()
    scan(workspace)
    [known] = workspace.library.folders()
    save_jpeg(photo)
    sidecar.write_text("<x/>")

    index_paths(workspace, known, [photo, sidecar], CancelToken())

    assert workspace.library.failures() == []
    assert scan(workspace).stored == 0


@pytest.mark.parametrize("leaves_mount_point", [False, True])
def test_photos_behind_a_link_to_a_drive_that_is_away_stay(
    workspace: Workspace, folder: Path, tmp_path: Path, *, leaves_mount_point: bool
) -> None:
    drive = tmp_path / "drive"
    save_jpeg(drive / "a" / "1.jpg")
    copied = save_jpeg(folder / "2.jpg", seed=1)
    (folder / "archive").symlink_to(drive)
    scan(workspace)

    drive.rename(tmp_path / "away")
    if leaves_mount_point:
        drive.mkdir()
    away = scan(workspace)
    sentence = f"The drive that {folder / 'archive'} leads to is away; its photos stay."
    assert (away.gone, away.problems) == (0, [sentence])
    shutil.copy(tmp_path / "away" / "a" / "1.jpg", copied)  # a copy is no sign of a move
    [known] = workspace.library.folders()
    index_paths(workspace, known, [copied], CancelToken())
    assert set(shown(workspace, folder)) == {"archive/a/1.jpg", "2.jpg"}

    (folder / "archive").unlink()
    assert scan(workspace).problems == []
    assert set(shown(workspace, folder)) == {"2.jpg"}


def test_a_folder_that_became_a_link_to_the_one_above_it(
    workspace: Workspace, folder: Path
) -> None:
    photo = save_jpeg(folder / "a" / "1.jpg")
    scan(workspace)
    confirm(workspace, photo)

    photo.rename(folder / "1.jpg")
    photo.parent.rmdir()
    photo.parent.symlink_to(folder)
    scan(workspace)

    assert shown(workspace, folder) == {"1.jpg": CONFIRMED}


@pytest.mark.parametrize("target", ["second/a", "second", "."])
def test_a_link_into_another_folder_of_the_library_gives_no_photo_a_second_row(
    workspace: Workspace, folder: Path, tmp_path: Path, target: str
) -> None:
    photo = save_jpeg(tmp_path / "drives" / "second" / "a" / "1.jpg")
    (folder / "link").symlink_to(tmp_path / "drives" / target)
    scan(workspace)
    confirm(workspace, folder / "link" / photo.relative_to(tmp_path / "drives" / target))
    workspace.library.add_folder(tmp_path / "drives" / "second")
    scan(workspace)

    library = workspace.library
    [row] = library.photo_rows(library.find(None))
    assert (row.path, {tag.name: tag.state for tag in row.tags}) == (photo, CONFIRMED)


def test_a_program_that_writes_where_a_drive_was_does_not_make_it_look_emptied(
    workspace: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is the drive itself; its mount point stays, and others go on to save there."""
    photo, mounted = save_jpeg(folder / "a" / "1.jpg"), [folder]
    monkeypatch.setattr("os.path.ismount", lambda path: Path(path) in mounted)
    scan(workspace)

    mounted.clear()
    shutil.rmtree(folder / "a")
    (folder / "Thumbs.db").touch()
    [known] = workspace.library.folders()
    for _ in range(2):
        assert scan(workspace).problems == [f"The drive at {folder} is away; its photos are kept."]
        index_paths(workspace, known, [photo], CancelToken())
        assert set(shown(workspace, folder)) == {"a/1.jpg"}

    save_jpeg(folder / "2.jpg", seed=1)  # photos in its place count
    assert scan(workspace).problems == []
    assert set(shown(workspace, folder)) == {"2.jpg"}


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1)])
def test_photos_of_one_second_that_change_names_and_are_told_one_by_one(
    workspace: Workspace, folder: Path, order: tuple[int, ...]
) -> None:
    """The watcher tells of each name when it has been quiet; by then all have changed."""
    second, old = "2026:06:20 15:00:00", 1_700_000_000
    paths = [save_jpeg(folder / f"{n}.jpg", seed=n, taken_at=second) for n in (1, 2, 3)]
    for number, path in enumerate(paths):
        os.utime(path, (old + number, old + number))
    scan(workspace)
    confirm(workspace, paths[0])

    for path in paths:
        path.rename(path.with_suffix(".moving"))
    for number in (1, 2, 3):
        (folder / f"{number}.moving").rename(folder / f"{number % 3 + 1}.jpg")
    [known] = workspace.library.folders()
    for number in order:
        index_paths(workspace, known, [folder / f"{number}.jpg"], CancelToken())

    assert shown(workspace, folder) == {"1.jpg": {}, "2.jpg": CONFIRMED, "3.jpg": {}}
