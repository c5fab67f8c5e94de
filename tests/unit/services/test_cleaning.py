from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError, LibraryError, WrongUseError
from tagger.core.keywords import class_key
from tagger.ml.labelled_folders import read_labelled_folders
from tagger.services.cleaning import (
    CleaningReview,
    apply_decisions,
    decide_labels,
    review_folders,
)
from tagger.services.label_decisions import LabelVerdict
from tagger.services.models.class_changes import rename_class
from tagger.services.workspace import Workspace
from tests.colours import COLOURS, PlainColours, save_colour


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten photos of each colour, and a blue one among the red."""
    for colour in COLOURS:
        for number in range(10):
            save_colour(tmp_path / "set" / colour / f"{number}.jpg", colour, seed=number)
    save_colour(tmp_path / "set/red/wrong.jpg", "blue", seed=99)
    return tmp_path / "set"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def review(folder: Path, home: Path, classifier: PlainColours | None = None) -> CleaningReview:
    return review_folders(classifier or PlainColours(), folder, home, CancelToken(), lambda _: None)


def doubtful(found: CleaningReview) -> list[str]:
    return [suspect.path.name for suspect in found.suspects[: found.likely]]


def test_the_wrong_label_is_listed_alone(folder: Path, home: Path) -> None:
    found = review(folder, home)
    assert doubtful(found) == ["wrong.jpg"]
    assert (found.suspects[0].label, found.suspects[0].likely) == ("red", "blue")
    assert found.photos == 31
    assert 0 < found.wrong_share < 0.1


def test_photos_are_looked_at_once(folder: Path, home: Path) -> None:
    classifier = PlainColours()
    first = review(folder, home, classifier)
    assert classifier.seen == 31
    shutil.move(folder / "red/wrong.jpg", folder / "red/other name.jpg")
    second = review(folder, home, classifier)
    assert classifier.seen == 31
    assert [s.doubt for s in first.suspects] == [s.doubt for s in second.suspects]


def test_a_stop_keeps_what_was_computed(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tagger.services.features._PART", 8)
    classifier, cancel = PlainColours(), CancelToken()
    with pytest.raises(CancelledError):
        review_folders(classifier, folder, home, cancel, lambda _: cancel.cancel())
    review(folder, home, classifier)
    assert classifier.seen == 31


@pytest.mark.parametrize(
    ("verdict", "to", "label"),
    [
        (LabelVerdict.KEEP, None, "red"),
        (LabelVerdict.RELABEL, "Blue", "blue"),
        (LabelVerdict.LEAVE_OUT, None, None),
    ],
)
def test_a_decision_persists_and_training_goes_by_it(
    folder: Path, home: Path, verdict: LabelVerdict, to: str | None, label: str | None
) -> None:
    wrong = folder / "red/wrong.jpg"
    before = sorted(path for path in folder.rglob("*"))
    assert decide_labels(folder, home, [(wrong, verdict, to)]) == 1
    found = review(folder, home)
    assert doubtful(found) == []
    assert found.decided == (0 if verdict is LabelVerdict.LEAVE_OUT else 1)
    photos = {photo.path: photo for photo in apply_decisions(read_labelled_folders(folder), home)}
    assert (photos[wrong].class_name if wrong in photos else None) == label
    assert len(photos) == (30 if label is None else 31)
    assert sorted(path for path in folder.rglob("*")) == before


def test_a_decision_on_another_label_is_another_matter(folder: Path, home: Path) -> None:
    wrong = folder / "red/wrong.jpg"
    decide_labels(folder, home, [(wrong, LabelVerdict.KEEP, None)])
    shutil.move(wrong, folder / "green/wrong.jpg")
    assert doubtful(review(folder, home)) == ["wrong.jpg"]


def test_a_newer_decision_takes_the_place_of_an_older_one(folder: Path, home: Path) -> None:
    wrong = folder / "red/wrong.jpg"
    decide_labels(folder, home, [(wrong, LabelVerdict.LEAVE_OUT, None)])
    decide_labels(folder, home, [(wrong, LabelVerdict.KEEP, None)])
    assert len(apply_decisions(read_labelled_folders(folder), home)) == 31


def test_a_decision_on_a_photo_whose_name_is_not_utf8_persists(folder: Path, home: Path) -> None:
    wrong = folder / "red" / os.fsdecode(b"caf\xe9.jpg")
    try:
        (folder / "red/wrong.jpg").rename(wrong)
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    decide_labels(folder, home, [(wrong, LabelVerdict.LEAVE_OUT, None)])
    assert len(apply_decisions(read_labelled_folders(folder), home)) == 30


def test_the_same_picture_in_two_classes_is_named(folder: Path, home: Path) -> None:
    shutil.copy(folder / "red/3.jpg", folder / "green/copy.jpg")
    [pair] = review(folder, home).contradictions
    assert set(pair) == {folder / "red/3.jpg", folder / "green/copy.jpg"}


def test_a_contradiction_that_was_settled_is_none(folder: Path, home: Path) -> None:
    shutil.copy(folder / "red/3.jpg", folder / "green/copy.jpg")
    decide_labels(folder, home, [(folder / "green/copy.jpg", LabelVerdict.RELABEL, "red")])
    assert review(folder, home).contradictions == []
    (folder / "red").rename(folder / "Red")
    found = review(folder, home)
    assert found.contradictions == []
    assert "red" not in {suspect.label for suspect in found.suspects}


@pytest.fixture
def renamed(home: Path) -> None:
    """The class red is called rose now; folders keep the earlier name."""
    with Workspace.open(home) as workspace:
        workspace.library.add_tag("red", ("Red",))
        rename_class(workspace, "red", "Rose")


@pytest.mark.usefixtures("renamed")
def test_folders_may_have_the_earlier_name_of_a_class(folder: Path, home: Path) -> None:
    (folder / "rose").mkdir()
    shutil.move(folder / "red/2.jpg", folder / "rose/2.jpg")
    wrong = folder / "red/wrong.jpg"

    found = review(folder, home)

    assert doubtful(found) == ["wrong.jpg"]
    assert {suspect.label for suspect in found.suspects} <= {"rose", "green", "blue"}
    for name in ("rose", "red", "RED"):
        decide_labels(folder, home, [(folder / "blue/1.jpg", LabelVerdict.RELABEL, name)])
        photos = apply_decisions(read_labelled_folders(folder), home)
        [one] = [photo for photo in photos if photo.path == folder / "blue/1.jpg"]
        assert class_key(one.class_name) == "rose"
    shutil.rmtree(folder / "rose")
    with pytest.raises(WrongUseError, match="it has: Rose, blue, green"):
        decide_labels(folder, home, [(wrong, LabelVerdict.RELABEL, "pink")])


def test_a_decision_holds_when_class_and_folder_get_another_name(folder: Path, home: Path) -> None:
    wrong = folder / "red/wrong.jpg"
    decide_labels(folder, home, [(wrong, LabelVerdict.LEAVE_OUT, None)])
    decide_labels(folder, home, [(folder / "blue/1.jpg", LabelVerdict.RELABEL, "red")])
    with Workspace.open(home) as workspace:
        workspace.library.add_tag("red", ("Red",))
        rename_class(workspace, "red", "Rose")
    (folder / "red").rename(folder / "Rose")

    photos = apply_decisions(read_labelled_folders(folder), home)
    assert "wrong.jpg" not in {photo.path.name for photo in photos}
    assert {p.class_name for p in photos if p.path == folder / "blue/1.jpg"} == {"Rose"}
    decide_labels(folder, home, [(folder / "Rose/wrong.jpg", LabelVerdict.KEEP, None)])
    assert len(apply_decisions(read_labelled_folders(folder), home)) == 31


def test_nothing_readable_is_said(folder: Path, home: Path) -> None:
    for path in folder.rglob("*.jpg"):
        path.write_bytes(b"no photo")
    with pytest.raises(WrongUseError, match="None of the photos can be read"):
        review(folder, home)


def test_unreadable_photos_are_named(folder: Path, home: Path) -> None:
    (folder / "red/broken.jpg").write_bytes(b"no photo")
    found = review(folder, home)
    assert [path.name for path, _ in found.failed] == ["broken.jpg"]
    assert found.photos == 31


def test_wrong_use_is_refused(folder: Path, home: Path) -> None:
    with pytest.raises(WrongUseError, match="no photo of the data set"):
        decide_labels(folder, home, [(home / "a.jpg", LabelVerdict.KEEP, None)])
    with pytest.raises(WrongUseError, match="no class pink; it has: blue, green, red"):
        decide_labels(folder, home, [(folder / "red/1.jpg", LabelVerdict.RELABEL, "pink")])
    shutil.rmtree(folder / "red")
    shutil.rmtree(folder / "blue")
    with pytest.raises(WrongUseError, match="one class only"):
        review(folder, home)


def test_damaged_decisions_are_not_overwritten(folder: Path, home: Path) -> None:
    home.mkdir()
    file = home / "label-decisions.json"
    file.write_text('{"format_version": 2}')
    with pytest.raises(LibraryError, match="damaged or from a newer version"):
        decide_labels(folder, home, [(folder / "red/1.jpg", LabelVerdict.KEEP, None)])
    assert file.read_text() == '{"format_version": 2}'


def test_a_disk_that_refuses_keeps_the_old_decisions(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide_labels(folder, home, [(folder / "red/1.jpg", LabelVerdict.KEEP, None)])
    before = (home / "label-decisions.json").read_bytes()

    def refuse(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(LibraryError, match="disk is full"):
        decide_labels(folder, home, [(folder / "red/2.jpg", LabelVerdict.KEEP, None)])
    assert (home / "label-decisions.json").read_bytes() == before
    assert not list(home.glob(".label*"))
