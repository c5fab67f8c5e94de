"""What people learn image classification with, from start to end on the command line.

Real photos of `../shared`. Quick lessons, and deep ones with few photos and one epoch: enough to
walk the way, not to be good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import SHARED
from tests.data_sets import swap_labels, take_clothing, take_wedding
from tests.flow.conftest import Tagger

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

TWO = ("shirt", "shoes")
LOOKALIKES = ("shirt", "t-shirt")
SCENES = ("bride", "bouquet", "newlyweds", "reception_room", "details")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One library: what was looked at once is known in the other tutorials too."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Tagger:
    return Tagger(home, capsys)


@pytest.fixture
def clothing() -> Path:
    folder = SHARED / "data/clothing"
    if not folder.is_dir():
        pytest.skip("../shared/data/clothing is not on this machine")
    return folder


def read(run: Tagger, *arguments: str | Path) -> Any:
    done = run(*arguments, "--json")
    assert done.code == 0, done.err
    return done.json


def test_lookalikes_from_a_few_dozen_photos_cleaned_by_top_losses(
    run: Tagger, clothing: Path, tmp_path: Path
) -> None:
    folder = take_clothing(clothing, tmp_path / "set", TWO, {"train": 24, "validation": 8})
    moved = swap_labels(folder / "train", TWO, 2)
    suspects = read(run, "clean", "--folders", folder)["suspects"]
    found = {s["path"].rpartition("/")[2]: s for s in suspects[: len(moved) + 2]}
    assert len(found.keys() & moved.keys()) >= 3, "the wrong ones are among the first"
    relabelled = [f"--relabel={found[name]['path']}={moved[name]}" for name in found.keys() & moved]
    assert run("clean", "--folders", folder, *relabelled).code == 0
    taught = read(run, "train", "--folders", folder, "--exclusive", "--name", "pair")
    assert taught["overall"]["accuracy"]["value"] > 0.8
    assert taught["counts"] == {"shirt": 32, "shoes": 32} or len(relabelled) < 4
    assert run("report", "pair", "--folders", folder, "--to", tmp_path / "page").code == 0
    page = (tmp_path / "page/index.html").read_text(encoding="utf-8")
    assert "shoes" in page
    assert "pair" in run("models", "list").out
    assert run("models", "use", "pair").code == 0
    photo = next((clothing / "validation/shoes").iterdir())
    assert read(run, "classify", photo)["tags"] == ["shoes"]
    assert run("models", "use", "wedding-scenes").code == 0


def test_ten_classes_with_noisy_labels_with_and_without_them_and_with_several_looks(
    run: Tagger, clothing: Path, tmp_path: Path
) -> None:
    classes = sorted(path.name for path in (clothing / "train").iterdir())
    assert len(classes) == 10
    folder = take_clothing(clothing, tmp_path / "set", classes, {"train": 8, "validation": 2})
    moved = swap_labels(folder / "train", classes, 1)
    train = ("train", "--folders", folder, "--exclusive")
    noisy = read(run, *train, "--name", "noisy", "--tta")
    assert set(noisy["tta"]) == {"one", "six"}
    suspects = read(run, "clean", "--folders", folder, "--limit", "25")["suspects"]
    wrong = [s["path"] for s in suspects if s["path"].rpartition("/")[2] in moved]
    assert len(wrong) >= 5, "at least half of the wrong ones are among the 25 worst"
    assert run("clean", "--folders", folder, *(f"--leave-out={path}" for path in wrong)).code == 0
    clean = read(run, *train, "--name", "cleaned")
    assert clean["photos"] == noisy["photos"] - len(wrong)
    test = folder / "validation"
    before, after = (
        read(run, "evaluate", "--folders", test, "--model", name)["accuracy"]
        for name in ("noisy", "cleaned")
    )
    assert after >= before - 0.1
    looks = read(run, "evaluate", "--folders", test, "--model", "cleaned", "--tta")
    assert looks["accuracy"] > 0.3


def test_ten_kinds_of_clothing_with_curves_confusions_and_a_wall(
    run: Tagger, clothing: Path, tmp_path: Path, backbone_file: Path
) -> None:
    classes = sorted(path.name for path in (clothing / "train").iterdir())
    folder = take_clothing(clothing, tmp_path / "set", classes, {"train": 3, "validation": 1})
    deep = ("--deep", "--from", "pretrained", "--backbone", backbone_file, "--epochs", "1")
    estimate = read(run, "train", "--folders", folder, *deep, "--exclusive", "--estimate")
    assert estimate["photos"] == 40
    assert estimate["seconds"] > estimate["step_seconds"] > 0
    taught = read(run, "train", "--folders", folder, *deep, "--exclusive", "--name", "clothes")
    [epoch] = taught["epochs"]
    assert {"train_loss", "valid_loss", "macro_f1"} <= set(epoch), "what curves are drawn from"
    assert taught["n"] == 10
    assert run("report", "clothes", "--folders", folder, "--to", tmp_path / "page").code == 0
    page = (tmp_path / "page/index.html").read_text(encoding="utf-8")
    for part in ("<h2>Confusion<", "<h2>Top losses<", "<h2>Wall<", "longsleeve"):
        assert part in page


def test_two_lookalikes_in_two_stages(run: Tagger, clothing: Path, tmp_path: Path) -> None:
    folder = take_clothing(clothing, tmp_path / "set", LOOKALIKES, {"train": 30, "validation": 4})
    first = read(run, "train", "--folders", folder, "--exclusive", "--name", "stage one")
    deep = ("--deep", "--epochs", "1", "--from", "stage one")
    second = read(run, "train", "--folders", folder, *deep, "--exclusive", "--name", "stage two")
    assert second["parent"] == "stage one"
    assert first["classes"] == second["classes"] == sorted(LOOKALIKES)
    for taught in (first, second):
        assert taught["overall"]["accuracy"]["value"] >= 0.5


def test_five_wedding_scenes(run: Tagger, wedding_dir: Path, tmp_path: Path) -> None:
    folder = take_wedding(wedding_dir, tmp_path / "scenes", SCENES, 5)
    photos = sorted(folder.rglob("*.jpg"))
    assert run("run", folder).code == 0
    for scene in SCENES:
        others = [f"-{other}" for other in SCENES if other != scene]
        mine = [path for path in photos if path.parts[-3] == scene]
        assert run("mark", *mine, f"+{scene}", *others).code == 0
    report = read(run, "report")
    assert {one["name"] for one in report["classes"]} >= set(SCENES)
    taught = read(run, "train", "--name", "ours")
    assert set(SCENES) <= set(taught["classes"])
    assert run("models", "diff", "wedding-scenes", "ours").code == 0
    assert run("models", "use", "ours").code == 0
    assert "bouquet" in run("find", "bouquet", "--json").out
    assert run("models", "use", "wedding-scenes").code == 0
