"""Classes on the command line, on a library that knows what each photo shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tagger.cli.main import run_command
from tagger.services.classifiers import IN_USE
from tagger.services.workspace import Workspace
from tests.bundles import add_photos, save_model

if TYPE_CHECKING:
    from pathlib import Path

FEATURES = {f"s{n % 3}/d{n}.jpg": (1, 7 + n % 2) for n in range(6)} | {
    f"s{n}/b{n}.jpg": (0,) for n in range(3)
}


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Six details of two kinds and three brides, looked at and decided on."""
    home = tmp_path / "home"
    bundle = save_model(home / "models/small", {"bride": 0, "details": 1})
    with Workspace.open(home) as workspace:
        workspace.library.change_setting(IN_USE, "small")
        add_photos(workspace, tmp_path / "photos", FEATURES, bundle.info)
    return tmp_path / "photos"


def test_classes_renamed_retired_split_and_merged(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str | Path, code: int = 0) -> str:
        assert run_command([*map(str, arguments), "--home", str(tmp_path / "home")]) == code
        captured = capsys.readouterr()
        return captured.err if code else captured.out

    def listed() -> dict[str, Any]:
        return {one["name"]: one for one in json.loads(run("classes", "list", "--json"))}

    details, brides = (sorted(map(str, photos.rglob(f"{letter}*.jpg"))) for letter in "db")
    run("mark", *details, "+details", "-bride")
    run("mark", *brides, "-details")
    renamed = json.loads(run("classes", "rename", "details", "decor", "--json"))
    assert (renamed["name"], renamed["keyword_path"]) == ("decor", ["Wedding", "Decor"])
    assert "already" in run("classes", "rename", "decor", "Bride", code=2)
    assert set(listed()) == {"bride", "decor"}

    assert "retired" in run("classes", "retire", "decor")
    assert listed()["decor"]["is_retired"]
    assert "retired" in run("classes", "list").splitlines()[2]
    assert "again" in run("classes", "revive", "decor")

    groups = json.loads(run("classes", "split", "decor", "--groups", "2", "--json"))["groups"]
    assert sorted(map(len, groups)) == [3, 3]
    shown = run("classes", "split", "decor", "--groups", "2")
    assert "Group 2, 3 photos" in shown
    assert "To split: tagger classes split decor --groups 2 --into 2=NAME" in shown
    assert "2=shoes" in run("classes", "split", "decor", "--into", "shoes", code=2)
    assert "shoes" in run("classes", "split", "decor", "--groups", "2", "--into", "2=shoes")
    assert (listed()["decor"]["confirmed"], listed()["shoes"]["confirmed"]) == (3, 3)
    assert "3 photos changed" in run("classes", "merge", "shoes", "decor")
    assert listed()["decor"]["confirmed"] == 6
    run("undo")
    run("undo")
    assert listed()["decor"]["confirmed"] == 6
    assert listed()["shoes"]["confirmed"] == 0

    report = json.loads(run("report", "--json"))
    assert (report["model"], report["photos"], report["right"]) == ("small", 9, 6)
    assert report["worst"] == []
    run("clean", "--relabel", f"{details[0]}=decor")
    [worst] = json.loads(run("report", "--json"))["worst"]
    assert (worst["path"], worst["name"], worst["has_tag"]) == (details[0], "decor", False)
    assert "decor" in run("report")
    run("clean", "--leave-out", f"{details[0]}=decor")
    assert "yet" in run("clean", "--leave-out", f"{details[0]}=decor", code=2)
    assert "say which with --folders" in run("report", "small", code=2)
