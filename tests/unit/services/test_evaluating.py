from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagger.core.cancel import CancelToken
from tagger.core.errors import WrongUseError
from tagger.images import read_content_id
from tagger.services.evaluating import Evaluation, evaluate_plan, plan_evaluation
from tagger.services.teaching.learned import describe_learned, warn_of_learned_photos
from tests.colours import PlainColours, save_colour

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def save_colours(folder: Path, colour: str, count: int, *, named: str | None = None) -> None:
    for number in range(count):
        save_colour(folder / (named or colour) / f"{colour}{number}.jpg", colour, seed=number)


def evaluate(
    folder: Path, classes: Sequence[str] | None = None, *, exclusive: bool = True
) -> Evaluation:
    classifier = PlainColours(exclusive=exclusive)
    plan = plan_evaluation(classifier.info, folder, classes)
    return evaluate_plan(classifier, plan, CancelToken(), lambda _: None)


def test_answers_are_counted(tmp_path: Path) -> None:
    save_colours(tmp_path, "red", 4)
    save_colours(tmp_path, "blue", 3)
    save_colours(tmp_path, "green", 1, named="blue")
    found = evaluate(tmp_path)
    assert found.classes == ("red", "green", "blue")
    assert found.figures.n == 8
    assert found.figures.accuracy.value == pytest.approx(7 / 8)
    assert found.figures.confusion.tolist() == [[4, 0, 0], [0, 0, 0], [0, 1, 3]]
    assert list(found.figures.per_class) == ["red", "blue"]
    assert found.split is None
    assert found.thresholds == {}


def test_a_folder_that_is_no_class_is_left_out_and_named(tmp_path: Path) -> None:
    save_colours(tmp_path, "red", 2, named="RED")
    save_colours(tmp_path, "green", 3, named="purple")
    found = evaluate(tmp_path)
    assert found.figures.n == 2
    assert found.left_out == {"purple": 3}


def test_answers_are_among_the_chosen_classes_alone(tmp_path: Path) -> None:
    save_colours(tmp_path, "red", 2)
    save_colours(tmp_path, "green", 2, named="blue")
    save_colours(tmp_path, "green", 2)
    found = evaluate(tmp_path, ["Blue", "red"])
    assert found.classes == ("blue", "red")
    assert found.figures.n == 4
    assert found.figures.confusion.sum() == 4
    assert found.left_out == {"green": 2}


@pytest.mark.parametrize(
    ("parts", "chosen", "n"),
    [
        (("train", "validation", "test"), "test", 3),
        (("train", "val"), "validation", 2),
        (("train",), None, 1),
    ],
)
def test_the_part_that_was_held_out_is_used(
    tmp_path: Path, parts: tuple[str, ...], chosen: str | None, n: int
) -> None:
    for count, part in enumerate(parts, start=1):
        save_colours(tmp_path / part, "red", count)
    found = evaluate(tmp_path)
    assert found.split == chosen
    assert found.figures.n == n


def test_second_labels_count_on_hard_photos(tmp_path: Path) -> None:
    save_colours(tmp_path, "red", 2)
    (tmp_path / "labels.csv").write_text(
        "file,label,also,hard,repo\nred/red0.jpg,blue,red,1,a\nred/red1.jpg,blue,red,0,b\n"
    )
    found = evaluate(tmp_path)
    assert found.figures.accuracy.value == 0.5
    assert found.figures.per_class["red"].n == 1
    assert found.figures.per_class["blue"].recall.value == 0


def test_tags_have_thresholds(tmp_path: Path) -> None:
    save_colours(tmp_path, "red", 2)
    save_colours(tmp_path, "blue", 2)
    found = evaluate(tmp_path, exclusive=False)
    assert list(found.thresholds) == ["red", "blue"]
    assert found.thresholds["red"].tag.precision.value == 1
    assert found.thresholds["red"].review == 1


def test_unreadable_photos_are_named_and_do_not_count(tmp_path: Path) -> None:
    save_colours(tmp_path, "red", 2)
    (tmp_path / "red/broken.jpg").write_bytes(b"no photo")
    found = evaluate(tmp_path)
    assert found.figures.n == 2
    assert [path.name for path, _ in found.failed] == ["broken.jpg"]


def test_what_can_not_be_measured_is_refused(tmp_path: Path) -> None:
    (tmp_path / "red").mkdir()
    (tmp_path / "red/broken.jpg").write_bytes(b"no photo")
    with pytest.raises(WrongUseError, match="None of the photos can be read"):
        evaluate(tmp_path)
    with pytest.raises(WrongUseError, match="has no class pink; it has: red, green, blue"):
        evaluate(tmp_path, ["red", "pink"])
    with pytest.raises(WrongUseError, match=r"one class at least; .* has: red, green, blue"):
        evaluate(tmp_path, [])
    with pytest.raises(WrongUseError, match="called like a class to be measured"):
        evaluate(tmp_path, ["blue"])


def test_photos_that_were_learned_from_are_said(tmp_path: Path) -> None:
    save_colours(tmp_path / "set", "red", 3)
    (tmp_path / "set/red/broken.jpg").write_bytes(b"no photo")
    plan = plan_evaluation(PlainColours().info, tmp_path / "set", None)
    assert warn_of_learned_photos(plan, tmp_path, CancelToken()) == plan
    known = [read_content_id(tmp_path / "set/red" / f"red{number}.jpg") for number in range(2)]
    (tmp_path / "photos.txt").write_bytes(describe_learned(known)["photos.txt"])
    *_, warning = warn_of_learned_photos(plan, tmp_path, CancelToken()).warnings
    assert "has learned from 2 of these 4 photos" in warning


def test_a_folder_may_keep_the_earlier_name_of_a_class(tmp_path: Path) -> None:
    save_colours(tmp_path, "red", 2)
    save_colours(tmp_path, "blue", 1, named="rose")
    info = PlainColours().info.with_names({"red": "rose", "blue": "sky"})
    assert info.earlier_names == {"red": "rose", "blue": "sky"}
    plan = plan_evaluation(info, tmp_path, None)
    assert [photo.class_name for photo in plan.photos] == ["rose"] * 3
