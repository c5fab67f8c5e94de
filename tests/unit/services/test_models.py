"""Using, comparing and removing classifiers, on a real library with known features."""

from __future__ import annotations

import json
import os
import shutil
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError, ModelError, WrongUseError
from tagger.core.tag import TagState
from tagger.ml.heads import load_head, save_with_head
from tagger.services.classifiers import bundle_in_use, find_installed, register_bundle
from tagger.services.models.adopting import Adoption, remove_model, use_model
from tagger.services.models.comparing import ModelDifference, Move, compare_models
from tagger.services.models.exchanging import import_model
from tagger.services.models.listing import list_models
from tagger.services.preferences import apply_setting
from tagger.services.rescoring import Scorer, rescore_waiting
from tagger.services.reviewing import mark_photos, parse_mark
from tagger.services.settings import PRECISE_CLASSES
from tagger.services.tagging import count_pending
from tagger.services.workspace import Workspace
from tests.bundles import add_photos, save_model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.core.ids import PhotoId

FEATURES = {"a.jpg": (0,), "b.jpg": (0, 5), "c.jpg": (1,), "d.jpg": ()}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three bundles: `old` and `new` share their backbone, `deep` has another one."""
    folder = tmp_path_factory.mktemp("models")
    save_model(folder / "old", {"bride": 0, "cake": 1})
    save_model(folder / "new", {"bride": 5, "Cake": 1, "veil": 0})
    save_model(folder / "deep", {"bride": 0}, body=1)
    return folder


@pytest.fixture
def workspace(tmp_path: Path, models: Path) -> Iterator[Workspace]:
    # Linked: a copy of all weights for each test would fill the disk. Never write into a file.
    shutil.copytree(models, tmp_path / "home/models", copy_function=os.link)
    with Workspace.open(tmp_path / "home") as workspace:
        yield workspace


@pytest.fixture
def ids(workspace: Workspace, tmp_path: Path) -> dict[str, PhotoId]:
    """Four photos whose features `new` has stored; `old` is in use."""
    info = find_installed(workspace.home, "new").info
    found = add_photos(workspace, tmp_path / "photos", FEATURES, info)
    use(workspace, "old")
    return found


def use(workspace: Workspace, name: str) -> Adoption:
    return use_model(workspace, name, CancelToken(), lambda _: None)


def compare(workspace: Workspace, old: str, new: str) -> ModelDifference:
    bundles = [find_installed(workspace.home, name) for name in (old, new)]
    return compare_models(workspace, bundles[0], bundles[1], CancelToken(), lambda _: None)


def overwrite(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


def states(workspace: Workspace) -> dict[str, dict[str, TagState]]:
    rows = workspace.library.photo_rows(workspace.library.find(None))
    return {row.path.name: {tag.name: tag.state for tag in row.tags} for row in rows}


def names(workspace: Workspace) -> dict[str, set[str]]:
    return {path: set(tags) for path, tags in states(workspace).items()}


def test_without_a_choice_the_one_that_came_along_is_in_use(tmp_path: Path) -> None:
    assert bundle_in_use(tmp_path).info.name == "wedding-scenes"
    [shipped] = [model for model in list_models(tmp_path) if model.in_use]
    assert shipped.shipped
    assert len(shipped.classes) == 12


def test_another_model_scores_all_photos_without_opening_one(
    workspace: Workspace, ids: dict[str, PhotoId], tmp_path: Path
) -> None:
    for path in (tmp_path / "photos").iterdir():
        path.write_bytes(b"")  # nothing can be decoded any more
    adoption = use(workspace, "new")
    assert adoption == Adoption("new", "old", rescored=4, waiting=0)
    assert bundle_in_use(workspace.home).info.name == "new"
    assert names(workspace) == {
        "a.jpg": {"veil"},
        "b.jpg": {"bride", "veil"},
        "c.jpg": {"Cake"},
        "d.jpg": set(),
    }
    assert count_pending(workspace) == 0


def test_the_way_back_is_the_same_call(workspace: Workspace, ids: dict[str, PhotoId]) -> None:
    before = {path: workspace.library.scores(photo) for path, photo in ids.items()}
    use(workspace, "new")
    assert use(workspace, "old").rescored == 4
    assert {path: workspace.library.scores(photo) for path, photo in ids.items()} == before
    assert use(workspace, "old").rescored == 0


def test_what_a_person_decided_stays(workspace: Workspace, ids: dict[str, PhotoId]) -> None:
    rows = {row.path.name: row for row in workspace.library.photo_rows(list(ids.values()))}
    mark_photos(workspace.library, [rows["a.jpg"]], [parse_mark("+bride")])
    mark_photos(workspace.library, [rows["b.jpg"]], [parse_mark("-bride")])
    mark_photos(workspace.library, [rows["d.jpg"]], [parse_mark("+cake")])
    use(workspace, "new")
    found = states(workspace)
    assert found["a.jpg"] == {"bride": TagState.CONFIRMED, "veil": TagState.PREDICTED}
    assert found["b.jpg"] == {"bride": TagState.REJECTED, "veil": TagState.PREDICTED}
    assert found["d.jpg"] == {"Cake": TagState.CONFIRMED}


def test_photos_that_another_backbone_has_not_seen_wait(
    workspace: Workspace, ids: dict[str, PhotoId]
) -> None:
    before = names(workspace)
    assert use(workspace, "deep") == Adoption("deep", "old", rescored=0, waiting=4)
    assert count_pending(workspace) == 4
    assert names(workspace) == before


def test_a_stop_changes_nothing(workspace: Workspace, ids: dict[str, PhotoId]) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(CancelledError):
        use_model(workspace, "new", cancel, lambda _: None)
    assert bundle_in_use(workspace.home).info.name == "old"
    assert count_pending(workspace) == 0


@pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")
def test_a_model_whose_scores_are_no_numbers_is_not_put_in_use(
    workspace: Workspace, ids: dict[str, PhotoId], tmp_path: Path
) -> None:
    before = names(workspace)
    folder = tmp_path / "evil"
    save_model(folder, {"bride": 0, "cake": 1}, exclusive=True)
    text = json.loads((folder / "model.json").read_text())
    absurd = text | {"calibration": {"scale": [1e300, 1e300], "shift": [0, 0]}}
    overwrite(folder / "model.json", json.dumps(absurd).encode())
    with pytest.raises(ModelError, match="calibration"):
        import_model(workspace.home, folder)

    bundle = find_installed(workspace.home, "old")
    head = load_head(bundle.folder)
    huge = np.full_like(head.weight, 3e38)  # two numbers of a feature are too much
    info = bundle.info.model_copy(update={"name": "huge", "exclusive": True})
    save_with_head(bundle.folder, workspace.home / "models/huge", info, huge, head.bias)
    with pytest.raises(ModelError, match="scores that are no numbers"):
        use(workspace, "huge")
    assert bundle_in_use(workspace.home).info.name == "old"
    assert names(workspace) == before


@pytest.mark.parametrize("damage", ["cut", "version", "classes", "gone"])
def test_a_bad_model_leaves_the_one_in_use_in_use(
    workspace: Workspace, ids: dict[str, PhotoId], damage: str
) -> None:
    folder = workspace.home / "models/new"
    text = (folder / "model.json").read_text()
    if damage == "gone":
        shutil.rmtree(folder)
    elif damage == "cut":
        weights = (folder / "weights.safetensors").read_bytes()
        overwrite(folder / "weights.safetensors", weights[:10_000_000])
    else:
        changes: dict[str, object] = {"format_version": 9}
        if damage == "classes":
            calibration = {"scale": [1, 1], "shift": [0, 0]}
            changes = {"classes": json.loads(text)["classes"][:2], "calibration": calibration}
        overwrite(folder / "model.json", json.dumps(json.loads(text) | changes).encode())
    before = names(workspace)
    with pytest.raises((ModelError, WrongUseError)) as caught:
        use(workspace, "new")
    assert "\n" not in str(caught.value)
    assert bundle_in_use(workspace.home).info.name == "old"
    assert names(workspace) == before


def test_a_model_that_is_damaged_while_in_use_says_how_to_go_back(
    workspace: Workspace, ids: dict[str, PhotoId]
) -> None:
    overwrite(workspace.home / "models/old/model.json", b"{")
    with pytest.raises(ModelError, match="go back with tagger models use wedding-scenes"):
        bundle_in_use(workspace.home)
    shutil.rmtree(workspace.home / "models/old")
    with pytest.raises(ModelError, match="old, is not here any more"):
        bundle_in_use(workspace.home)
    assert use(workspace, "wedding-scenes").model == "wedding-scenes"


def test_the_matrix_of_moves(workspace: Workspace, ids: dict[str, PhotoId]) -> None:
    found = compare(workspace, "old", "new")
    assert (found.old, found.new) == ("old", "new")
    assert (found.compared, found.unknown, found.changed) == (4, 0, 2)
    assert found.cells == (
        Move(None, "veil", (ids["b.jpg"],)),
        Move("bride", "veil", (ids["a.jpg"],)),
    )
    assert bundle_in_use(workspace.home).info.name == "old"


def test_decided_tags_never_move(workspace: Workspace, ids: dict[str, PhotoId]) -> None:
    [row] = workspace.library.photo_rows([ids["a.jpg"]])
    mark_photos(workspace.library, [row], [parse_mark("+bride")])
    assert compare(workspace, "old", "new").cells == (
        Move(None, "veil", (ids["a.jpg"], ids["b.jpg"])),
    )


def test_what_would_change_is_what_changes(
    workspace: Workspace, ids: dict[str, PhotoId], tmp_path: Path
) -> None:
    """One label a photo or none; and a class that tags only where its answers are sure."""
    save_model(workspace.home / "models/one", {"bride": 0, "none": 1}, exclusive=True)
    folder = workspace.home / "models/old"
    values = json.loads((folder / "model.json").read_text())
    values["classes"][1]["precise_threshold"] = 0.99  # its photos have 0.982
    overwrite(folder / "model.json", json.dumps(values).encode())
    apply_setting(workspace, PRECISE_CLASSES, "cake")

    found = compare(workspace, "old", "one")
    use(workspace, "one")
    after = names(workspace)
    use(workspace, "old")
    before = names(workspace)

    paths = {photo: path for path, photo in ids.items()}
    told = {
        (cell.old, cell.new): {paths[photo] for photo in cell.photo_ids} for cell in found.cells
    }
    assert told == {
        (None, "bride"): {path for path in paths.values() if before[path] != after[path]}
    }


def test_photos_without_features_can_not_be_compared(
    workspace: Workspace, ids: dict[str, PhotoId]
) -> None:
    found = compare(workspace, "old", "deep")
    assert (found.compared, found.unknown, found.cells) == (0, 4, ())


def test_removing(workspace: Workspace, ids: dict[str, PhotoId]) -> None:
    assert remove_model(workspace, "new") == workspace.home / "models/new"
    assert sorted(path.name for path in (workspace.home / "models").iterdir()) == ["deep", "old"]
    for name, sentence in (
        ("old", "is in use"),
        ("wedding-scenes", "came with the program"),
        ("new", "There is no classifier called new"),
        ("../models/deep", "There is no classifier called"),
        ("..", "There is no classifier called"),
        ("", "There is no classifier called"),
    ):
        with pytest.raises(WrongUseError, match=sentence):
            remove_model(workspace, name)
    assert sorted(path.name for path in (workspace.home / "models").iterdir()) == ["deep", "old"]


def test_what_an_interrupted_change_left_waits_for_no_decoding(
    workspace: Workspace, ids: dict[str, PhotoId]
) -> None:
    bundle = find_installed(workspace.home, "new")
    model_id = register_bundle(workspace, bundle.info)  # a crash here leaves all photos waiting
    assert count_pending(workspace) == 4
    scorer = Scorer(bundle.info, load_head(bundle.folder).score)
    rescore = partial(
        rescore_waiting, workspace.library, scorer, model_id, CancelToken(), lambda _: None
    )
    assert rescore() == 4
    assert count_pending(workspace) == 0
    assert rescore() == 0
