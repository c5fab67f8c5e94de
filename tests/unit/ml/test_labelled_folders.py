from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

from tagger.core.errors import WrongUseError
from tagger.ml.labelled_folders import LabelledFolders, check_class_names, read_labelled_folders

if TYPE_CHECKING:
    from pathlib import Path


def make_photos(root: Path, *names: str) -> None:
    """Only names matter here, so the files are empty."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def listed(found: LabelledFolders) -> list[tuple[str, str, str | None]]:
    return [
        (p.path.relative_to(found.root).as_posix(), p.class_name, p.split) for p in found.photos
    ]


def test_a_folder_is_a_class(tmp_path: Path) -> None:
    make_photos(tmp_path, "rings/b.jpg", "rings/a.JPG", "cake/c.nef", "cake/d.webp")
    found = read_labelled_folders(tmp_path)
    assert listed(found) == [
        ("cake/c.nef", "cake", None),
        ("cake/d.webp", "cake", None),
        ("rings/a.JPG", "rings", None),
        ("rings/b.jpg", "rings", None),
    ]
    assert found.class_names == ("cake", "rings")
    assert found.splits == ()
    assert not found.has_groups
    assert len({photo.group for photo in found.photos}) == 4
    assert found.warnings == ()


def test_hidden_files_and_files_that_are_no_photos_are_skipped(tmp_path: Path) -> None:
    make_photos(
        tmp_path,
        *("rings/a.jpg", "rings/b.jpg", "rings/.a.jpg", "rings/notes.txt", "rings/.trash/c.jpg"),
        *(".git/d.jpg", "rings/a.xmp"),
    )
    (tmp_path / "rings/folder.jpg").mkdir()
    assert [name for name, _, _ in listed(read_labelled_folders(tmp_path))] == [
        "rings/a.jpg",
        "rings/b.jpg",
    ]


@pytest.mark.parametrize(
    ("train", "validation", "test"), [("train", "val", "test"), ("Training", "Validation", "TEST")]
)
def test_parts_of_a_data_set(tmp_path: Path, train: str, validation: str, test: str) -> None:
    make_photos(
        tmp_path,
        *(f"{train}/cake/a.jpg", f"{train}/cake/b.jpg", f"{validation}/cake/c.jpg"),
        f"{test}/cake/d.jpg",
    )
    found = read_labelled_folders(tmp_path)
    assert found.splits == ("train", "validation", "test")
    assert [p.path.name for p in found.of_split("train")] == ["a.jpg", "b.jpg"]
    assert [p.path.name for p in found.of_split("validation")] == ["c.jpg"]
    assert [p.path.name for p in found.of_split("test")] == ["d.jpg"]


def test_classes_may_be_called_like_parts(tmp_path: Path) -> None:
    make_photos(tmp_path, "train/a.jpg", "train/b.jpg", "plane/c.jpg", "plane/d.jpg")
    found = read_labelled_folders(tmp_path)
    assert found.class_names == ("plane", "train")
    assert found.splits == ()


def test_a_folder_beside_the_parts_is_left_out_and_said(tmp_path: Path) -> None:
    make_photos(tmp_path, "train/cake/a.jpg", "train/cake/b.jpg", "rejects/cake/c.jpg")
    found = read_labelled_folders(tmp_path)
    assert len(found.photos) == 2
    assert any("rejects is left out" in warning for warning in found.warnings)


def test_a_test_folder_without_classes_is_said(tmp_path: Path) -> None:
    make_photos(tmp_path, "train/cake/a.jpg", "train/cake/b.jpg", "test/c.jpg", "test/d.jpg")
    found = read_labelled_folders(tmp_path)
    assert found.splits == ("train",)
    assert any("no class folder are left out: 2" in warning for warning in found.warnings)


def test_a_folder_inside_a_class_is_a_shoot_across_classes(tmp_path: Path) -> None:
    make_photos(
        tmp_path,
        *("cake/Ana & Luis/a.jpg", "cake/Eva/raw/b.nef", "rings/Ana & Luis/c.jpg", "rings/d.jpg"),
    )
    found = read_labelled_folders(tmp_path)
    groups = {photo.path.name: photo.group for photo in found.photos}
    assert groups["a.jpg"] == groups["c.jpg"] == "Ana & Luis"
    assert groups["b.nef"] == "Eva"
    assert groups["d.jpg"] == str(tmp_path / "rings/d.jpg")
    assert found.has_groups


def test_one_shoot_is_said(tmp_path: Path) -> None:
    make_photos(tmp_path, "cake/Ana/a.jpg", "cake/Ana/b.jpg", "rings/Ana/c.jpg", "rings/Ana/d.jpg")
    assert "All photos come from one shoot" in read_labelled_folders(tmp_path).warnings[0]


def test_a_class_with_one_photo_and_an_empty_folder_are_said(tmp_path: Path) -> None:
    make_photos(tmp_path, "cake/a.jpg", "rings/b.jpg", "rings/c.jpg")
    (tmp_path / "dance").mkdir()
    found = read_labelled_folders(tmp_path)
    assert found.class_names == ("cake", "rings")
    assert any("dance has no photos" in warning for warning in found.warnings)
    assert any("“cake” has one photo" in warning for warning in found.warnings)


def test_a_class_without_photos_to_train_with_is_said(tmp_path: Path) -> None:
    make_photos(
        tmp_path,
        *("train/cake/a.jpg", "train/cake/b.jpg", "val/rings/c.jpg", "val/rings/d.jpg"),
    )
    assert "“rings” has no photos to train with" in read_labelled_folders(tmp_path).warnings[0]


def test_names_that_mac_and_linux_write_differently_are_one_class(tmp_path: Path) -> None:
    make_photos(tmp_path, "train/fiance\u0301s/a.jpg", "train/fiance\u0301s/b.jpg")
    make_photos(tmp_path, "val/fianc\u00e9s/c.jpg")
    assert read_labelled_folders(tmp_path).class_names == ("fianc\u00e9s",)


def test_loops_of_links_end(tmp_path: Path) -> None:
    make_photos(tmp_path, "cake/a.jpg", "cake/b.jpg")
    (tmp_path / "cake/again").symlink_to(tmp_path / "cake", target_is_directory=True)
    assert len(read_labelled_folders(tmp_path).photos) == 2


@pytest.mark.parametrize("names", [("Cake", "cake"), ("first_dance", "First Dance")])
def test_classes_that_differ_in_spelling_are_refused(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    make_photos(tmp_path, *(f"{name}/a.jpg" for name in names))
    if len(list(tmp_path.iterdir())) < 2:
        pytest.skip("this drive does not tell upper from lower case")
    with pytest.raises(WrongUseError, match="differ only in spelling"):
        read_labelled_folders(tmp_path)


@pytest.mark.parametrize("name", ["Wedding|Cake", "a/b", "a\\b", "", "\u200b\u0007"[1:]])
def test_names_that_can_not_be_keywords_are_refused(name: str) -> None:
    with pytest.raises(WrongUseError, match="can't be the name of a class"):
        check_class_names([name])


def test_no_folder_no_classes_no_photos(tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match="There is no folder"):
        read_labelled_folders(tmp_path / "nowhere")
    with pytest.raises(WrongUseError, match="no photos in classes"):
        read_labelled_folders(tmp_path)
    make_photos(tmp_path, "a.jpg", "b.jpg")
    with pytest.raises(WrongUseError, match="no photos in classes"):
        read_labelled_folders(tmp_path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is closed to root")
def test_a_closed_folder_is_one_sentence(tmp_path: Path) -> None:
    make_photos(tmp_path, "cake/a.jpg")
    (tmp_path / "cake").chmod(0)
    try:
        with pytest.raises(WrongUseError, match="can't be read"):
            read_labelled_folders(tmp_path)
    finally:
        (tmp_path / "cake").chmod(0o700)


def test_a_table_of_labels(tmp_path: Path) -> None:
    make_photos(tmp_path, "images/a.jpg", "images/b.jpg", "images/c.jpg", "images/rings/d.jpg")
    (tmp_path / "labels.csv").write_text(
        "\ufefffile,label,also,hard,width,repo\n"
        "images/a.jpg,rings,details,1,10,s1\n"
        "images/b.jpg,rings,,0,10,s2\n"
        "images/c.jpg,cake,,0\n"
        "images/rings/d.jpg,cake,,0,10,s1\n",
        encoding="utf-8",
    )
    found = read_labelled_folders(tmp_path)
    assert found.class_names == ("cake", "details", "rings")
    assert found.has_groups
    assert found.warnings == ()
    first, second, third, fourth = found.photos
    assert (first.class_name, first.also, first.is_hard, first.group) == (
        *("rings", "details", True, "s1"),
    )
    assert (second.also, second.is_hard, second.group) == (None, False, "s2")
    assert third.group == str(third.path)
    assert fourth.class_name == "cake"


def test_lines_that_lead_nowhere_are_counted(tmp_path: Path) -> None:
    make_photos(tmp_path, "set/a.jpg", "set/b.jpg", "outside.jpg", "set/notes.txt")
    (tmp_path / "set/labels.csv").write_text(
        "file,label\na.jpg,cake\nb.jpg,\ngone.jpg,cake\n../outside.jpg,cake\nnotes.txt,cake\n"
        f"{tmp_path / 'outside.jpg'},cake\n"
    )
    found = read_labelled_folders(tmp_path / "set")
    assert [photo.path.name for photo in found.photos] == ["a.jpg"]
    assert re.search(r"left out: 5 \(b.jpg, gone.jpg, ../outside.jpg, …\)", found.warnings[0])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"path,class\na.jpg,cake\n", "no columns file and label"),
        (b"", "no columns file and label"),
        (b"file,label\n\xff\xfe.jpg,cake\n", "can't be read"),
        (b"file,label\na.jpg,Cake|Top\n", "can't be the name of a class"),
        (b"file,label\n", "no photos in classes"),
    ],
)
def test_a_table_that_can_not_be_used(tmp_path: Path, content: bytes, sentence: str) -> None:
    make_photos(tmp_path, "a.jpg")
    (tmp_path / "labels.csv").write_bytes(content)
    with pytest.raises(WrongUseError, match=sentence):
        read_labelled_folders(tmp_path)


def test_the_wedding_photos(wedding_dir: Path) -> None:
    found = read_labelled_folders(wedding_dir)
    assert len(found.photos) == 963
    assert len(found.class_names) == 13
    assert found.has_groups
    assert found.warnings == ()


def test_a_photo_in_two_lines_of_a_table_has_both_classes(tmp_path: Path) -> None:
    make_photos(tmp_path, "a.jpg", "b.jpg", "c.jpg")
    (tmp_path / "labels.csv").write_text(
        "file,label,also\na.jpg,bride,\na.jpg,cake,\nb.jpg,cake,\nb.jpg,Cake,\n"
        "c.jpg,bride,cake\nc.jpg,rings,\n"
    )
    found = read_labelled_folders(tmp_path)
    assert [(p.path.name, p.class_name, p.also) for p in found.photos] == [
        ("a.jpg", "bride", "cake"),
        ("b.jpg", "cake", None),
        ("c.jpg", "bride", "cake"),
    ]
    assert "Lines of labels.csv that give a photo a third class are left out: 1 (c.jpg)." in (
        found.warnings
    )
