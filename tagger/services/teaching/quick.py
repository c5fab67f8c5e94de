"""Quick teaching: a new head on features that are stored, or computed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagger.core.errors import PhotoError, WrongUseError
from tagger.core.keywords import class_key
from tagger.images import decode_photo
from tagger.services.features import compute_features
from tagger.services.predicting import NO_FEATURES
from tagger.services.rescoring import iterate_features
from tagger.services.teaching.sides import check_sides, choose_sides, warn_of_sides
from tagger.services.teaching.twins import keep_twins_together

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from PIL import Image

    from tagger.library import Library
    from tagger.ml import Classifier
    from tagger.ml.head import HeadFit
    from tagger.ml.keeping import Parent
    from tagger.ml.quick import Side
    from tagger.services.teaching.lesson import Lesson
    from tagger.services.teaching.request import Audience
    from tagger.services.teaching.sides import Sides

_HASHED_PX = 128
_ONE_SHOOT = (
    "All photos come from one shoot, so the figures say how well it does there and may be too good "
    "for others."
)
_MOST_UNDECIDED = 2000
"""Photos that stand for all of the library on which nobody decided anything."""


def look_at_photos(
    lesson: Lesson, classifier: Classifier, home: Path, audience: Audience
) -> tuple[Lesson, NDArray[np.float16]]:
    """The lesson's readable photos with their features, twins on one side.

    Raises:
        WrongUseError: not one photo can be read.
        CancelledError: somebody asked for a stop; features computed so far are kept.
        LibraryError, ModelError: see `compute_features`.
    """
    known = {row: p.content_id for row, p in enumerate(lesson.photos) if p.content_id is not None}
    paths = [photo.path for photo in lesson.photos]
    found = compute_features(classifier, paths, home, audience.cancel, audience.report, known)
    if not found.rows:
        raise WrongUseError(f"None of the photos can be read. {found.failed[0][1]}")
    readable = lesson.read(found.rows, found.content_ids, found.failed)

    def look(row: int) -> Image.Image | None:
        audience.cancel.raise_if_cancelled()
        try:
            return decode_photo(readable.photos[row].path, short_side_px=_HASHED_PX)
        except PhotoError:
            return None

    return keep_twins_together(readable, found.features, look), found.features


def read_undecided(
    library: Library, lesson: Lesson, backbone: str, seed: int
) -> NDArray[np.float16]:
    """Features `[M, 2048]` of photos on which nobody decided, drawn at random from the library.

    Those that this backbone has not seen are left out.
    """
    decided = {photo.content_id for photo in lesson.photos}
    photos = [one for one in library.readable_photos() if one[1] not in decided]
    drawn = np.random.default_rng(seed).permutation(len(photos))[:_MOST_UNDECIDED]
    pages = iterate_features(library, backbone, [photos[place] for place in drawn.tolist()])
    found = [features for _, features in pages if len(features)]
    return np.concatenate(found) if found else NO_FEATURES


def learn_from_decisions(
    lesson: Lesson,
    features: NDArray[np.float16],
    undecided: NDArray[np.float16],
    parent: Parent | None,
    seed: int,
) -> tuple[Lesson, HeadFit, Sides]:
    """Learn what was decided in the library, several tags a photo.

    Raises:
        ModelError: a class can't be learned.
    """
    from tagger.ml.quick import Side  # noqa: PLC0415  loads torch
    from tagger.ml.revising import (  # noqa: PLC0415
        comes_from_several_shoots,
        learn_decisions,
    )

    sides = choose_sides(lesson, seed=seed, needs_valid=False)
    lesson = warn_of_sides(lesson, sides)
    decided = Side(features, lesson.targets, lesson.groups)
    known = {class_key(entry.name) for entry in parent.info.classes} if parent else set[str]()
    warnings = [
        f"All photos of “{name}” come from one shoot, so how well it is recognised on others can't "
        "be told."
        for place, name in enumerate(lesson.names)
        if class_key(name) not in known and not comes_from_several_shoots(decided, place)
    ]
    if len(set(lesson.groups)) == 1:
        warnings = [_ONE_SHOOT]
    lesson = lesson.with_warnings(*warnings)
    return lesson, learn_decisions(decided, undecided, lesson.names, parent, seed=seed), sides


def learn_head(
    lesson: Lesson, features: NDArray[np.float16], parent: Parent | None, seed: int
) -> tuple[Lesson, HeadFit, Sides]:
    """Learn a data set's classes, from where the parent stands on those it knows.

    Raises:
        ModelError: a class can't be learned, or all photos are of one shoot.
    """
    from tagger.ml.keeping import find_start  # noqa: PLC0415  loads torch
    from tagger.ml.quick import Side, learn_quick  # noqa: PLC0415

    sides = choose_sides(lesson, seed=seed, needs_valid=False)
    check_sides(lesson, sides)
    lesson = warn_of_sides(lesson, sides)

    def cut(rows: NDArray[np.intp] | None) -> Side | None:
        if rows is None:
            return None
        chosen = lesson.take(rows)
        return Side(features[rows], chosen.targets, chosen.groups)

    train = cut(sides.train)
    assert train is not None
    fit = learn_quick(
        train,
        lesson.names,
        exclusive=lesson.exclusive,
        seed=seed,
        start=find_start(lesson.names, parent) if parent else None,
        held=(cut(sides.valid), cut(sides.test)),
    )
    return lesson, fit, sides
