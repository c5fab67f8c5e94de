"""A lesson, what it would change, and going on after a pause, on a real library."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
import torch

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError, WrongUseError
from tagger.core.tag import TagState
from tagger.services.classifiers import bundle_in_use, find_installed
from tagger.services.lessons.accepting import accept_move
from tagger.services.lessons.estimating import estimate_lesson
from tagger.services.lessons.giving import (
    LessonProgress,
    discard_lesson,
    give_lesson,
    list_unfinished,
    name_lesson,
    run_folder,
)
from tagger.services.lessons.overview import read_overview
from tagger.services.lessons.proposing import (
    ClassComparison,
    adopt,
    propose,
    teach_and_propose,
)
from tagger.services.models.adopting import use_model
from tagger.services.models.class_changes import rename_class, retire_class
from tagger.services.models.comparing import Move
from tagger.services.reviewing import mark_photos, parse_mark
from tagger.services.settings import shown_tags
from tagger.services.teaching.request import TeachRequest
from tagger.services.workspace import Workspace
from tests.bundles import add_photos, save_model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.core.ids import PhotoId
    from tagger.core.progress import Progress

BRIDES: dict[str, tuple[int, ...]] = {f"{s}/b{n}.jpg": (0, 5) for s in "pqrs" for n in range(2)}
OTHERS: dict[str, tuple[int, ...]] = {f"{s}/o{n}.jpg": (1,) for s in "pqrs" for n in range(2)}


def quiet(_: Progress) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("models")
    save_model(folder / "old", {"bride": 0, "cake": 1})
    save_model(folder / "forgetful", {"cake": 1})
    save_model(folder / "deep", {"bride": 0, "cake": 1}, body=1)
    return folder


@pytest.fixture
def workspace(tmp_path: Path, models: Path) -> Iterator[Workspace]:
    """`old` is in use; of the sixteen photos of four shoots it sees the brides."""
    home = tmp_path / "home"
    # Linked: a copy of all weights for each test would fill the disk. Never write into a file.
    shutil.copytree(models, home / "models", copy_function=os.link)
    with Workspace.open(home) as workspace:
        seen_by = find_installed(home, "forgetful").info
        add_photos(workspace, tmp_path / "photos", BRIDES | OTHERS, seen_by)
        use_model(workspace, "old", CancelToken(), quiet)
        yield workspace


def find(workspace: Workspace, start: str) -> list[PhotoId]:
    ids = workspace.library.find(None)
    return [row.id for row in workspace.library.photo_rows(ids) if row.path.name.startswith(start)]


def decide(workspace: Workspace, start: str, *marks: str) -> None:
    rows = workspace.library.photo_rows(find(workspace, start))
    mark_photos(workspace.library, rows, [parse_mark(mark) for mark in marks])


def test_the_overview_counts_and_says_what_is_missing(workspace: Workspace) -> None:
    empty = read_overview(workspace)
    assert (empty.model, empty.news, empty.can_learn) == ("old", 0, False)
    decide(workspace, "b", "+bride")
    decide(workspace, "o", "-bride")
    found = read_overview(workspace)
    [bride] = [one for one in found.classes if one.name == "bride"]
    assert (bride.confirmed, bride.corrected, bride.rejected) == (8, 0, 8)
    assert bride.missing == 12
    assert found.can_learn
    assert found.news == 16


def test_a_lesson_is_proposed_and_nothing_is_put_in_use(workspace: Workspace) -> None:
    decide(workspace, "b", "+cake")
    decide(workspace, "o", "-cake")
    rows = workspace.library.photo_rows(find(workspace, ""))
    before = {row.id: row.tags for row in rows}

    proposal = teach_and_propose(workspace, CancelToken(), quiet, request=TeachRequest())

    assert proposal.lesson is not None
    assert proposal.lesson.photos == 16
    assert proposal.name == "old-2"
    assert bundle_in_use(workspace.home).info.name == "old"
    assert {row.id: row.tags for row in workspace.library.photo_rows(list(before))} == before
    [cake] = [one for one in proposal.classes if one.name == "cake"]
    assert cake.before == 0
    assert cake.after is not None
    assert cake.after > 0.9
    assert proposal.is_safe
    assert all("cake" not in (cell.old, cell.new) for cell in proposal.difference.cells)


def test_photos_and_classes_that_go_in_the_middle_of_a_lesson(workspace: Workspace) -> None:
    decide(workspace, "b", "+cake", "-bride")
    decide(workspace, "o", "-cake", "+bride")
    gone = workspace.library.photo_rows(find(workspace, "b0"))[0].path
    seen: list[str] = []

    def change_classes(progress: Progress) -> None:
        if not seen:
            gone.unlink()
            rename_class(workspace, "cake", "torte")
            retire_class(workspace, "bride")
        seen.append(progress.task)

    proposal = teach_and_propose(workspace, CancelToken(), change_classes, request=TeachRequest())

    assert seen
    assert proposal.lesson is not None
    assert bundle_in_use(workspace.home).info.name == "old"
    adopt(workspace, CancelToken(), quiet, name=proposal.name)
    assert [tag.name for tag in shown_tags(workspace.library)] == ["torte"]
    decided = {photo.path.name: photo.has_tag for photo in workspace.library.decided_photos()}
    assert decided["b1.jpg"] == {"torte": True, "bride": False}
    assert decided["o1.jpg"] == {"torte": False, "bride": True}


def test_a_class_that_loses_is_named(workspace: Workspace) -> None:
    worse = ClassComparison("bride", 30, 0.9, 0.85)
    assert worse.is_loss
    assert not ClassComparison("bride", 30, 0.9, 0.898).is_loss
    assert not ClassComparison("new", 30, None, 0.5).is_loss
    assert ClassComparison("gone", 30, 0.9, None).is_loss
    decide(workspace, "b", "+bride")
    proposal = propose(workspace, CancelToken(), quiet, name="forgetful")
    assert [one.name for one in proposal.losers] == ["bride"]
    assert not proposal.is_safe


def test_another_body_looks_at_all_photos_once(workspace: Workspace) -> None:
    proposal = propose(workspace, CancelToken(), quiet, name="deep")
    assert proposal.difference.compared == 16
    assert proposal.difference.unknown == 0
    assert use_model(workspace, "deep", CancelToken(), quiet).waiting == 0


def test_a_cell_is_accepted_or_refused_as_one_step(workspace: Workspace) -> None:
    [first, second, *_] = find(workspace, "b")
    move = Move("bride", "cake", (first, second))
    accept_move(workspace.library, move, is_right=True)
    assert _states(workspace, first) == {"bride": TagState.REJECTED, "cake": TagState.CONFIRMED}
    workspace.library.undo()
    assert _states(workspace, second) == {"bride": TagState.PREDICTED}
    accept_move(workspace.library, move, is_right=False)
    assert _states(workspace, first) == {"bride": TagState.CONFIRMED, "cake": TagState.REJECTED}
    with pytest.raises(WrongUseError):
        accept_move(workspace.library, Move(None, "veil", (first,)), is_right=True)


def test_photos_of_a_cell_that_were_corrected_one_by_one_stay_so(workspace: Workspace) -> None:
    [fixed, *others] = find(workspace, "b")
    move = Move("bride", "cake", (fixed, *others))
    row = workspace.library.photo_rows([fixed])
    mark_photos(workspace.library, row, [parse_mark("+bride")])

    done = accept_move(workspace.library, move, is_right=True)

    assert (done.decided, done.kept) == (len(others), 1)
    assert _states(workspace, fixed) == {"bride": TagState.CONFIRMED}
    assert _states(workspace, others[0])["cake"] is TagState.CONFIRMED
    done = accept_move(workspace.library, move, is_right=False)
    assert (done.decided, done.kept) == (1, len(others)), "undo is the way back from a cell"
    assert _states(workspace, others[0])["cake"] is TagState.CONFIRMED


def test_a_photo_in_two_cells_gets_the_tags_of_both(workspace: Workspace) -> None:
    [photo, *_] = find(workspace, "b")
    for name in ("cake", "other"):
        workspace.library.add_tag(name, (name,))
        accept_move(workspace.library, Move("bride", name, (photo,)), is_right=True)

    states = _states(workspace, photo)
    assert states["bride"] is TagState.REJECTED
    assert {states["cake"], states["other"]} == {TagState.CONFIRMED}


def test_a_lesson_that_can_not_be_given_leaves_nothing(workspace: Workspace) -> None:
    request = name_lesson(workspace.home, TeachRequest(is_deep=True, epochs=2))
    with pytest.raises(WrongUseError, match="too little"):
        give_lesson(workspace, CancelToken(), quiet, request=request)
    assert list_unfinished(workspace.home) == []
    assert not run_folder(workspace.home, request).exists()


@pytest.mark.slow
def test_a_paused_lesson_keeps_its_name_until_it_is_forgotten(workspace: Workspace) -> None:
    decide(workspace, "b", "+cake")
    decide(workspace, "o", "-cake")
    request = name_lesson(workspace.home, TeachRequest(is_deep=True, epochs=2))
    cancel = CancelToken()

    def stop_after_the_first_epoch(progress: Progress) -> None:
        if isinstance(progress, LessonProgress) and progress.points:
            cancel.cancel()

    with pytest.raises(CancelledError):
        give_lesson(workspace, cancel, stop_after_the_first_epoch, request=request)
    [waiting] = list_unfinished(workspace.home)
    assert (waiting.request, waiting.epochs) == (request, 1)
    assert name_lesson(workspace.home, TeachRequest(is_deep=True)).name != request.name

    seen: list[LessonProgress] = []
    given = give_lesson(
        workspace,
        CancelToken(),
        lambda p: seen.append(p) if isinstance(p, LessonProgress) else None,
        request=waiting.request,
    )
    assert given.name == request.name
    assert not any(p.task.startswith("Epoch 1 ") for p in seen), "the first epoch was kept"
    assert [point.epoch for point in seen[-1].points][:1] == [0]
    assert list_unfinished(workspace.home) == []


@pytest.mark.slow
def test_the_time_of_a_lesson_is_measured_and_leaves_nothing(workspace: Workspace) -> None:
    decide(workspace, "b", "+cake")
    decide(workspace, "o", "-cake")
    request = TeachRequest(is_deep=True, epochs=3)
    estimate = estimate_lesson(workspace, CancelToken(), quiet, request=request)
    assert (estimate.photos, estimate.epochs, estimate.device) == (16, 3, "cpu")
    assert estimate.seconds > 3 * estimate.step_seconds > 0
    assert list_unfinished(workspace.home) == []


def test_a_lesson_is_forgotten_for_good(workspace: Workspace) -> None:
    request = TeachRequest(is_deep=True, name="later")
    run = run_folder(workspace.home, request)
    run.mkdir(parents=True)
    discard_lesson(workspace.home, request)
    discard_lesson(workspace.home, request)
    assert not run.exists()


def _states(workspace: Workspace, photo_id: PhotoId) -> dict[str, TagState]:
    [row] = workspace.library.photo_rows([photo_id])
    return {tag.name: tag.state for tag in row.tags}
