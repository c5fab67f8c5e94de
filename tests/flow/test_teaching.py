"""Teaching as a person does it, on a small network of random weights that tells plain colours."""

from __future__ import annotations

import re
import resource
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch

from tagger.core.cancel import CancelToken
from tagger.core.errors import LibraryError, WrongUseError
from tagger.ml import load_info
from tagger.ml.bundle import save_bundle
from tagger.services.classifiers import bundle_in_use
from tagger.services.indexing import scan_library
from tagger.services.report_data import read_history
from tagger.services.reviewing import mark_photos, parse_mark
from tagger.services.teaching.deep import occupied
from tagger.services.teaching.request import Audience, TeachRequest
from tagger.services.teaching.training import teach
from tagger.services.workspace import Workspace
from tests.colours import COLOURS, save_colour
from tests.contract.test_readme import README
from tests.unit.ml.conftest import NAMES, make_info, network

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.ml.network import ResNet50
    from tests.flow.conftest import Tagger

__all__ = ["network"]
QUIET = Audience(CancelToken(), lambda _: None, lambda _: None)


@pytest.fixture(autouse=True)
def _model_in_use(tmp_path: Path, network: ResNet50) -> None:
    torch.set_num_threads(1)
    folder = tmp_path / "home/models/wedding-scenes"
    save_bundle(folder, make_info("wedding-scenes"), network.state_dict())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Eight photos of each colour, of four shoots."""
    for colour in COLOURS:
        for number in range(8):
            path = tmp_path / "colours" / colour / f"shoot {number % 4}" / f"{number}.jpg"
            save_colour(path, colour, seed=number)
    return tmp_path / "colours"


def test_a_quick_lesson_from_folders(tagger: Tagger, folder: Path) -> None:
    (folder / "red/broken.jpg").write_bytes(b"no photo")
    done = tagger("train", "--folders", folder, "--json")
    assert done.code == 1, "a photo can't be read"
    found = done.json
    assert [failure["path"] for failure in found["failed"]] == [str(folder / "red/broken.jpg")]
    assert found["classes"] == [*NAMES, *sorted(COLOURS)]
    assert found["kept"] == list(NAMES)
    assert found["parent"] == "wedding-scenes"
    assert (found["photos"], found["n"]) == (24, 24)
    assert found["overall"]["macro_f1"]["value"] > 0.9
    assert set(found["per_class"]) == set(COLOURS)
    assert found["thresholds"]["red"]["precise"] is None, "too few photos to promise"
    assert bundle_in_use(tagger.home).info.name == "wedding-scenes", "nothing was put in use"
    [promised] = [line for line in README.splitlines() if line.startswith("| `train` |")]
    assert [key for key in found if f'"{key}"' not in promised] == []

    text = tagger("train", "--folders", folder, "--name", "again")
    assert "too few photos to promise" in text.out
    assert "1 photo can't be read" in text.out
    assert "tagger models use again" in text.out
    first, again = (load_info(tagger.home / "models" / name) for name in ("colours", "again"))
    assert first.weights == again.weights, "the same seed gives the same"
    assert first.data == again.data
    assert first.recipe["seed"] == 0


@pytest.mark.slow
def test_a_lesson_on_photos_that_were_learned_before(tagger: Tagger, folder: Path) -> None:
    assert tagger("train", "--folders", folder, "--name", "first").code == 0
    more = tagger("train", "--folders", folder, "--from", "first", "--exclusive", "--tta", "--json")
    assert more.json["classes"] == sorted(COLOURS)
    assert any("has learned from 24 of these 24 photos" in w for w in more.json["warnings"])
    assert any("no longer bride" in warning for warning in more.json["warnings"])
    assert any("can only be measured" in warning for warning in more.json["warnings"])


@pytest.mark.slow
def test_a_killed_training_goes_on(tagger: Tagger, folder: Path) -> None:
    options = ("--from", "wedding-scenes", "--epochs", "3", "--tta", "--name", "deep")
    command = ("train", "--folders", folder, "--deep", *options)
    running = tagger.start(*command)
    assert running.stderr is not None
    for line in running.stderr:
        if line.startswith("Epoch 1 of 3: "):
            break
    running.kill()
    running.communicate()
    assert not (tagger.home / "models/deep").exists()
    done = tagger(*command, "--json")
    assert done.code == 0
    assert "goes on from its last epoch" in done.err
    assert "Epoch 1 of 3: " not in done.err
    assert [epoch["epoch"] for epoch in done.json["epochs"]] == [0, 1, 2]
    assert set(done.json["tta"]) == {"one", "six"}


def test_a_deep_lesson_with_its_curves(tagger: Tagger, folder: Path) -> None:
    options = ("--from", "wedding-scenes", "--deep", "--exclusive", "--epochs", "1")
    done = tagger("train", "--folders", folder, *options, "--name", "deep", "--json")
    assert done.code == 0, done.err
    found = done.json
    assert [epoch["epoch"] for epoch in found["epochs"]] == [0]
    assert found["overall"]["accuracy"]["value"] > 0.4
    assert "Epoch 1 of 1: loss " in done.err
    assert "macro-F1" in done.err
    history, complaints = read_history(tagger.home / "models/deep")
    assert len(history) == 1
    assert complaints == ()
    assert list((tagger.home / "runs").iterdir()) == []
    recipe = load_info(tagger.home / "models/deep").recipe
    assert recipe["epochs"] == 1
    assert recipe["started_from"] == "wedding-scenes"


@contextmanager
def small_disk() -> Iterator[None]:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.slow
def test_a_full_disk_loses_no_training(
    tagger: Tagger, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = ("--from", "wedding-scenes", "--epochs", "1", "--name", "deep")
    command = ("train", "--folders", folder, "--deep", "--exclusive", *start)

    def refuse(*arguments: object) -> object:
        with small_disk():
            return save_bundle(*arguments)  # type: ignore[arg-type]  # those of the real one

    with monkeypatch.context() as patch:
        patch.setattr("tagger.ml.quick.save_bundle", refuse)
        done = tagger(*command)
    assert done.code == 3
    [sentence] = [line for line in done.err.splitlines() if "can't be saved" in line]
    assert re.fullmatch(r"The model can't be saved in .*/deep\. The file would be .*\.", sentence)
    models = tagger.home / "models"
    assert [path.name for path in models.iterdir()] == ["wedding-scenes"]

    again = tagger(*command)
    assert again.code == 0
    assert "Epoch 1" not in again.err, "what was learned is taken up again"
    assert load_info(models / "deep").name == "deep"
    assert not (tagger.home / "runs/deep").exists()


@pytest.mark.slow
def test_a_stop_keeps_the_best_epoch(tmp_path: Path, folder: Path) -> None:
    cancel = CancelToken()
    heard: list[str] = []

    def say(sentence: str) -> None:
        heard.append(sentence)
        if sentence.startswith("Epoch 1"):
            cancel.cancel()

    request = TeachRequest(folder, is_deep=True, start="wedding-scenes", epochs=5, exclusive=True)
    with Workspace.open(tmp_path / "home") as workspace:
        taught = teach(workspace, request, Audience(cancel, lambda _: None, say))
    assert taught.course is not None
    assert taught.course.was_stopped
    assert len(taught.course.epochs) == 1
    assert load_info(taught.folder) == taught.info
    assert list((tmp_path / "home/runs").iterdir()) == []


@pytest.mark.slow
def test_absurd_rates_end_with_a_sentence(tagger: Tagger, folder: Path) -> None:
    options = ("--from", "wedding-scenes", "--deep", "--lr", "1e30", "--epochs", "3")
    done = tagger("train", "--folders", folder, *options)
    assert done.code == 3
    assert done.err.splitlines()[-1] == (
        "The training ran away: its error is no number any more. Use a lower learning rate."
    )
    assert bundle_in_use(tagger.home).info.name == "wedding-scenes"


def test_a_lesson_from_decisions(tagger: Tagger, folder: Path) -> None:
    with Workspace.open(tagger.home) as workspace:
        library = workspace.library
        library.add_folder(folder)
        scan_library(workspace, CancelToken(), lambda _: None)
        for name in ("bride", "bouquet", "cake"):
            library.add_tag(name, ("Wedding", name.title()))
        with pytest.raises(WrongUseError, match="too little to learn from"):
            teach(workspace, TeachRequest(), QUIET)
        for row in library.photo_rows(library.find(None)):
            colour = row.path.parts[-3]
            marks = {"red": "+bride", "green": "-bride", "blue": "=none"}[colour]
            mark_photos(library, [row], [parse_mark(marks)])
        mark_photos(library, [row], [parse_mark("+cake")])
    done = tagger("train", "--json")
    assert done.code == 0, done.err
    found = done.json
    assert found["name"] == "wedding-scenes-2"
    assert found["kept"] == ["reception_room"]
    assert found["counts"]["bouquet"] == 0, "it was rejected, and that teaches something"
    assert found["counts"]["bride"] == 8
    assert any("“cake” has too few decisions" in warning for warning in found["warnings"])
    assert found["per_class"]["bride"]["average_precision"]["value"] > 0.9
    assert "split by shoot" in found["measured_on"]

    done = tagger("train", "--exclusive", "--json")
    assert done.json["classes"] == ["bride", "none"]
    assert done.json["overall"]["accuracy"]["value"] > 0.9


def test_a_new_class_of_one_wedding_is_learned_without_any_rejection(
    tagger: Tagger, folder: Path, tmp_path: Path
) -> None:
    """And found where it is, not in every photo."""
    wedding = tmp_path / "wedding"
    wedding.mkdir()
    for number, path in enumerate(sorted(folder.rglob("*.jpg"))):
        path.rename(wedding / f"{path.parts[-3]} {number}.jpg")
    done = tagger("run", wedding)
    assert done.code == 0, done.err
    with Workspace.open(tagger.home) as workspace:
        workspace.library.add_tag("first dance", ("First Dance",))
    done = tagger("mark", *sorted(wedding.glob("red*")), "+first dance")
    assert done.code == 0, done.err
    found = tagger("train", "--name", "mine", "--json").json
    assert found["kept"] == list(NAMES)
    assert found["counts"] == {"first dance": 8}
    assert any("come from one shoot" in warning for warning in found["warnings"])
    done = tagger("models", "use", "mine")
    assert done.code == 0, done.err
    tagged = tagger("find", "first dance", "--json").json
    assert {Path(one["path"]).name.split()[0] for one in tagged} == {"red"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("one photo", "The class “pink” has one photo. It needs two at least"),
        ("one shoot", "All photos come from one shoot"),
        ("two spellings", "The classes “Red” and “red” differ only in spelling."),
        ("bar", "“red|rose” can't be the name of a class"),
        ("nothing", "There are no photos in classes in"),
    ],
)
def test_data_that_can_not_be_learned_from(
    tagger: Tagger, folder: Path, tmp_path: Path, change: str, sentence: str
) -> None:
    match change:
        case "one photo":
            save_colour(folder / "pink/1.jpg", "red")
        case "one shoot":
            for path in sorted(folder.rglob("*.jpg")):
                place = tmp_path / "one" / path.parts[-3] / "Ana" / path.name
                place.parent.mkdir(parents=True, exist_ok=True)
                path.rename(place)
            folder = tmp_path / "one"
        case "two spellings":
            save_colour(folder / "Red/1.jpg", "red")
        case "bar":
            save_colour(folder / "red|rose/1.jpg", "red")
        case "nothing":
            folder = tmp_path / "empty"
            folder.mkdir()
    done = tagger("train", "--folders", folder)
    assert done.code in {2, 3}
    assert sentence in done.err.splitlines()[-1]
    assert bundle_in_use(tagger.home).info.name == "wedding-scenes"
    assert [path.name for path in (tagger.home / "models").iterdir()] == ["wedding-scenes"]


def test_wrong_use_is_said(tagger: Tagger, folder: Path) -> None:
    for options, sentence in (
        (["--quick", "--deep"], "not both"),
        (["--epochs", "3"], "--deep"),
        (["--deep", "--lr", "-1"], "above 0"),
        (["--name", "wedding-scenes"], "already"),
        (["--from", "nobody"], "no classifier called nobody"),
    ):
        done = tagger("train", "--folders", folder, *options)
        assert done.code in {2, 3}
        assert sentence in done.err.splitlines()[-1]


def test_two_trainings_of_one_name(tmp_path: Path, folder: Path) -> None:
    request = TeachRequest(folder, is_deep=True, start="wedding-scenes", name="deep")
    with (
        Workspace.open(tmp_path / "home") as workspace,
        occupied(tmp_path / "home/runs/deep"),
        pytest.raises(LibraryError, match="running already"),
    ):
        teach(workspace, request, QUIET)
