"""The commands for classifiers and classes, on a library with known features."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tagger.services.classifiers import IN_USE
from tagger.services.workspace import Workspace
from tests.bundles import add_photos, save_model

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.cli.conftest import Run

PHOTOS = {f"{'dance' if n % 2 else 'plain'}{n:02}.jpg": (5,) * (n % 2) for n in range(16)}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen photos, eight of which show what only the classifier `new` knows."""
    folder = tmp_path_factory.mktemp("models")
    old = save_model(folder / "home/models/old", {"bride": 0, "cake": 1})
    save_model(folder / "home/models/new", {"bride": 0, "dance": 5})
    with Workspace.open(folder / "home") as workspace:
        workspace.library.change_setting(IN_USE, "old")
        add_photos(workspace, folder / "photos", PHOTOS, old.info)
    return folder / "home"


def read(run: Run, *arguments: str | Path) -> Any:
    code, out = run(*arguments, "--json")
    assert code == 0, out
    return json.loads(out)


@pytest.mark.parametrize("command", [("models",), ("models", "list")])
def test_listing(run: Run, command: tuple[str, ...]) -> None:
    found = {model["name"]: model for model in read(run, *command)}
    assert set(found) == {"old", "new", "wedding-scenes"}
    assert [name for name, model in found.items() if model["in_use"]] == ["old"]
    assert found["wedding-scenes"]["shipped"]
    assert "old: Old (in use)" in run(*command)[1]


def test_showing(run: Run) -> None:
    assert read(run, "models", "show", "new")["classes"][1]["name"] == "dance"
    assert "Wedding|Dance" in run("models", "show", "new")[1]
    code, err = run("models", "show", "nobody")
    assert (code, err.count("\n")) == (3, 1)


def test_the_difference_then_using_then_back(run: Run, home: Path) -> None:
    difference = read(run, "models", "diff", "old", "new")
    [cell] = difference["cells"]
    assert (cell["from"], cell["to"], cell["count"]) == (None, "dance", 8)
    assert all("dance" in path for path in cell["photos"])
    assert (difference["compared"], difference["changed"], difference["unknown"]) == (16, 8, 0)
    assert "8  none -> dance" in run("models", "diff", "old", "new")[1]

    used = read(run, "models", "use", "new")
    assert used == {"model": "new", "before": "old", "rescored": 16, "waiting": 0}
    assert len(read(run, "find", "dance")) == 8
    code, out = run("models", "use", "old")
    assert (code, "The way back: tagger models use new" in out) == (0, True)


def test_out_in_and_away(run: Run, tmp_path: Path) -> None:
    assert run("models", "export", "new", "--to", tmp_path)[1] == f"{tmp_path / 'new.zip'}\n"
    code, err = run("models", "import", tmp_path / "new.zip")
    assert (code, err.count("\n")) == (3, 1)
    assert "There is a model called new already" in err
    assert read(run, "models", "import", tmp_path / "new.zip", "--name", "mine")["name"] == "mine"
    assert "is removed" in run("models", "remove", "mine")[1]
    code, err = run("models", "remove", "old")
    assert (code, err.count("\n")) == (2, 1)
    (tmp_path / "half.zip").write_bytes((tmp_path / "new.zip").read_bytes()[:1000])
    code, err = run("models", "import", tmp_path / "half.zip")
    assert (code, "cut off or damaged" in err) == (3, True)


def test_a_class_from_photos(run: Run, home: Path) -> None:
    shown = sorted((home.parent / "photos").glob("dance*"))[:6]
    added = read(run, "classes", "add", "first dance", "--like", *shown, "--keyword", "Party|Dance")
    assert (added["examples"], added["tagged"], added["rescored"]) == (6, 2, 16)
    assert added["keyword_path"] == ["Party", "Dance"]
    listed = {entry["name"]: entry for entry in read(run, "classes", "list")}
    assert (listed["first dance"]["photos"], listed["first dance"]["confirmed"]) == (8, 6)
    assert "Party|Dance" in run("classes", "list")[1]
    code, err = run("classes", "add", "First Dance", "--like", *shown)
    assert (code, err.count("\n")) == (2, 1)
    assert "There is a class “first dance” already" in err
