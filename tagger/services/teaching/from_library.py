"""A lesson from what was confirmed, corrected and rejected in the library."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.errors import WrongUseError
from tagger.core.keywords import class_key
from tagger.services.reviewing import NONE_OF_THESE
from tagger.services.settings import shown_tags
from tagger.services.teaching.lesson import Lesson, LessonPhoto

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from tagger.library import DecidedPhoto, Library

TITLE = "your decisions"
_FEWEST = 2
"""Photos with a class: with fewer it can't be learned."""
_TOO_LITTLE = (
    "There is too little to learn from. Confirm and reject tags in the window or with tagger mark, "
    "ten photos of each class to begin with."
)


@dataclass(frozen=True)
class _Decided:
    """Photos with a matrix `[N, C]` of what was decided: 1, 0 or NaN."""

    photos: Sequence[DecidedPhoto]
    names: Sequence[str]
    matrix: NDArray[np.float32]


def collect_from_library(library: Library, *, exclusive: bool) -> Lesson:
    """Every decision that stands. Tags nobody decided on stay unknown.

    Some classes may have too few decisions: `leave_out_rare` tells them from the others.

    Exclusive, a photo counts when one class of it is confirmed, or when all were rejected
    (`=none`): then it teaches the answer “none”.

    Raises:
        WrongUseError: too little was decided.
    """
    tags = {tag.name: tag.keyword_path for tag in shown_tags(library)}
    photos = library.decided_photos()
    matrix = np.array([[_value(photo, name) for name in tags] for photo in photos], np.float32)
    decided = _Decided(photos, list(tags), matrix.reshape(len(photos), len(tags)))
    enough = np.array([int((column == 1).sum()) >= _FEWEST for column in matrix.T], bool)
    if not enough.any():
        raise WrongUseError(_TOO_LITTLE)
    warnings: list[str] = []
    if exclusive:
        decided = _take_classes(decided, enough)
        decided, warnings = _choose_one_each(decided)
        decided, rare = _leave_out_unclear(decided)
        warnings += rare
    else:
        some = [not np.isnan(column).all() for column in matrix.T]
        decided = _take_classes(decided, np.array(some, bool))
    classes = {name: tags.get(name, (name.title(),)) for name in decided.names}
    return Lesson(
        TITLE,
        classes,
        tuple(
            LessonPhoto(photo.path, photo.shoot or str(photo.path), content_id=photo.content_id)
            for photo in decided.photos
        ),
        decided.matrix,
        exclusive,
        tuple(warnings),
    )


def _value(photo: DecidedPhoto, name: str) -> float:
    has_tag = photo.has_tag.get(name)
    return float("nan") if has_tag is None else float(has_tag)


def leave_out_rare(lesson: Lesson, known: Collection[str], *, needs_no: bool) -> Lesson:
    """Without classes that have too few decisions, and photos that then have none.

    Args:
        lesson: of decisions, several tags a photo.
        known: keys of the classes that the model to start from knows: any decision changes them.
        needs_no: whether others must be shown to be without a class, since nothing is assumed.

    Raises:
        WrongUseError: nothing is left.
    """
    yes, no = (lesson.targets == 1).sum(axis=0), (lesson.targets == 0).sum(axis=0)
    enough = (yes >= _FEWEST) & (no >= (_FEWEST if needs_no else 0))
    enough |= np.array([class_key(name) in known for name in lesson.names])
    needed = f"{_FEWEST} of each" if needs_no else f"{_FEWEST} confirmed"
    warnings = [
        f"“{name}” has too few decisions to learn from: {yes[c]} confirmed, {no[c]} rejected. "
        f"It needs {needed}, and ten to be any good."
        for c, name in enumerate(lesson.names)
        if not enough[c]
    ]
    if not ((yes >= _FEWEST) & enough).any():
        raise WrongUseError(" ".join([_TOO_LITTLE, *warnings[:1]]))
    columns = np.flatnonzero(enough)
    rows = np.flatnonzero((~np.isnan(lesson.targets[:, columns])).any(axis=1))
    names = [lesson.names[c] for c in columns.tolist()]
    chosen = lesson.take(rows).with_warnings(*warnings)
    return replace(
        chosen,
        classes={name: lesson.classes[name] for name in names},
        targets=chosen.targets[:, columns],
    )


def _take_classes(decided: _Decided, chosen: NDArray[np.bool_]) -> _Decided:
    """These classes, with the photos on which any of them was decided."""
    columns = np.flatnonzero(chosen).tolist()
    matrix = decided.matrix[:, columns]
    rows = np.flatnonzero((~np.isnan(matrix)).any(axis=1)).tolist()
    names = [decided.names[c] for c in columns]
    return _Decided([decided.photos[r] for r in rows], names, matrix[rows])


def _choose_one_each(decided: _Decided) -> tuple[_Decided, list[str]]:
    """Photos with one class, and those of none as a class of its own; other photos are left out."""
    shows = (decided.matrix == 1).sum(axis=1)
    shows_none = (decided.matrix == 0).all(axis=1)
    rows = np.flatnonzero((shows == 1) | shows_none).tolist()
    matrix, names = (decided.matrix[rows] == 1).astype(np.float32), list(decided.names)
    if shows_none.any():
        matrix = np.column_stack([matrix, shows_none[rows].astype(np.float32)])
        names.append(NONE_OF_THESE)
    left_out = len(decided.photos) - len(rows)
    warnings = (
        [f"Photos without one clear class are left out: {left_out} of {len(decided.photos)}."]
        if left_out
        else []
    )
    return _Decided([decided.photos[r] for r in rows], names, matrix), warnings


def _leave_out_unclear(decided: _Decided) -> tuple[_Decided, list[str]]:
    """Without classes that too few photos show alone, and without these photos."""
    counts = decided.matrix.sum(axis=0)
    columns = np.flatnonzero(counts >= _FEWEST).tolist()
    warnings = [
        f"“{name}” is left out, since too few photos show it and nothing else: {counts[c]:.0f}."
        for c, name in enumerate(decided.names)
        if c not in columns
    ]
    if len(columns) < 2:
        raise WrongUseError(" ".join([_TOO_LITTLE, *warnings[:1]]))
    matrix = decided.matrix[:, columns]
    rows = np.flatnonzero(matrix.any(axis=1)).tolist()
    names = [decided.names[c] for c in columns]
    return _Decided([decided.photos[r] for r in rows], names, matrix[rows]), warnings
