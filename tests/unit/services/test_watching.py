from __future__ import annotations

from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tagger.core.cancel import CancelToken
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
    thread = Thread(target=watch_folders, args=(workspace, cancel, queue.put, said.append))
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
