"""Keeping one picture, stored twice, off both sides of a split."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tagger.ml.duplicates import (
    are_same_picture,
    describe_leaks,
    find_copies,
    find_leaks,
    find_lookalikes,
    hash_picture,
    join_groups,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from tagger.ml.duplicates import Pair
    from tagger.ml.labelled_folders import Split
    from tagger.services.teaching.lesson import Lesson

    Look = Callable[[int], Image.Image | None]
    """A photo by its number, as small as it may be; None for one that can't be read now."""

_HELD_FIRST: tuple[Split | None, ...] = ("test", "validation", "train", None)


def keep_twins_together(lesson: Lesson, features: NDArray[np.float16], look: Look) -> Lesson:
    """The lesson with copies and near copies on one side, whatever is split later.

    In parts that came with the data set, the copy to train with moves to the part that is held out.
    Elsewhere the two shoots count as one; where that would make one shoot of all, only the copies
    count to the shoot of the first.

    Args:
        lesson: with content ids.
        features: `[N, 2048]` of its photos, of any backbone.
        look: gives photos whose features are alike, to compare them as pictures.
    """
    pairs = find_twins(lesson, features, look)
    if not pairs:
        return lesson
    splits = [photo.split for photo in lesson.photos]
    leaks = find_leaks(splits, pairs)
    while moving := find_leaks(splits, pairs):  # a copy that moves may take another along
        for one, other in moving:
            splits[one] = splits[other] = min(splits[one], splits[other], key=_HELD_FIRST.index)
    groups = join_groups(lesson.groups, pairs)
    if len(set(groups)) == 1:  # a folder of the best of all shoots, or one picture in each of them
        groups = _move_copies(lesson.groups, pairs)
    photos = tuple(
        replace(photo, split=split, group=group)
        for photo, split, group in zip(lesson.photos, splits, groups, strict=True)
    )
    return replace(lesson, photos=photos).with_warnings(*_describe(lesson, pairs, leaks))


def _move_copies(groups: Sequence[str], pairs: Sequence[Pair]) -> list[str]:
    """The group of each photo, that of a copy being the one of the first picture like it."""
    firsts = join_groups([str(row) for row in range(len(groups))], pairs)
    return [groups[int(first)] for first in firsts]


def find_twins(lesson: Lesson, features: NDArray[np.float16], look: Look) -> list[Pair]:
    """Pairs of photos of different shoots or parts that show one picture."""
    sides = [f"{photo.split} {photo.group}" for photo in lesson.photos]
    copies = [
        pair
        for pair in find_copies([str(photo.content_id) for photo in lesson.photos])
        if sides[pair[0]] != sides[pair[1]]
    ]
    known = set(copies)
    candidates = [pair for pair in find_lookalikes(features, sides) if pair not in known]
    hashes: dict[int, NDArray[np.bool_] | None] = {}

    def hash_of(row: int) -> NDArray[np.bool_] | None:
        if row not in hashes:
            image = look(row)
            hashes[row] = None if image is None else hash_picture(image)
        return hashes[row]

    for one, other in candidates:
        first, second = hash_of(one), hash_of(other)
        if first is not None and second is not None and are_same_picture(first, second):
            known.add((one, other))
    return sorted(known)


def _describe(lesson: Lesson, pairs: Sequence[Pair], leaks: Sequence[Pair]) -> list[str]:
    names = [str(photo.path) for photo in lesson.photos]
    if leaks:
        found = describe_leaks(names, leaks) or ""
        return [
            found.replace(", so that its figures are too good", "")
            + " Those to train with were moved to the part that is held out."
        ]
    one, other = pairs[0]
    example = f"{names[one]} is {names[other]}"
    return [f"The same picture twice, which is kept on one side: {len(pairs)} ({example})."]
