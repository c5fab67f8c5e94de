"""A data set in folders: a folder a class, with or without train, validation and test folders.

A `labels.csv` in the root takes the place of the folder names. Only names are read here, no photo.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tagger.core.errors import WrongUseError
from tagger.core.formats import format_of
from tagger.core.keywords import class_key, clean_keyword
from tagger.ml.labelled_photos import LabelledFolders, LabelledPhoto, Split
from tagger.ml.labels_table import LABELS_FILE, read_labels_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = [
    "LabelledFolders",
    "LabelledPhoto",
    "Split",
    "check_class_names",
    "read_labelled_folders",
]

_SPLITS: dict[str, Split] = {
    "train": "train",
    "training": "train",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
    "test": "test",
    "testing": "test",
}
_SEPARATORS = "|/\\"  # they nest keywords in metadata, and folders on disks


def read_labelled_folders(root: Path) -> LabelledFolders:
    """Read which photos there are and what they show.

    Class names are folder names. A folder inside a class folder is a shoot, whichever class it
    stands in. Hidden files and files that are no photos are skipped. `labels.csv` has the columns
    `file,label` and may have `also` (a second class), `hard` (1) and `repo` (the source).

    Raises:
        WrongUseError: no such folder, no classes, no photos, a class name that can't be a keyword,
            two class names that differ only in spelling, or a `labels.csv` without its columns.
    """
    if not root.is_dir():
        raise WrongUseError(f"There is no folder {root}.")
    try:
        photos, warnings = _read_photos(root)
    except OSError as error:
        raise WrongUseError(f"{error.filename} can't be read: {error.strerror}.") from error
    if not photos:
        raise WrongUseError(
            f"There are no photos in classes in {root}. Make a folder for each class, named like "
            "the class, and put its photos there."
        )
    names = sorted({name for p in photos for name in (p.class_name, p.also) if name is not None})
    check_class_names(names)
    has_groups = any(photo.group != str(photo.path) for photo in photos)
    return LabelledFolders(
        root,
        tuple(names),
        tuple(sorted(photos, key=lambda photo: photo.path)),
        has_groups,
        (*warnings, *_odd_classes(photos), *_odd_groups(photos)),
    )


def check_class_names(names: Sequence[str]) -> None:
    """Raise `WrongUseError` for names that can't be classes or that differ only in spelling."""
    seen: dict[str, str] = {}
    for name in names:
        if not clean_keyword(name) or any(char in name for char in _SEPARATORS):
            raise WrongUseError(
                f"“{name}” can't be the name of a class, since |, / and \\ nest keywords. "
                "Give it another name."
            )
        other = seen.setdefault(class_key(name), name)
        if other != name:
            raise WrongUseError(
                f"The classes “{other}” and “{name}” differ only in spelling. "
                "Give both one name, or two that differ."
            )


def _read_photos(root: Path) -> tuple[list[LabelledPhoto], list[str]]:
    if (root / LABELS_FILE).is_file():
        return read_labels_table(root / LABELS_FILE)
    warnings: list[str] = []
    photos = [
        photo
        for folder, split in _folders_of_classes(root, warnings)
        for photo in _read_classes(folder, split, warnings)
    ]
    return photos, warnings


def _folders_of_classes(root: Path, warnings: list[str]) -> list[tuple[Path, Split | None]]:
    """The folders that hold class folders: the root itself, or its train and other parts."""
    folders = _visible_folders(root)
    parts = {folder: _SPLITS.get(folder.name.casefold()) for folder in folders}
    has_train = any(parts[folder] == "train" and _visible_folders(folder) for folder in folders)
    are_all_parts = all(parts.values()) and any(_visible_folders(folder) for folder in folders)
    if not has_train and not are_all_parts:
        return [(root, None)]
    warnings += [
        f"The folder {folder} is left out, since it stands beside folders like train and test."
        for folder, split in parts.items()
        if split is None
    ]
    return [(folder, split) for folder, split in parts.items() if split is not None]


def _read_classes(
    folder: Path, split: Split | None, warnings: list[str]
) -> Iterator[LabelledPhoto]:
    for class_folder in _visible_folders(folder):
        # A Mac hands out names decomposed; keywords are composed.
        name = clean_keyword(class_folder.name) or class_folder.name
        paths = _photos_below(class_folder)
        if not paths:
            warnings.append(f"The folder {class_folder} has no photos.")
        for path in paths:
            inner = path.relative_to(class_folder).parts
            yield LabelledPhoto(path, name, split, inner[0] if len(inner) > 1 else str(path))
    loose = sum(_is_photo(path) for path in folder.iterdir())
    if loose:
        warnings.append(f"Photos in {folder} that are in no class folder are left out: {loose}.")


def _visible_folders(folder: Path) -> list[Path]:
    return sorted(
        path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")
    )


def _photos_below(folder: Path) -> list[Path]:
    """Photos in the folder and below; links to folders are not followed, for they may turn back."""
    found = [path for path in folder.iterdir() if _is_photo(path)]
    for inner in _visible_folders(folder):
        if not inner.is_symlink():
            found += _photos_below(inner)
    return sorted(found)


def _is_photo(path: Path) -> bool:
    return not path.name.startswith(".") and format_of(path) is not None and path.is_file()


def _odd_classes(photos: Sequence[LabelledPhoto]) -> Iterator[str]:
    counts = Counter(photo.class_name for photo in photos)
    for name, count in sorted(counts.items()):
        if count == 1:
            yield f"The class “{name}” has one photo. It needs two, and ten to be any good."
    learned = {photo.class_name for photo in photos if photo.split == "train"}
    for name in sorted(counts.keys() - learned) if learned else ():
        yield f"The class “{name}” has no photos to train with."


def _odd_groups(photos: Sequence[LabelledPhoto]) -> Iterator[str]:
    if len(photos) > 1 and len({photo.group for photo in photos}) == 1:
        yield "All photos come from one shoot, so how a model does on another can't be told."
