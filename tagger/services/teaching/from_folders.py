"""A lesson from photos sorted into a folder a class, or labelled in a table."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.errors import WrongUseError
from tagger.core.keywords import class_key
from tagger.ml.labelled_folders import read_labelled_folders
from tagger.services.cleaning import apply_decisions
from tagger.services.reviewing import NONE_OF_THESE
from tagger.services.teaching.lesson import Lesson, LessonPhoto

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.ml.labelled_folders import LabelledPhoto

_NEGATIVES = frozenset({NONE_OF_THESE, "other"})
"""Folders of photos that show none of the classes, where photos may have several tags or none."""


def collect_from_folders(
    folder: Path,
    home: Path,
    known: Mapping[str, tuple[str, ...]],
    *,
    exclusive: bool,
    renamed: Mapping[str, str] = MappingProxyType({}),
) -> Lesson:
    """Read which photos there are and what they show; no photo is decoded.

    What was decided on doubtful labels (`tagger clean`) is followed. With several tags a photo has
    its class and its second one, and none of the others; folders called `other` or `none` hold
    photos without any. Exclusive, each folder is a class.

    Args:
        folder: the data set.
        home: of the library, where decisions on labels lie.
        known: classes that have a keyword path already; they come first, in this order.
        exclusive: one label a photo.
        renamed: keys of earlier names of classes to their names now: folders keep the earlier ones.

    Raises:
        WrongUseError: the folder is no data set, or there is nothing to learn in it.
        LibraryError: the decisions can't be read.
    """
    folders = read_labelled_folders(folder)
    photos = [photo.with_names(renamed) for photo in apply_decisions(folders, home)]
    has_parts = bool(folders.splits)
    if has_parts and not any(photo.split == "train" for photo in photos):
        raise WrongUseError(
            f"There is no folder train with photos in {folder}, only parts to test."
        )
    to_learn = [photo for photo in photos if not has_parts or photo.split == "train"]
    names = _find_classes(to_learn, exclusive=exclusive)
    if not names:
        raise WrongUseError(f"There is no class to learn in {folder}: its photos show none.")
    classes = _order_classes(names, known)
    kept, warnings = _drop_unknown(photos, classes, exclusive=exclusive)
    negatives = sum(class_key(photo.class_name) in _NEGATIVES for photo in kept)
    if negatives and not exclusive:
        warnings.append(f"Photos that are taught to show none of the classes: {negatives}.")
    return Lesson(
        folder.name,
        classes,
        tuple(
            LessonPhoto(photo.path, photo.group, photo.split, licence=photo.licence)
            for photo in kept
        ),
        _make_targets(kept, list(classes), exclusive=exclusive),
        exclusive,
        (*folders.warnings, *warnings),
    )


def _find_classes(photos: Sequence[LabelledPhoto], *, exclusive: bool) -> dict[str, str]:
    """Key to name of each class that photos show."""
    labels = [photo.class_name for photo in photos]
    if not exclusive:
        labels += [photo.also for photo in photos if photo.also is not None]
    names = {class_key(label): label for label in sorted(labels)}
    if not exclusive:
        for key in _NEGATIVES:
            names.pop(key, None)
    return names


def _order_classes(
    names: Mapping[str, str], known: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    ordered = {name: path for name, path in known.items() if class_key(name) in names}
    known_keys = {class_key(name) for name in ordered}
    fresh = (name for key, name in names.items() if key not in known_keys)
    return ordered | {name: (name_to_keyword(name),) for name in sorted(fresh)}


def name_to_keyword(name: str) -> str:
    """`first_dance` as people write it: `First Dance`."""
    words = name.replace("_", " ")
    return words.title() if words.islower() else words


def _drop_unknown(
    photos: Sequence[LabelledPhoto], classes: Mapping[str, tuple[str, ...]], *, exclusive: bool
) -> tuple[list[LabelledPhoto], list[str]]:
    """The photos of classes that can be learned, and sentences on the others."""
    learned = {class_key(name) for name in classes} | (set() if exclusive else _NEGATIVES)
    kept = [photo for photo in photos if class_key(photo.class_name) in learned]
    lost = sorted({p.class_name for p in photos if class_key(p.class_name) not in learned})
    return kept, [
        f"The class “{name}” has no photos to train with, so its photos are not measured either."
        for name in lost
    ]


def _make_targets(
    photos: Sequence[LabelledPhoto], names: Sequence[str], *, exclusive: bool
) -> NDArray[np.float32]:
    columns = {class_key(name): column for column, name in enumerate(names)}
    targets = np.zeros((len(photos), len(names)), np.float32)
    for row, photo in enumerate(photos):
        labels = [photo.class_name] if exclusive else [photo.class_name, photo.also or ""]
        for label in labels:
            column = columns.get(class_key(label))
            if column is not None:
                targets[row, column] = 1
    return targets
