"""A lesson with all layers on decisions, and what the model before says of everything else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.core.cancel import CancelToken
from tagger.ml import load_info
from tagger.ml.evaluation import measure_tags
from tagger.ml.starting import start_from_model
from tagger.services.indexing import scan_library
from tagger.services.reviewing import mark_photos, parse_mark
from tagger.services.teaching.assuming import add_undecided
from tagger.services.teaching.from_library import collect_from_library
from tagger.services.teaching.saving import make_extras
from tagger.services.teaching.sides import Sides, warn_of_sides
from tagger.services.workspace import Workspace
from tests.bundles import add_photos, save_model
from tests.colours import save_colour

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.ml.starting import Start
    from tagger.services.teaching.lesson import Lesson

BRIDE, CAKE, RINGS = 0, 1, 2
SHOWN = {
    "a/1.jpg": (BRIDE,),
    "a/2.jpg": (CAKE,),
    "a/3.jpg": (CAKE, BRIDE),
    "b/4.jpg": (),
    "b/5.jpg": (BRIDE,),
    "b/6.jpg": (CAKE,),
    "b/7.jpg": (CAKE,),
    "b/8.jpg": (CAKE, RINGS),
    "b/9.jpg": (),
}
DECIDED = 4  # the first ones


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    folder = tmp_path_factory.mktemp("model") / "small"
    model = save_model(folder, {"bride": BRIDE, "cake": CAKE, "rings": RINGS})
    return start_from_model(model.folder, load_info(model.folder))


@pytest.fixture
def workspace(tmp_path: Path, start: Start) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "home") as workspace:
        ids = add_photos(workspace, tmp_path / "photos", SHOWN, start.info)
        library = workspace.library
        library.add_tag("first dance", ("First Dance",))
        for names, mark in (
            (["a/1.jpg", "b/4.jpg"], "+bride"),
            (["a/2.jpg", "a/3.jpg"], "-bride"),
            (["a/1.jpg", "a/2.jpg"], "+first dance"),
            (["b/4.jpg"], "-cake"),
        ):
            rows = library.photo_rows([ids[name] for name in names])
            mark_photos(library, rows, [parse_mark(mark)])
        yield workspace


def assume(workspace: Workspace, start: Start, folder: Path) -> Lesson:
    lesson = collect_from_library(workspace.library, exclusive=False)
    return add_undecided(workspace.library, lesson, start, folder)


def test_what_nobody_decided_is_what_the_model_before_says(
    workspace: Workspace, start: Start, tmp_path: Path
) -> None:
    lesson = assume(workspace, start, tmp_path)
    assert set(lesson.names) == {"bride", "first dance", "cake"}, "rings are seen too seldom"
    assert lesson.classes["cake"] == ("Wedding", "Cake")
    assert lesson.assumed is not None
    found = {
        photo.path.parent.name + "/" + photo.path.name: dict(zip(lesson.names, row, strict=True))
        for photo, row in zip(lesson.photos, lesson.targets.tolist(), strict=True)
    }
    assert found.keys() == SHOWN.keys()
    decided = {"a/1.jpg": 1, "a/2.jpg": 0, "a/3.jpg": 0, "b/4.jpg": 1}
    assert {name: found[name]["bride"] for name in decided} == decided
    assert [found[name]["cake"] for name in SHOWN] == [CAKE in ones for ones in SHOWN.values()]
    assert lesson.assumed[[photo.path.name for photo in lesson.photos].index("4.jpg")].sum() == 1
    others = list(SHOWN)[DECIDED:]
    assert [found[name]["bride"] for name in others] == [BRIDE in SHOWN[name] for name in others]
    assert {found[name]["first dance"] for name in others} == {0}, "five for each that shows it"
    assert lesson.assumed.sum() == lesson.targets.size - 7, "as many decisions there are"


def test_it_counts_and_measures_decisions_alone(
    workspace: Workspace, start: Start, tmp_path: Path
) -> None:
    before = collect_from_library(workspace.library, exclusive=False)
    lesson = assume(workspace, start, tmp_path)
    told = lesson.only_decided()
    assert [photo.path for photo in told.photos] == [photo.path for photo in before.photos]
    taught = [told.names.index(name) for name in before.names]
    np.testing.assert_array_equal(told.targets[:, taught], before.targets)
    data = lesson.describe()
    assert (data.photos, data.sources) == (DECIDED, before.describe().sources)
    assert data.counts == {"bride": 2, "first dance": 2, "cake": 0}
    assert make_extras(lesson) == make_extras(told)


def test_a_class_of_which_nobody_said_anything_has_no_figures(
    workspace: Workspace, start: Start, tmp_path: Path
) -> None:
    told = assume(workspace, start, tmp_path).only_decided()
    targets = np.where([name == "cake" for name in told.names], np.nan, told.targets)
    scores, half = np.full(targets.shape, 0.6, np.float32), (0.5,) * len(told.names)
    metrics = measure_tags(scores, targets.astype(np.float32), told.groups, told.names, half, half)
    assert metrics.per_class["bride"]["recall"].value == 1
    assert metrics.per_class["cake"] == {}


def test_a_run_that_goes_on_takes_the_same_photos(
    workspace: Workspace, start: Start, tmp_path: Path
) -> None:
    first = assume(workspace, start, tmp_path / "home")
    for number in range(3):
        save_colour(tmp_path / f"photos/new/{number}.jpg", "blue", seed=number)
    scan_library(workspace, CancelToken(), lambda _: None)
    again = assume(workspace, start, tmp_path / "home")
    assert again.describe() == first.describe()
    assert [photo.path for photo in again.photos] == [photo.path for photo in first.photos]


def test_one_label_a_photo_has_nothing_assumed(
    workspace: Workspace, start: Start, tmp_path: Path
) -> None:
    lesson = collect_from_library(workspace.library, exclusive=False)
    lesson = replace(lesson, exclusive=True)
    assert add_undecided(workspace.library, lesson, start, tmp_path) is lesson


def test_classes_that_nobody_decided_on_are_not_missed_among_the_held_out(
    workspace: Workspace, start: Start, tmp_path: Path
) -> None:
    lesson = assume(workspace, start, tmp_path)
    rows = np.arange(len(lesson.photos))
    sides = Sides(rows, rows[DECIDED:], None, "")
    warned = warn_of_sides(lesson, sides).warnings
    assert [one.split("”")[0] for one in warned if one.startswith("No held-out")] == [
        f"No held-out photo shows “{name}" for name in lesson.names if name != "cake"
    ]


def test_photos_that_are_away_are_not_asked_for(
    workspace: Workspace, start: Start, tmp_path: Path
) -> None:
    (tmp_path / "photos/b/9.jpg").unlink()
    lesson = assume(workspace, start, tmp_path)
    assert {photo.path.name for photo in lesson.photos} == {f"{n}.jpg" for n in range(1, 9)}


def test_a_damaged_list_of_a_run_is_made_anew(
    workspace: Workspace, start: Start, tmp_path: Path
) -> None:
    for damage in ("", "{}", "[1, null]"):
        (tmp_path / "undecided.json").write_text(damage)
        assert len(assume(workspace, start, tmp_path).photos) == len(SHOWN)
