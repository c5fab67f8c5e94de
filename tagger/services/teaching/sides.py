"""Which photos are learned from, and which are held back to tell how good the result is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.errors import ModelError
from tagger.ml.folds import split_folds
from tagger.ml.targets import FEWEST, can_be_learned, check_targets

if TYPE_CHECKING:
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
        is_held = _choose_fold(split_folds(inner.groups, inner.targets, FOLDS, seed), inner)
        train, valid = train[~is_held], train[is_held]
        held = "photos of shoots held back" if lesson.has_groups else "photos held back"
    else:
        held = "the validation part" if valid is not None else describe_folds(lesson, FOLDS)
    return Sides(train, valid, test, held if test is None else "the test part")


def _choose_fold(fold_of: NDArray[np.int64], lesson: Lesson) -> NDArray[np.bool_]:
    """Which photos the first fold has without which every class can still be learned, `[N]`.

    A class may come from a single shoot; that one must stay on the side to learn from.
    """
    folds = [fold_of == fold for fold in range(int(fold_of.max()) + 1)]
    fitting = (
        is_held
        for is_held in folds
        if can_be_learned(lesson.targets[~is_held]) and _shows_any(lesson, np.flatnonzero(is_held))
    )
    return next(fitting, folds[0])


def check_sides(lesson: Lesson, sides: Sides) -> None:
    """Refuse what can't be learned or measured, before anything slow happens.

    Raises:
        ModelError: a class has too few photos to learn from, and where its others are; or those
            held out show no class at all.
    """
    try:
        check_targets(lesson.targets[sides.train], lesson.names)
    except ModelError as error:
        raise ModelError(" ".join([str(error), *_find_others(lesson, sides)])) from error
    for rows in (sides.valid, sides.test):
        if rows is not None and not _shows_any(lesson, rows):
            raise ModelError(
                "The photos held out for measuring show none of the classes. Add photos of each "
                "class to them."
            )


def _shows_any(lesson: Lesson, rows: NDArray[np.intp]) -> bool:
    """Whether people said of any of these photos that it shows a class."""
    return bool((lesson.take(rows).only_decided().targets == 1).any())


def _find_others(lesson: Lesson, sides: Sides) -> list[str]:
    """Where the other photos are of the first class that has too few to learn from."""
    shown = lesson.targets == 1
    learned = shown[sides.train].sum(axis=0)
    column = int(np.argmax(learned < FEWEST))
    if learned[column] >= FEWEST:
        return []
    held = int(shown[:, column].sum() - learned[column])
    lost = lesson.unreadable.get(lesson.names[column], ())
    found = []
    if held:
        found.append(
            f"{held} more are held back to measure with: add photos of it from another shoot."
        )
    if lost:
        found.append(f"{len(lost)} more can't be read: {dict(lesson.failed)[lost[0]]} ({lost[0]})")
    return found


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
        shown = (lesson.take(measured).only_decided().targets == 1).any(axis=0)
        taught = (lesson.only_decided().targets == 1).any(axis=0)
        warnings += [
            f"No held-out photo shows “{name}”, so how well it is recognised can't be told."
            for name, is_shown, is_taught in zip(lesson.names, shown, taught, strict=True)
            if is_taught and not is_shown
        ]
    return lesson.with_warnings(*warnings)


def _none_if_empty(rows: NDArray[np.intp]) -> NDArray[np.intp] | None:
    return rows if len(rows) else None
