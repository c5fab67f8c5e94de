from __future__ import annotations

import shutil
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tagger.core.cancel import CancelToken
from tagger.services.indexing import scan_library
from tagger.services.watching import Arrivals, index_arrivals, watch_folders
from tagger.services.workspace import Workspace
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "home") as workspace:
        yield workspace


def test_a_folder_that_is_added_meanwhile_is_watched_too(
    workspace: Workspace, tmp_path: Path
) -> None:
    cancel, queue, said = CancelToken(), SimpleQueue[object](), list[str]()
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    workspace.library.add_folder(first)
    drives = partial(said.append, "another drive is away")
    thread = Thread(target=watch_folders, args=(workspace, cancel, queue.put, said.append, drives))
    thread.start()
    assert isinstance(queue.get(timeout=20), str)

    workspace.library.add_folder(second)
    reasons = [queue.get(timeout=20), queue.get(timeout=20)]
    photo = save_jpeg(second / "IMG_1.jpg")

    assert all(isinstance(reason, str) for reason in reasons)
    assert queue.get(timeout=20) == (second, [photo])
    assert said == []
    cancel.cancel()
    thread.join(10)
    assert not thread.is_alive()


def test_only_what_arrived_is_read(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    told, quiet = save_jpeg(folder / "a.jpg"), save_jpeg(folder / "b.jpg", seed=1)
    workspace.library.add_folder(folder)
    arrivals = Arrivals()
    arrivals.add((folder, [told]))

    result = index_arrivals(workspace, CancelToken(), lambda _: None, arrivals=arrivals)

    assert result.stored == 1
    [row] = workspace.library.photo_rows(workspace.library.find(None))
    assert row.path == told

    arrivals.add("Events were lost.")
    result = index_arrivals(workspace, CancelToken(), lambda _: None, arrivals=arrivals)
    assert result.stored == 1
    assert {row.path for row in workspace.library.photo_rows(workspace.library.find(None))} == {
        told,
        quiet,
    }


def test_renumbered_photos_of_which_some_are_told_later(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Pictures without a capture time, so that nothing but their content tells them apart."""
    folder = tmp_path / "photos"
    paths = [save_jpeg(folder / f"{number}.jpg", seed=number) for number in (1, 2, 3)]
    workspace.library.add_folder(folder)
    scan_library(workspace, CancelToken(), lambda _: None)
    photo = workspace.library.find_photo(paths[2]).id

    for path in reversed(paths):
        path.rename(folder / f"{int(path.stem) + 1}.jpg")
    for numbers in ((3, 4), (1, 2)):
        arrivals = Arrivals()
        arrivals.add((folder, [folder / f"{number}.jpg" for number in numbers]))
        index_arrivals(workspace, CancelToken(), lambda _: None, arrivals=arrivals)

    assert workspace.library.find_photo(folder / "4.jpg").id == photo


@pytest.mark.parametrize("is_away", [False, True])
def test_a_photo_that_moves_to_another_folder_is_known_before_it_is_told_to_have_left(
    workspace: Workspace, tmp_path: Path, *, is_away: bool
) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    old = save_jpeg(second / "IMG_1.jpg")
    save_jpeg(second / "IMG_2.jpg", seed=1)  # an empty folder would be that of an absent drive
    first.mkdir()
    for folder in (first, second):
        workspace.library.add_folder(folder)
    scan_library(workspace, CancelToken(), lambda _: None)
    photo = workspace.library.find_photo(old).id
    workspace.library.place_crop(photo, "4:5", (0.1, 0.0, 0.5, 1.0))

    new = first / old.name
    if is_away:  # the photo on the absent drive is not gone, so this one is a copy
        shutil.copy(old, new)
        second.rename(tmp_path / "away")
    else:
        old.rename(new)
    arrivals = Arrivals()
    arrivals.add((first, [new]))
    index_arrivals(workspace, CancelToken(), lambda _: None, arrivals=arrivals)

    assert (workspace.library.find_photo(new).id == photo) is not is_away
    assert list(workspace.library.crops([photo], "4:5")) == [photo]
    assert len(workspace.library.find(None)) == 2 + is_away
