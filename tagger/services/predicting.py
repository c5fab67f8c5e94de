"""Scores and features of photos that need not be in the library, and the classifier for it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.errors import ModelError, PhotoError
from tagger.images import DecodePool, decode_photo
from tagger.ml import prepare
from tagger.ml.views import make_views
from tagger.services.classifiers import available_bundles, bundle_in_use, open_bundle
from tagger.services.reporting import Report, Stopwatch
from tagger.services.workspace import core_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.core.cancel import CancelToken
    from tagger.ml import Classifier
    from tagger.services.classifiers import ChosenBundle

    _Decoded = tuple[int, list[NDArray[np.uint8]] | PhotoError]

_BATCHES_AHEAD = 2
NO_FEATURES = np.empty((0, 2048), np.float16)


@dataclass(frozen=True)
class PredictedPhotos:
    """What the model says of those of the photos that can be read.

    Attributes:
        rows: their places in the list that was given.
        scores: `[N, C] float32`, probabilities; the mean over the views.
        features: `[N, 2048] float16` of each photo's first view.
        failed: path and sentence of the others.
        seconds: from the first photo to the last, loading the model left out.
    """

    rows: list[int]
    scores: NDArray[np.float32]
    features: NDArray[np.float16]
    failed: list[tuple[Path, str]]
    seconds: float


def find_bundle(home: Path, name: str | None) -> ChosenBundle:
    """The classifier of this name, or in this folder; without a name the one in use.

    Raises:
        ModelError: there is none, or it is damaged.
    """
    if name is None:
        return bundle_in_use(home)
    entries = available_bundles(home)
    for entry in entries:
        if entry.folder.name == name:
            return open_bundle(home, entry.folder)
    if Path(name).is_dir():
        return open_bundle(home, Path(name))
    known = ", ".join(sorted(entry.folder.name for entry in entries)) or "none"
    raise ModelError(f"There is no classifier called {name}; there are: {known}.")


def predict_photos(
    classifier: Classifier,
    paths: Sequence[Path],
    cancel: CancelToken,
    report: Report,
    *,
    has_views: bool = False,
) -> PredictedPhotos:
    """Decode ahead in threads and predict in batches.

    Args:
        classifier: stays open.
        paths: of photos.
        cancel: looked at between batches.
        report: of progress.
        has_views: test-time augmentation: the mean over several looks at each photo.

    Raises:
        CancelledError: somebody asked for a stop.
        ModelError: the device failed.
    """
    transform = classifier.info.transform

    def decode(path: Path) -> list[NDArray[np.uint8]]:
        image = decode_photo(path, short_side_px=classifier.input_px)
        return make_views(image, transform) if has_views else [prepare(image, transform)]

    found = _Collected(len(classifier.info.classes))
    watch = Stopwatch("Looking at photos", len(paths), report)
    with DecodePool(decode, workers=core_count()) as pool:
        look_ahead = classifier.batch_size * _BATCHES_AHEAD
        results = pool.results(enumerate(paths), look_ahead=look_ahead, cancel=cancel)
        while batch := list(islice(results, classifier.batch_size)):
            found.add(classifier, paths, batch)
            watch.advance(len(batch))
    return found.finish(watch.seconds)


class _Collected:
    """Predictions as they come, batch by batch."""

    def __init__(self, classes: int) -> None:
        self._rows: list[int] = []
        self._scores: list[NDArray[np.float32]] = [np.empty((0, classes), np.float32)]
        self._features: list[NDArray[np.float16]] = []
        self._failed: list[tuple[Path, str]] = []

    def add(self, classifier: Classifier, paths: Sequence[Path], batch: Sequence[_Decoded]) -> None:
        pictures: list[NDArray[np.uint8]] = []
        rows: list[int] = []
        for row, views in batch:
            if isinstance(views, PhotoError):
                self._failed.append((paths[row], str(views)))
            else:
                rows.append(row)
                pictures += views
        if not rows:
            return
        predictions = classifier.predict(pictures)
        by_photo = predictions.scores.reshape(len(rows), -1, predictions.scores.shape[1])
        self._rows += rows
        self._scores.append(by_photo.mean(axis=1))
        self._features.append(predictions.features[:: by_photo.shape[1]])

    def finish(self, seconds: float) -> PredictedPhotos:
        features = np.concatenate(self._features) if self._features else NO_FEATURES
        return PredictedPhotos(
            self._rows, np.concatenate(self._scores), features, self._failed, seconds
        )
