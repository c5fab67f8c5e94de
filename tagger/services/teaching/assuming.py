"""What a lesson with all layers takes from photos on which nobody decided.

Decisions are no sample of a library: what is right is mostly left alone. A network that learned
from decided photos alone would forget the other classes and give far too many tags of those it was
taught, so it also learns what the model before says of other photos (Lee 2013, pseudo-labels).
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.keywords import class_key
from tagger.ml.targets import FEWEST, assume_absent
from tagger.services.teaching.lesson import LessonPhoto

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.core.ids import ContentId, PhotoId
    from tagger.library import Library
    from tagger.ml.starting import Start

    Beliefs = Mapping[ContentId, NDArray[np.float32]]
    """By picture: for each class of the model 1, 0 or NaN where it is not sure, `[C]`."""
    from tagger.services.teaching.lesson import Lesson

_LEAST, _MOST = 600, 2000
"""Photos that are added: as many as were decided on, within these bounds."""
_NO = 0.5
"""Below this part of a threshold a class is taken for absent; from there up to it, for unknown."""
_SHOWN = 5
"""Photos in which the model before must see a class that nobody confirmed, to teach it again."""
_LIST = "undecided.json"


def add_undecided(library: Library, lesson: Lesson, start: Start, folder: Path) -> Lesson:
    """The lesson on all classes of the model before, with photos that nobody decided on.

    What that model says stands wherever nobody decided, and is marked as assumed. Unchanged where
    there is no such model, or photos have one label.

    Args:
        library: where the photos are; those without stored features are left out.
        lesson: of decisions.
        start: what learning starts from.
        folder: of the run, which takes the same photos when it goes on.
    """
    if lesson.exclusive or not start.is_model or start.info.exclusive:
        return lesson
    decided = {photo.content_id for photo in lesson.photos if photo.content_id is not None}
    photos = {one: photo for photo, one in library.readable_photos() if one not in decided}
    count = min(max(_LEAST, len(decided)), _MOST)
    chosen = _read_chosen(photos, folder) or _choose(library, photos, count, folder)
    beliefs = _ask(library, start, decided | set(chosen))
    files = library.picture_files([photos[one] for one in chosen])
    added = tuple(
        LessonPhoto(file.path, str(file.path), content_id=one)
        for one in chosen
        if one in beliefs and (file := files.get(photos[one])) is not None
    )
    return _assume(lesson, added, beliefs, start)


def _read_chosen(photos: Mapping[ContentId, PhotoId], folder: Path) -> list[ContentId]:
    """What this run took before, as far as nobody decided on it since; none for a new run."""
    try:
        before = json.loads((folder / _LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [one for one in before if one in photos] if isinstance(before, list) else []


def _choose(
    library: Library, photos: Mapping[ContentId, PhotoId], count: int, folder: Path
) -> list[ContentId]:
    """Drawn at random from those whose files are there: drives may be away."""
    names = sorted(photos)
    chosen: list[ContentId] = []
    drawn = np.random.default_rng(0).permutation(len(names)).tolist()
    for start in range(0, len(drawn), count):
        some = [names[place] for place in drawn[start : start + count]]
        files = library.picture_files([photos[one] for one in some])
        there = [one for one in some if photos[one] in files and files[photos[one]].path.exists()]
        chosen = (chosen + there)[:count]
        if len(chosen) == count:
            break
    with suppress(OSError):  # without room a run that is killed begins anew
        (folder / _LIST).write_text(json.dumps(sorted(chosen)), encoding="utf-8")
    return sorted(chosen)


def _ask(library: Library, start: Start, pictures: set[ContentId]) -> Beliefs:
    """What the model before believes of pictures that its body has seen."""
    from tagger.ml.scoring import Head  # noqa: PLC0415  loads torch

    vectors = library.content_features(start.info.backbone, pictures)
    if not vectors:
        return {}
    features = np.stack([np.frombuffer(vector, np.float16) for vector in vectors.values()])
    scores = Head.of(start.network, start.info).score(features)
    limits = np.array([entry.threshold for entry in start.info.classes], np.float32)
    said = np.where(scores >= limits, 1, np.where(scores < _NO * limits, 0, np.nan))
    return dict(zip(vectors, said.astype(np.float32), strict=True))


def _assume(
    lesson: Lesson, added: tuple[LessonPhoto, ...], beliefs: Beliefs, start: Start
) -> Lesson:
    classes = dict(lesson.classes)
    taught = {class_key(name) for name in classes}
    entries = [(class_key(one.name), one) for one in start.info.classes]
    classes |= {one.name: one.keyword_path for key, one in entries if key not in taught}
    photos = (*lesson.photos, *added)
    targets = np.full((len(photos), len(classes)), np.nan, np.float32)
    targets[: len(lesson.photos), : len(taught)] = lesson.targets
    assumed = np.isnan(targets)
    said = np.full((len(photos), len(entries)), np.nan, np.float32)
    for row, photo in enumerate(photos):
        if photo.content_id is not None and photo.content_id in beliefs:
            said[row] = beliefs[photo.content_id]
    columns = {key: said[:, place] for place, (key, _) in enumerate(entries)}
    absent = assume_absent(lesson.targets, len(added))
    new = np.concatenate([np.full_like(lesson.targets, np.nan), absent])
    for place, name in enumerate(classes):
        known = columns.get(class_key(name))
        other = new[:, place] if known is None else known
        targets[:, place] = np.where(assumed[:, place], other, targets[:, place])
    shown = (targets == 1).sum(axis=0)
    shown[: len(taught)][(lesson.targets == 1).sum(axis=0) >= FEWEST] = _SHOWN
    kept = (shown >= _SHOWN) & (targets == 0).any(axis=0)
    names = [name for name, is_kept in zip(classes, kept, strict=True) if is_kept]
    return replace(
        lesson,
        classes={name: classes[name] for name in names},
        photos=photos,
        targets=targets[:, kept],
        assumed=assumed[:, kept],
    )
