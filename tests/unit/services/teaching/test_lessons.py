"""What is learned from, before anything is decoded or learned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.core.errors import ModelError, WrongUseError
from tagger.core.ids import ContentId
from tagger.services.cleaning import decide_labels
from tagger.services.label_decisions import LabelVerdict
from tagger.services.teaching.from_folders import collect_from_folders, name_to_keyword
from tagger.services.teaching.lesson import Lesson, LessonPhoto
from tagger.services.teaching.request import TeachRequest
from tagger.services.teaching.runs import list_runs
from tagger.services.teaching.saving import choose_name
from tagger.services.teaching.sides import check_sides, choose_sides, warn_of_sides
from tagger.services.teaching.twins import keep_twins_together
from tests.colours import save_colour
from tests.pictures import make_picture

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

    from tagger.ml.labelled_folders import Split

KNOWN = {"green": ("Colour", "Grass Green"), "pink": ("Pink",)}


def save_all(root: Path, *places: str) -> Path:
    for number, place in enumerate(places):
        save_colour(root / "set" / place, "red", seed=number, size=(20, 16))
    return root / "set"


def collect(folder: Path, *, exclusive: bool = False) -> Lesson:
    return collect_from_folders(folder, folder.parent / "home", KNOWN, exclusive=exclusive)


def test_several_tags_and_photos_that_show_none(tmp_path: Path) -> None:
    folder = save_all(tmp_path, "red/Ana/1.jpg", "Green/Ana/2.jpg", "other/3.jpg", "none/4.jpg")
    lesson = collect(folder)
    assert lesson.classes == {"green": ("Colour", "Grass Green"), "red": ("Red",)}
    assert lesson.targets.tolist() == [[1, 0], [0, 0], [0, 0], [0, 1]]
    assert lesson.groups.count("Ana") == 2
    assert any("show none of the classes: 2" in warning for warning in lesson.warnings)


def test_exclusive_every_folder_is_a_class(tmp_path: Path) -> None:
    lesson = collect(save_all(tmp_path, "red/1.jpg", "other/3.jpg"), exclusive=True)
    assert lesson.names == ["other", "red"]
    assert lesson.targets.sum(axis=1).tolist() == [1, 1]


def test_a_table_gives_second_labels_shoots_and_licences(tmp_path: Path) -> None:
    folder = save_all(tmp_path, "1.jpg", "2.jpg")
    (folder / "labels.csv").write_text(
        "file,label,also,repo,licence\n1.jpg,red,green,s1,MIT\n2.jpg,other,,s2,\n"
    )
    lesson = collect(folder)
    assert lesson.targets.tolist() == [[1, 1], [0, 0]]
    data = lesson.describe()
    assert (data.photos, data.sources, data.licences) == (2, 2, {"MIT": 1})
    assert data.counts == {"green": 1, "red": 1, "other": 1}


def test_classes_only_in_validation_are_named_and_left_out(tmp_path: Path) -> None:
    folder = save_all(
        tmp_path, "train/red/1.jpg", "train/blue/2.jpg", "val/red/3.jpg", "val/cake/4.jpg"
    )
    lesson = collect(folder)
    assert lesson.names == ["blue", "red"]
    assert [photo.path.name for photo in lesson.photos] == ["2.jpg", "1.jpg", "3.jpg"]
    assert any("“cake” has no photos to train with, so" in w for w in lesson.warnings)


@pytest.mark.parametrize(
    ("places", "sentence"),
    [
        (["red|rose/1.jpg", "blue/2.jpg"], "can't be the name of a class"),
        (["Red/1.jpg", "red/2.jpg"], "differ only in spelling"),
        (["other/1.jpg"], "no class to learn"),
        (["test/red/1.jpg", "val/red/2.jpg"], "no folder train"),
    ],
)
def test_what_can_not_be_a_lesson(tmp_path: Path, places: list[str], sentence: str) -> None:
    with pytest.raises(WrongUseError, match=sentence):
        collect(save_all(tmp_path, *places))


def test_a_slash_in_a_table_and_an_empty_folder(tmp_path: Path) -> None:
    folder = save_all(tmp_path, "red/1.jpg")
    (folder / "empty").mkdir()
    assert any("empty has no photos" in warning for warning in collect(folder).warnings)
    (folder / "labels.csv").write_text("file,label\nred/1.jpg,cake/pie\n")
    with pytest.raises(WrongUseError, match="cake/pie"):
        collect(folder)
    with pytest.raises(WrongUseError, match="no folder"):
        collect(tmp_path / "nowhere")


def test_decisions_on_labels_are_followed(tmp_path: Path) -> None:
    folder = save_all(tmp_path, "red/1.jpg", "red/2.jpg", "blue/3.jpg")
    home = tmp_path / "home"
    decide_labels(
        folder,
        home,
        [
            (folder / "red/1.jpg", LabelVerdict.RELABEL, "blue"),
            (folder / "red/2.jpg", LabelVerdict.LEAVE_OUT, None),
        ],
    )
    assert collect(folder).names == ["blue"]
    assert len(collect(folder).photos) == 2


def test_names_become_keywords() -> None:
    assert name_to_keyword("first_dance") == "First Dance"
    assert name_to_keyword("DJ desk") == "DJ desk"


def make_lesson(groups: list[str], splits: list[Split] | None = None) -> Lesson:
    photos = tuple(
        LessonPhoto(
            Path(f"/{row}.jpg"),
            group or f"/{row}.jpg",
            None if splits is None else splits[row],
            ContentId(f"id {row}"),
        )
        for row, group in enumerate(groups)
    )
    targets = np.eye(2, dtype=np.float32)[np.arange(len(groups)) % 2]
    return Lesson("set", {"red": ("Red",), "blue": ("Blue",)}, photos, targets, exclusive=False)


def test_whole_shoots_are_held_back() -> None:
    lesson = make_lesson([f"shoot {row // 4}" for row in range(40)])
    sides = choose_sides(lesson, seed=0, needs_valid=True)
    assert sides.valid is not None
    groups = np.array(lesson.groups)
    assert not set(groups[sides.train]) & set(groups[sides.valid])
    assert len(sides.train) + len(sides.valid) == 40
    assert "shoots held back" in sides.measured_on
    assert warn_of_sides(lesson, sides).warnings == ()


def test_the_data_sets_own_parts_are_used() -> None:
    parts: list[Split] = ["train", "train", "train", "train", "validation", "validation", "test"]
    lesson = make_lesson([""] * 7, parts)
    sides = choose_sides(lesson, seed=0, needs_valid=True)
    assert sides.valid is not None
    assert sides.test is not None
    assert (len(sides.train), len(sides.valid), len(sides.test)) == (4, 2, 1)
    assert sides.measured_on == "the test part"
    [warning] = warn_of_sides(lesson, sides).warnings
    assert "No held-out photo shows “blue”" in warning


def test_unknown_shoots_are_said_and_a_single_one_is_refused() -> None:
    lesson = make_lesson([""] * 20)
    sides = choose_sides(lesson, seed=0, needs_valid=False)
    assert any("Nothing says which photos" in w for w in warn_of_sides(lesson, sides).warnings)
    with pytest.raises(ModelError, match="one shoot"):
        choose_sides(make_lesson(["Ana"] * 20), seed=0, needs_valid=True)


def make_shoots() -> Lesson:
    """Six shoots of eight photos; the first, the largest by its share of a class, shows veils."""
    photos = tuple(
        LessonPhoto(Path(f"/{row}.jpg"), f"shoot {row // 8}", None, ContentId(f"id {row}"))
        for row in range(48)
    )
    targets = np.eye(3, dtype=np.float32)[[2] * 8 + [0, 1] * 20]
    classes = {name: (name,) for name in ("red", "blue", "veil")}
    return Lesson("set", classes, photos, targets, exclusive=True)


def test_the_only_shoot_of_a_class_is_learned_from() -> None:
    lesson = make_shoots()
    sides = choose_sides(lesson, seed=0, needs_valid=True)
    check_sides(lesson, sides)
    assert (lesson.targets[sides.train].sum(axis=0) >= 2).all()
    [warning] = warn_of_sides(lesson, sides).warnings
    assert "No held-out photo shows “veil”" in warning


def test_a_class_that_is_held_back_alone_says_where_its_photos_are() -> None:
    lesson = make_shoots()
    shoots = np.flatnonzero([photo.group in {"shoot 0", "shoot 1"} for photo in lesson.photos])
    two = replace(lesson.take(shoots), exclusive=False)
    sides = choose_sides(two, seed=0, needs_valid=True)
    with pytest.raises(ModelError, match=r"no photo.* [48] more are held back to measure with"):
        check_sides(two, sides)


def test_held_out_photos_of_no_class_are_refused_before_anything_is_learned() -> None:
    parts: list[Split] = ["train", "train", "train", "train", "validation"]
    lesson = make_lesson([""] * 5, parts)
    lesson.targets[4] = 0
    with pytest.raises(ModelError, match="held out for measuring show none of the classes"):
        check_sides(lesson, choose_sides(lesson, seed=0, needs_valid=True))


def test_a_class_that_can_not_be_read_says_so() -> None:
    lesson = make_lesson([""] * 6)
    failed = [(lesson.photos[row].path, "It is no picture.") for row in (3, 5)]
    read = lesson.read([0, 1, 2, 4], [ContentId(str(n)) for n in range(4)], failed)
    with pytest.raises(ModelError) as caught:
        check_sides(read, choose_sides(read, seed=0, needs_valid=False))
    assert "“blue” has one photo." in str(caught.value)
    assert str(caught.value).endswith("2 more can't be read: It is no picture. (/3.jpg)")


def test_folders_may_keep_the_earlier_name_of_a_class(tmp_path: Path) -> None:
    folder = save_all(tmp_path, "red/1.jpg", "red/2.jpg", "blue/3.jpg", "blue/4.jpg")
    lesson = collect_from_folders(
        folder, tmp_path / "home", {"pink": ("Pink",)}, exclusive=False, renamed={"red": "pink"}
    )
    assert lesson.classes == {"pink": ("Pink",), "blue": ("Blue",)}


def make_features(copies: dict[int, int], n: int) -> NDArray[np.float16]:
    features = np.random.default_rng(0).random((n, 64)) ** 4
    for one, other in copies.items():
        features[one] = features[other] + 0.001
    return features.astype(np.float16)


def look(row: int) -> Image.Image:
    """Photo 5 is photo 0, darker and smaller; photo 6 only has the same features."""
    if row == 5:
        return make_picture(60, 40, seed=0).point(lambda value: value * 0.8)
    return make_picture(seed=row)


def test_near_copies_count_as_one_shoot() -> None:
    lesson = make_lesson([f"shoot {row // 2}" for row in range(8)])
    kept = keep_twins_together(lesson, make_features({5: 0, 6: 0}, 8), look)
    assert kept.groups[5] == kept.groups[4] == kept.groups[0]
    assert kept.groups[6] != kept.groups[0]
    [warning] = kept.warnings
    assert "kept on one side: 1" in warning
    assert "0.jpg is " in warning


def test_copies_in_every_shoot_do_not_make_one_shoot_of_all() -> None:
    """A folder of the best of three weddings stands beside them."""
    lesson = make_lesson(["Ana"] * 4 + ["Eva"] * 4 + ["Mia"] * 4 + ["best of"] * 4)
    photos = list(lesson.photos)
    for row, original in ((12, 0), (13, 4), (14, 8)):
        photos[row] = replace(photos[row], content_id=photos[original].content_id)
    lesson = replace(lesson, photos=tuple(photos))
    kept = keep_twins_together(lesson, make_features({}, 16), look)
    assert kept.groups == [*lesson.groups[:12], "Ana", "Eva", "Mia", "best of"]
    assert "kept on one side: 3" in kept.warnings[0]


def test_copies_across_parts_move_to_the_part_that_is_held_out() -> None:
    parts: list[Split] = ["train", "train", "train", "train", "train", "validation", "test"]
    lesson = make_lesson([""] * 7, parts)
    photos = list(lesson.photos)
    photos[3] = replace(photos[3], content_id=photos[6].content_id)
    lesson = replace(lesson, photos=tuple(photos))
    kept = keep_twins_together(lesson, make_features({5: 0}, 7), look)
    assert [photo.split for photo in kept.photos] == [
        "validation", "train", "train", "test", "train", "validation", "test",
    ]  # fmt: skip
    [warning] = kept.warnings
    assert "were moved to the part that is held out" in warning


def test_photos_that_can_not_be_looked_at_are_no_copies() -> None:
    lesson = make_lesson(["a", "b"])
    assert keep_twins_together(lesson, make_features({1: 0}, 2), lambda _: None) == lesson


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (TeachRequest(epochs=3), "--deep"),
        (TeachRequest(is_deep=True, rate=0.1, is_rate_searched=True), "not both"),
        (TeachRequest(is_deep=True, folds=1), "two folds"),
    ],
)
def test_requests_that_contradict_themselves(request_: TeachRequest, sentence: str) -> None:
    with pytest.raises(WrongUseError, match=sentence):
        request_.check()


def test_names_are_free(tmp_path: Path) -> None:
    assert choose_name(tmp_path, None, "wedding-scenes") == "wedding-scenes-2"
    (tmp_path / "models/wedding-scenes-2").mkdir(parents=True)
    assert choose_name(tmp_path, None, "wedding-scenes-2") == "wedding-scenes-3"
    assert choose_name(tmp_path, None, "my/photos ") == "myphotos"
    assert choose_name(tmp_path, "Summer 2026", "x") == "Summer 2026"
    for run, file in (("wedding-scenes-3", "held-out.checkpoint"), ("refused", "running.lock")):
        (tmp_path / "runs" / run).mkdir(parents=True)
        (tmp_path / "runs" / run / file).touch()
    assert list_runs(tmp_path) == ["wedding-scenes-3"]
    reserved = list_runs(tmp_path)
    assert choose_name(tmp_path, None, "wedding-scenes-2", reserved) == "wedding-scenes-4"
    assert choose_name(tmp_path, "wedding-scenes-3", "x", reserved) == "wedding-scenes-3"
    with pytest.raises(WrongUseError, match="already"):
        choose_name(tmp_path, "Wedding-Scenes", "x")
    for name in ("../x", "", ".hidden", "a/b", "x."):
        with pytest.raises(WrongUseError, match="can't be the name"):
            choose_name(tmp_path, name, "x")
