"""Which photos are learned from, and which are held back to tell how good the result is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.ml.folds import split_folds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tagger.services.teaching.lesson import Lesson

FOLDS = 5
_NO_SHOOTS = (
    "Nothing says which photos come from one shoot, so alike ones may stand on both sides and the "
    "figures may be too good. Put the photos of a shoot into a folder inside the class folder."
)


@dataclass(frozen=True)
class Sides:
    """Row numbers of a lesson.

    Attributes:
        train: learned from.
        valid: choose the best epoch, calibration and thresholds; None where parts of `train` take
            turns in that.
        test: measured on; None for the same as `valid`.
        measured_on: in words, for people and the model's card.
    """

    train: NDArray[np.intp]
    valid: NDArray[np.intp] | None
    test: NDArray[np.intp] | None
    measured_on: str


def choose_sides(lesson: Lesson, *, seed: int, needs_valid: bool) -> Sides:
    """The data set's own parts; elsewhere whole shoots are held back.

    Args:
        lesson: with twins on one side.
        seed: of the split.
        needs_valid: whether photos must be held back where the data set names none.

    Raises:
        ModelError: all photos are of one shoot.
    """
    test = _none_if_empty(lesson.rows_of("test"))
    valid = _none_if_empty(lesson.rows_of("validation"))
    has_parts = any(photo.split is not None for photo in lesson.photos)
    train = lesson.rows_of("train" if has_parts else None)
    if valid is None and needs_valid:
        inner = lesson.take(train)
        fold_of = split_folds(inner.groups, inner.targets, FOLDS, seed)
        train, valid = train[fold_of != 0], train[fold_of == 0]
        held = "photos of shoots held back" if lesson.has_groups else "photos held back"
    else:
        held = "the validation part" if valid is not None else describe_folds(lesson, FOLDS)
    return Sides(train, valid, test, held if test is None else "the test part")


def describe_folds(lesson: Lesson, folds: int) -> str:
    """`out of fold, 5 folds split by shoot`."""
    return f"out of fold, {folds} folds split by {'shoot' if lesson.has_groups else 'photo'}"


def warn_of_sides(lesson: Lesson, sides: Sides) -> Lesson:
    """The lesson with sentences where shoots are unknown, or a class can't be measured."""
    warnings = []
    if not lesson.has_groups and not any(photo.split for photo in lesson.photos):
        warnings.append(_NO_SHOOTS)
    measured = sides.test if sides.test is not None else sides.valid
    if measured is not None:
        shown = (lesson.targets[measured] == 1).any(axis=0)
        warnings += [
            f"No held-out photo shows “{name}”, so how well it is recognised can't be told."
            for name, is_shown in zip(lesson.names, shown, strict=True)
            if not is_shown
        ]
    return lesson.with_warnings(*warnings)


def _none_if_empty(rows: NDArray[np.intp]) -> NDArray[np.intp] | None:
    return rows if len(rows) else None
