"""Folders and photos as people name them: relative, through links, twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tagger.services.workspace import Workspace
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.cli.conftest import Run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two photos in `photos/day`; `link` leads to `photos`."""
    for number in range(2):
        save_jpeg(tmp_path / "photos" / "day" / f"IMG_{number}.jpg", seed=number)
    (tmp_path / "link").symlink_to(tmp_path / "photos", target_is_directory=True)
    return tmp_path / "home"


def _folders(run: Run) -> list[str]:
    return [folder["path"] for folder in json.loads(run("folders", "--json")[1])]


def test_a_folder_and_one_inside_it_are_one_folder(run: Run, tmp_path: Path) -> None:
    code, said = run("add", tmp_path / "photos", tmp_path / "photos" / "day")
    assert code == 0, said
    assert _folders(run) == [str(tmp_path / "photos")]


def test_a_folder_that_the_window_took_by_a_link_is_the_same_folder(
    run: Run, home: Path, tmp_path: Path
) -> None:
    with Workspace.open(home) as workspace:
        workspace.library.add_folder(tmp_path / "link")
    for path in (tmp_path / "link", tmp_path / "photos", tmp_path / "photos" / "day"):
        assert run("add", path)[0] == 0
    assert _folders(run) == [str(tmp_path / "link")]
    assert run("remove", tmp_path / "photos")[0] == 0
    assert _folders(run) == []


@pytest.mark.parametrize("added", ["photos", "link"])
@pytest.mark.parametrize("named", ["photos", "link"])
def test_a_photo_is_found_by_any_way_that_leads_to_it(
    run: Run, home: Path, tmp_path: Path, added: str, named: str
) -> None:
    with Workspace.open(home) as workspace:
        workspace.library.add_folder(tmp_path / added)
    run("scan")
    photo = tmp_path / named / "day" / "IMG_0.jpg"
    for arguments in (("rate", photo, "3"), ("show", photo), ("label", photo, "Red")):
        code, said = run(*arguments)
        assert code == 0, said
    assert len(json.loads(run("find", "rating:3", "--json")[1])) == 1
    assert run("rate", tmp_path / named / "day" / "IMG_9.jpg", "3")[0] == 2


def test_a_folder_is_relocated_by_a_relative_path(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("add", tmp_path / "photos")
    run("scan")
    (tmp_path / "photos").rename(tmp_path / "moved")
    monkeypatch.chdir(tmp_path / "moved")
    code, said = run("relocate", "../photos", ".")
    assert code == 0, said
    assert _folders(run) == [str(tmp_path / "moved")]
