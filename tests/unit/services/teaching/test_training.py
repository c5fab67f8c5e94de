"""What goes wrong between the beginning of a lesson and its classifier."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError, LibraryError, WrongUseError
from tagger.ml import load_info
from tagger.ml.starting import start_from_model
from tagger.services.classifiers import IN_USE
from tagger.services.lessons.giving import give_lesson, list_unfinished
from tagger.services.reviewing import mark_photos, parse_mark
from tagger.services.teaching.deep import prepare_bench
from tagger.services.teaching.from_folders import collect_from_folders
from tagger.services.teaching.from_library import collect_from_library
from tagger.services.teaching.request import Audience, TeachRequest
from tagger.services.teaching.training import teach
from tagger.services.workspace import Workspace
from tests.bundles import add_photos, save_model
from tests.colours import save_colour

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.core.progress import Progress
    from tagger.ml import BundleInfo

PLACES = [f"{part}/{name}/{n}.jpg" for part in ("train", "test") for name in "xy" for n in range(4)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, place in enumerate(PLACES):
        save_colour(tmp_path / "set" / place, "red", seed=number, size=(20, 16))
    return tmp_path / "set"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    save_model(tmp_path / "home/models/small", {"bride": 0, "cake": 1})
    with Workspace.open(tmp_path / "home") as workspace:
        workspace.library.change_setting(IN_USE, "small")
        yield workspace


def test_a_name_that_was_taken_meanwhile_and_a_stop_lose_nothing(
    workspace: Workspace, folder: Path
) -> None:
    models, cancel = workspace.home / "models", CancelToken()

    def take_the_name(sentence: str) -> None:
        assert sentence.startswith("Learning mine from")
        shutil.copytree(models / "small", models / "mine")

    def stop_when_saved(_: Progress) -> None:
        if (models / "mine-2").exists():
            cancel.cancel()

    request = TeachRequest(folder, name="mine", has_views=True)
    taught = teach(workspace, request, Audience(cancel, stop_when_saved, take_the_name))
    assert taught.info.name == taught.folder.name == "mine-2"
    assert (taught.folder / "model.json").exists()
    assert taught.views is None
    assert taught.lesson.warnings[-2:] == (
        "There is another model called mine by now, so this one is called mine-2.",
        "Stopped before it was measured what several looks gain.",
    )


@pytest.mark.slow
def test_a_lesson_that_is_stopped_when_it_is_saved_is_no_paused_one(
    workspace: Workspace, folder: Path
) -> None:
    cancel = CancelToken()

    def stop_when_saved(_: Progress) -> None:
        if (workspace.home / "models/mine").exists():
            cancel.cancel()

    request = TeachRequest(folder, name="mine", has_views=True)
    with pytest.raises(CancelledError, match="The classifier mine is saved"):
        give_lesson(workspace, cancel, stop_when_saved, request=request)


@pytest.mark.slow
def test_a_training_in_other_folds_is_another_one(
    workspace: Workspace, folder: Path, tmp_path: Path
) -> None:
    lesson = collect_from_folders(folder, workspace.home, {}, exclusive=True)
    start = start_from_model(workspace.home / "models/small", _info(workspace))
    audience = Audience(CancelToken(), lambda _: None, lambda _: None)
    five = TeachRequest(folder, is_deep=True, exclusive=True, folds=5, device="cpu")
    keys = [
        prepare_bench(lesson, start, request, tmp_path / "run", audience).work.key
        for request in (five, replace(five, folds=3))
    ]
    assert keys[0] != keys[1]


class _ToldError(Exception):
    """Ends a training once it has said what a test waits for."""


def _hear(workspace: Workspace, request: TeachRequest, until: str) -> list[str]:
    """What a training says, up to a sentence with these words."""
    heard: list[str] = []

    def say(sentence: str) -> None:
        heard.append(sentence)
        if until in sentence:
            raise _ToldError

    with pytest.raises(_ToldError):
        teach(workspace, request, Audience(CancelToken(), lambda _: None, say))
    return heard


def _learned_name(workspace: Workspace, request: TeachRequest) -> str:
    """The name under which a training begins."""
    [sentence] = _hear(workspace, request, until="Learning")
    return sentence.removeprefix("Learning ").split(" from ")[0]


def _leave_unfinished(workspace: Workspace, request: TeachRequest, name: str) -> Path:
    """What a training leaves that is killed after hours."""
    cancel = CancelToken()

    def stop_before_the_first_step(progress: Progress) -> None:
        if progress.task == "Looking at photos" and progress.done == progress.total:
            cancel.cancel()

    with pytest.raises(CancelledError):
        teach(workspace, request, Audience(cancel, stop_before_the_first_step, lambda _: None))
    kept = workspace.home / "runs" / name / "held-out.checkpoint"
    kept.write_bytes(b"hours")
    return kept


@pytest.mark.slow
def test_hours_of_one_data_set_are_never_written_over_by_another_of_the_same_name(
    workspace: Workspace, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere" / folder.name
    shutil.copytree(folder, other)
    first = TeachRequest(folder, is_deep=True, start="small", device="cpu")
    kept = _leave_unfinished(workspace, first, "set")

    second = replace(first, folders=other)
    assert _learned_name(workspace, second) == "set-2"
    assert _learned_name(workspace, replace(first, epochs=3)) == "set-2"
    assert _learned_name(workspace, replace(first, device="auto", has_views=True)) == "set"
    assert _learned_name(workspace, replace(first, name="set")) == "set"
    with pytest.raises(LibraryError, match=f"learns from {folder}, starting from small"):
        _learned_name(workspace, replace(second, name="set"))

    lost = folder / PLACES[0]
    photo = lost.read_bytes()
    lost.write_bytes(b"as if its drive were away")
    with pytest.raises(LibraryError, match=f"can't be read now \\(1, such as {lost}"):
        teach(workspace, first, Audience(CancelToken(), lambda _: None, lambda _: None))
    assert kept.read_bytes() == b"hours"
    lost.write_bytes(photo)
    save_colour(folder / "train/x/new.jpg", "red", seed=9, size=(20, 16))
    assert "begins anew" in _hear(workspace, first, until="begins anew")[-1]
    (kept.parent / "request.json").write_text("{")
    assert _learned_name(workspace, second) == "set", "one of an earlier version says nothing"


@pytest.mark.parametrize("trouble", ["away", "taken"])
def test_a_paused_lesson_that_can_not_go_on_now_keeps_its_hours(
    workspace: Workspace, folder: Path, trouble: str
) -> None:
    request = TeachRequest(folder, is_deep=True, start="small", name="tonight")
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(CancelledError):
        give_lesson(workspace, cancel, lambda _: None, request=request)
    kept = workspace.home / "runs/tonight/held-out.checkpoint"
    kept.write_bytes(b"hours")
    if trouble == "away":
        folder.rename(folder.with_name("drive"))
    else:
        shutil.copytree(workspace.home / "models/small", workspace.home / "models/tonight")

    with pytest.raises(WrongUseError):
        give_lesson(workspace, CancelToken(), lambda _: None, request=request)

    assert kept.read_bytes() == b"hours"
    assert [one.request for one in list_unfinished(workspace.home)] == [request]


def _info(workspace: Workspace) -> BundleInfo:
    return load_info(workspace.home / "models/small")


def test_a_class_that_stands_alone_too_seldom_is_left_out_of_one_label_a_photo(
    workspace: Workspace, tmp_path: Path
) -> None:
    photos = {f"{n}.jpg": (n % 2,) for n in range(8)}
    ids = add_photos(workspace, tmp_path / "photos", photos, _info(workspace))
    library = workspace.library
    library.add_tag("rings", ("Rings",))

    def mark(names: range, *marks: str) -> None:
        rows = library.photo_rows([ids[f"{n}.jpg"] for n in names])
        mark_photos(library, rows, [parse_mark(mark) for mark in marks])

    mark(range(0, 8, 2), "+bride")
    mark(range(1, 8, 2), "+cake")
    mark(range(3), "+rings")
    lesson = collect_from_library(library, exclusive=True)
    assert lesson.names == ["bride", "cake"]
    assert len(lesson.photos) == 5
    assert any("“rings” is left out" in warning for warning in lesson.warnings)
    mark(range(3, 8), "+rings")
    with pytest.raises(WrongUseError, match="too little to learn from"):
        collect_from_library(library, exclusive=True)
