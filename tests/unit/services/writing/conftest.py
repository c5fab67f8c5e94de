from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagger.services.workspace import Workspace
from tests.pictures import save_jpeg
from tests.unit.services.writing.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    folder = tmp_path / "photos"
    folder.mkdir()
    with Workspace.open(tmp_path / "home") as workspace:
        yield Desk(workspace, folder)
        assert workspace.library.check() == "ok"


@pytest.fixture
def photo(desk: Desk) -> Path:
    """One JPEG that the library knows."""
    path = save_jpeg(desk.folder / "a.jpg", width=32, height=24)
    desk.scan()
    return path
