"""A class from a few examples, on a real library with known features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError, ModelError, WrongUseError
from tagger.core.tag import TagState
from tagger.images import read_content_id
from tagger.library import ScoredPhoto
from tagger.ml.network import FEATURES
from tagger.services.classifiers import IN_USE, bundle_in_use, register_bundle
from tagger.services.indexing import scan_library
from tagger.services.models.class_changes import rename_class, retire_class
from tagger.services.models.class_list import list_classes
from tagger.services.models.new_classes import NewClass, add_class
from tagger.services.reviewing import mark_photos, parse_mark
from tagger.services.teaching.learned import read_learned
from tagger.services.workspace import Workspace
from tests.bundles import add_photos, save_model

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.core.progress import Progress

DANCES = 12
PLAIN = 30


def make_features(seed: int, *, is_dance: bool) -> NDArray[np.float16]:
    feature = np.random.default_rng(seed).uniform(0, 0.3, FEATURES)
    feature[100:120] += is_dance
    return feature.astype(np.float16)


def open_library(tmp_path: Path, *, exclusive: bool) -> Workspace:
    """Twelve dances in four shoots and thirty other photos, all seen by the model in use."""
    workspace = Workspace.open(tmp_path / "home")
    bundle = save_model(
        tmp_path / "home/models/small", {"bride": 0, "cake": 1}, exclusive=exclusive
    )
    workspace.library.change_setting(IN_USE, "small")
    names = [f"shoot {n % 4}/dance{n:02}.jpg" for n in range(DANCES)]
    names += [f"shoot {n % 4}/plain{n:02}.jpg" for n in range(PLAIN)]
    ids = add_photos(workspace, tmp_path / "photos", dict.fromkeys(names, ()), bundle.info)
    model_id = register_bundle(workspace, bundle.info)
    scored = [
        ScoredPhoto(ids[name], {}, make_features(seed, is_dance="dance" in name).tobytes())
        for seed, name in enumerate(names)
    ]
    workspace.library.store_scores(model_id, scored)
    return workspace


@pytest.fixture(params=[False, True], ids=["tags", "exclusive"])
def workspace(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    with open_library(tmp_path, exclusive=request.param) as workspace:
        yield workspace


def dances(tmp_path: Path, count: int) -> list[Path]:
    return sorted((tmp_path / "photos").rglob("dance*.jpg"), key=lambda path: path.name)[:count]


def add(
    workspace: Workspace, name: str, paths: Sequence[Path], keyword: tuple[str, ...] | None = None
) -> NewClass:
    return add_class(workspace, name, paths, CancelToken(), lambda _: None, keyword_path=keyword)


def test_a_class_from_eight_examples_works_at_once(workspace: Workspace, tmp_path: Path) -> None:
    added = add(workspace, "first dance", dances(tmp_path, 8))
    assert (added.name, added.keyword_path) == ("first dance", ("Wedding", "First Dance"))
    assert (added.examples, added.found_again) == (8, 8)
    assert added.low < 0.8 < added.high
    assert (added.tagged, added.rescored) == (4, 42)
    assert added.model == "small with first dance"
    assert any("2 more examples" in sentence for sentence in added.advice)

    rows = workspace.library.photo_rows(workspace.library.find(None))
    states = {
        row.path.name: {tag.name: tag.state for tag in row.tags}.get("first dance") for row in rows
    }
    shown = {path.name for path in dances(tmp_path, 8)}
    for name, state in states.items():
        if name in shown:
            assert state is TagState.CONFIRMED
        else:
            assert state is (TagState.PREDICTED if "dance" in name else None)


def test_a_stop_leaves_no_classifier_behind(workspace: Workspace, tmp_path: Path) -> None:
    def stop_while_scoring(progress: Progress) -> None:
        if progress.task == "Scoring anew":
            raise CancelledError("Stopped at once.")  # what a second Ctrl-C raises anywhere

    models = workspace.home / "models"
    with pytest.raises(CancelledError):
        add_class(workspace, "veil", dances(tmp_path, 8), CancelToken(), stop_while_scoring)
    assert sorted(path.name for path in models.iterdir()) == ["small"]
    assert bundle_in_use(workspace.home).info.name == "small"


def test_the_new_classifier_keeps_what_the_old_one_knew(
    workspace: Workspace, tmp_path: Path
) -> None:
    before = bundle_in_use(workspace.home).info
    add(workspace, "first dance", dances(tmp_path, 8))
    after = bundle_in_use(workspace.home).info
    assert after.backbone == before.backbone
    assert after.parent == before.fingerprint
    assert [entry.name for entry in after.classes] == ["bride", "cake", "first dance"]
    assert after.data.counts["first dance"] == 8
    examples = {read_content_id(path) for path in dances(tmp_path, 8)}
    assert read_learned(workspace.home / "models" / after.name) == examples
    assert add(workspace, "veil", dances(tmp_path, 3)).model == "small with first dance and veil"


def test_the_classes_are_listed(workspace: Workspace, tmp_path: Path) -> None:
    add(workspace, "first dance", dances(tmp_path, 8), ("Party", "Dance"))
    rows = workspace.library.photo_rows(workspace.library.find(None))[:1]
    mark_photos(workspace.library, rows, [parse_mark("-cake")])
    by_name = {entry.name: entry for entry in list_classes(workspace)}
    dance = by_name["first dance"]
    assert (dance.keyword_path, dance.in_model, dance.threshold) == (("Party", "Dance"), True, 0.5)
    assert (dance.photos, dance.confirmed, dance.rejected) == (12, 8, 0)
    assert by_name["cake"].rejected == 1


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("first/dance", "without “/”"),
        ("first|dance", "without “/”"),
        ("  ", "can't be a class"),
        ("BRIDE", "There is a class “bride” already"),
        ("none", "means something else"),
        ("+veil", "means something else"),
    ],
)
def test_names_that_no_class_can_have(tmp_path: Path, name: str, sentence: str) -> None:
    with open_library(tmp_path, exclusive=False) as workspace:
        with pytest.raises(WrongUseError, match=sentence) as caught:
            add(workspace, name, dances(tmp_path, 8))
        assert "\n" not in str(caught.value)
        assert bundle_in_use(workspace.home).info.name == "small"


def test_photos_that_can_be_no_examples(tmp_path: Path) -> None:
    with open_library(tmp_path, exclusive=False) as workspace:
        with pytest.raises(ModelError, match="needs 3 examples"):
            add(workspace, "first dance", dances(tmp_path, 2))
        with pytest.raises(WrongUseError):
            add(workspace, "first dance", [tmp_path / "elsewhere.jpg"])
        (tmp_path / "home/features.db").unlink()
    with Workspace.open(tmp_path / "home") as workspace:
        with pytest.raises(WrongUseError, match="run tagger tag first"):
            add(workspace, "first dance", dances(tmp_path, 8))
        assert bundle_in_use(workspace.home).info.name == "small"


def test_the_earlier_name_of_a_class_is_none_for_another(tmp_path: Path) -> None:
    """It leads to the renamed class, whose examples these would become."""
    with open_library(tmp_path, exclusive=False) as workspace:
        rename_class(workspace, "cake", "dessert")
        with pytest.raises(WrongUseError, match="what “dessert” was called"):
            add(workspace, "cake", dances(tmp_path, 8))
        assert workspace.library.decided_photos() == []


def test_a_retired_class_is_brought_back_first(tmp_path: Path) -> None:
    """Its photos would get no tag, for it is asked about no more."""
    with open_library(tmp_path, exclusive=False) as workspace:
        workspace.library.add_tag("veil", ("Veil",))
        retire_class(workspace, "veil")
        with pytest.raises(WrongUseError, match="“Veil” is retired"):
            add(workspace, "Veil", dances(tmp_path, 8))


def test_a_photo_that_can_not_be_read_is_no_example(tmp_path: Path) -> None:
    with open_library(tmp_path, exclusive=False) as workspace:
        (tmp_path / "photos/shoot 1/broken.jpg").write_bytes(b"no photo")
        scan_library(workspace, CancelToken(), lambda _: None)
        row = workspace.library.find_photo(tmp_path / "photos/shoot 1/broken.jpg")
        workspace.library.store_error(row.id, "The file is not a picture.")
        with pytest.raises(WrongUseError, match="be an example: The file is not"):
            add(workspace, "first dance", [*dances(tmp_path, 8), row.path])


def test_keywords_that_no_class_can_have(tmp_path: Path) -> None:
    with open_library(tmp_path, exclusive=False) as workspace:
        for keyword in (("Wedding", ""), ("", ""), (" ",), ("a|b",)):
            with pytest.raises(WrongUseError, match="a name on each level"):
                add(workspace, "first dance", dances(tmp_path, 8), keyword)
        assert bundle_in_use(workspace.home).info.name == "small"
