"""On a real library: photos of plain colours, tagged, decided on, and one decision wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagger.core.cancel import CancelToken
from tagger.core.errors import WrongUseError
from tagger.core.query import Flag, Is
from tagger.library import ClassRecord, ModelRecord
from tagger.services.indexing import scan_library
from tagger.services.label_decisions import LabelDecision, LabelVerdict, store_decisions
from tagger.services.lessons.tidying import Settlement, find_doubtful, settle_doubt
from tagger.services.models.class_changes import rename_class
from tagger.services.reviewing import mark_photos, parse_mark
from tagger.services.tag_doubts import keep_tags, review_tags
from tagger.services.tagging import tag_pending
from tagger.services.workspace import Workspace
from tests.colours import COLOURS, PlainColours, save_colour

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Eight red and eight blue photos in four shoots, tagged by the model."""
    for number in range(16):
        colour = "red" if number % 2 else "blue"
        path = tmp_path / "photos" / f"shoot {number // 4}" / f"{colour}{number:02}.jpg"
        save_colour(path, colour, seed=number)
    with Workspace.open(tmp_path / "home") as workspace:
        workspace.library.add_folder(tmp_path / "photos")
        scan_library(workspace, CancelToken(), lambda _: None)
        classifier = PlainColours(exclusive=False)
        model_id = workspace.library.register_model(
            ModelRecord(
                name="colours",
                fingerprint=classifier.fingerprint,
                backbone=classifier.backbone,
                classes=tuple(ClassRecord(name, (name,), 0.5) for name in COLOURS),
            )
        )
        tag_pending(workspace, classifier, model_id, CancelToken(), lambda _: None)
        yield workspace


def mark(workspace: Workspace, colour: str, text: str, *, but: str = "") -> None:
    rows = workspace.library.photo_rows(workspace.library.find(None))
    photos = [r for r in rows if r.path.name.startswith(colour) and r.path.stem != but]
    mark_photos(workspace.library, photos, [parse_mark(text)])


def test_keeping_one_decision_says_nothing_of_another_on_the_photo(workspace: Workspace) -> None:
    for right, wrong in (("red", "blue"), ("blue", "red")):
        mark(workspace, right, f"+{right}", but="blue10")
        mark(workspace, right, f"-{wrong}", but="blue10")
    mark(workspace, "blue10", "+red")
    mark(workspace, "blue10", "-blue")
    doubts = find_doubtful(workspace, CancelToken(), lambda _: None).tags
    assert {(one.path.stem, one.name) for one in doubts} == {("blue10", "red"), ("blue10", "blue")}

    settle_doubt(workspace, next(one for one in doubts if one.name == "red"), Settlement.KEEP)

    [left] = review_tags(workspace).suspects
    assert (left.path.stem, left.label) == ("blue10", "blue")


def test_a_doubt_is_kept_although_the_class_has_another_name_now(workspace: Workspace) -> None:
    mark(workspace, "red", "+red")
    mark(workspace, "blue", "-red", but="blue10")
    mark(workspace, "blue10", "+red")
    [doubt] = find_doubtful(workspace, CancelToken(), lambda _: None).tags
    rename_class(workspace, "red", "scarlet")

    settle_doubt(workspace, doubt, Settlement.KEEP)

    assert review_tags(workspace).suspects == []


def test_nothing_decided_nothing_doubtful(workspace: Workspace) -> None:
    found = review_tags(workspace)
    assert (found.suspects, found.judged, found.too_few) == ([], 0, ())


def test_a_wrong_confirmation_and_a_wrong_rejection_are_listed(
    workspace: Workspace, tmp_path: Path
) -> None:
    mark(workspace, "red", "+red", but="red05")
    mark(workspace, "red05", "-red")
    mark(workspace, "blue", "-red", but="blue10")
    mark(workspace, "blue10", "+red")
    found = review_tags(workspace)
    assert found.judged == 16
    listed = {suspect.path.stem: (suspect.label, suspect.likely) for suspect in found.suspects}
    assert listed == {"red05": ("red", "red"), "blue10": ("red", None)}


def test_what_is_kept_is_not_listed_again(workspace: Workspace, tmp_path: Path) -> None:
    mark(workspace, "red", "+red")
    mark(workspace, "blue", "-red", but="blue10")
    mark(workspace, "blue10", "+red")
    [suspect] = review_tags(workspace).suspects
    keep_tags(workspace, [suspect.path])
    assert review_tags(workspace).suspects == []


def test_what_was_kept_is_no_word_on_the_opposite_decision(workspace: Workspace) -> None:
    mark(workspace, "red", "+red")
    mark(workspace, "blue", "-red")
    rows = workspace.library.photo_rows(workspace.library.find(None))
    keep_tags(workspace, [row.path for row in rows if row.path.stem == "red05"])
    assert review_tags(workspace).suspects == []

    mark(workspace, "red05", "-red")

    assert [suspect.path.stem for suspect in review_tags(workspace).suspects] == ["red05"]


def test_what_an_earlier_version_kept_stays_kept(workspace: Workspace) -> None:
    mark(workspace, "red", "+red")
    mark(workspace, "blue", "-red", but="blue10")
    mark(workspace, "blue10", "+red")
    [row] = [
        row
        for row in workspace.library.photo_rows(workspace.library.find(None))
        if row.path.stem == "blue10"
    ]
    kept = LabelDecision(content_id=f"photo {row.id}", label="red", verdict=LabelVerdict.KEEP)
    store_decisions(workspace.home, [kept])
    assert review_tags(workspace).suspects == []


def test_too_few_decisions_say_so(workspace: Workspace) -> None:
    mark(workspace, "red", "+red")
    found = review_tags(workspace)
    assert found.too_few == ("red",)
    assert found.judged == 0


def test_there_must_be_something_to_keep(workspace: Workspace, tmp_path: Path) -> None:
    [path] = (tmp_path / "photos").rglob("red01.jpg")
    with pytest.raises(WrongUseError, match="nothing to keep"):
        keep_tags(workspace, [path])


def doubtful(workspace: Workspace) -> list[str]:
    ids = workspace.library.find(Is(Flag.DOUBTFUL))
    return sorted(row.path.stem for row in workspace.library.photo_rows(ids))


def test_a_search_finds_what_is_doubtful_until_it_is_decided(workspace: Workspace) -> None:
    mark(workspace, "red", "+red", but="red05")
    mark(workspace, "red05", "-red")
    mark(workspace, "blue", "-red", but="blue10")
    mark(workspace, "blue10", "+red")
    assert doubtful(workspace) == []
    found = review_tags(workspace)
    assert doubtful(workspace) == ["blue10", "red05"]

    keep_tags(workspace, [s.path for s in found.suspects if s.path.stem == "red05"])
    assert doubtful(workspace) == ["blue10"]
    mark(workspace, "blue10", "-red")
    assert doubtful(workspace) == []
    workspace.library.undo()
    assert doubtful(workspace) == ["blue10"]
