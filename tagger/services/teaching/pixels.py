"""Photos decoded once for deep teaching, small enough to be kept in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.errors import PhotoError, WrongUseError
from tagger.images import DecodePool, decode_photo, read_content_id
from tagger.services.reporting import Stopwatch
from tagger.services.workspace import core_count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.core.ids import ContentId
    from tagger.ml import Classifier
    from tagger.services.teaching.lesson import Lesson
    from tagger.services.teaching.request import Audience

_ROOM = 1.125
"""Short side that is kept, in parts of what is predicted on: room for zooming, 300 KB a photo."""
_AHEAD = 64


@dataclass(frozen=True)
class Pixels:
    """The readable photos of a lesson, decoded.

    Attributes:
        images: `[H, W, 3] uint8` of each photo, RGB, upright.
    """

    lesson: Lesson
    images: Sequence[NDArray[np.uint8]]


def decode_lesson(lesson: Lesson, resize_px: int, audience: Audience) -> Pixels:
    """Decode every photo in threads; those that can't be read are counted and left out.

    Args:
        lesson: its photos are read.
        resize_px: short side of the photos that are predicted on.
        audience: told of progress.

    Raises:
        WrongUseError: not one photo can be read.
        CancelledError: somebody asked for a stop.
    """
    kept_px = round(resize_px * _ROOM)

    def decode(path: Path) -> tuple[ContentId, NDArray[np.uint8]]:
        return read_content_id(path), np.asarray(decode_photo(path, short_side_px=kept_px))

    rows: list[int] = []
    ids: list[ContentId] = []
    images: list[NDArray[np.uint8]] = []
    failed: list[tuple[Path, str]] = []
    watch = Stopwatch("Reading photos", len(lesson.photos), audience.report)
    with DecodePool(decode, workers=core_count()) as pool:
        waiting = ((row, photo.path) for row, photo in enumerate(lesson.photos))
        for row, found in pool.results(waiting, look_ahead=_AHEAD, cancel=audience.cancel):
            if isinstance(found, PhotoError):
                failed.append((lesson.photos[row].path, str(found)))
            else:
                rows.append(row)
                ids.append(found[0])
                images.append(found[1])
            watch.advance()
    if not rows:
        raise WrongUseError(f"None of the photos can be read. {failed[0][1]}")
    return Pixels(lesson.read(rows, ids, failed), images)


def compute_first_features(
    classifier: Classifier, images: Sequence[NDArray[np.uint8]], audience: Audience
) -> NDArray[np.float16]:
    """Features `[N, 2048]` of decoded photos.

    Raises:
        CancelledError: somebody asked for a stop.
        ModelError: the device failed.
    """
    watch = Stopwatch("Looking at photos", len(images), audience.report)
    features = []
    for start in range(0, len(images), classifier.batch_size):
        audience.cancel.raise_if_cancelled()
        part = images[start : start + classifier.batch_size]
        features.append(classifier.predict(part).features)
        watch.advance(len(part))
    return np.concatenate(features)
