"""Features of photos that need not be in the library, kept beside it by content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.errors import PhotoError
from tagger.images import read_content_id
from tagger.library.features import FeatureStore
from tagger.services.predicting import predict_photos
from tagger.services.reporting import Report, Stopwatch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import ContentId
    from tagger.ml import Classifier

_PART = 64  # photos after which features are stored: what a stop loses
_BUSY_TIMEOUT_MS = 10_000


@dataclass(frozen=True)
class PhotoFeatures:
    """Features of those of the photos that can be read.

    Attributes:
        rows: their places in the list that was given.
        content_ids: of these photos.
        features: `[N, D] float16`.
        failed: path and sentence of the others.
    """

    rows: list[int]
    content_ids: list[ContentId]
    features: NDArray[np.float16]
    failed: list[tuple[Path, str]]


def compute_features(
    classifier: Classifier,
    paths: Sequence[Path],
    home: Path,
    cancel: CancelToken,
    report: Report,
    known_ids: Mapping[int, ContentId] | None = None,
) -> PhotoFeatures:
    """Features of photos; pictures that this backbone has seen before are not decoded again.

    `known_ids` are the content ids of photos, by their places, that need not be read for them.

    Raises:
        CancelledError: somebody asked for a stop; what was computed is kept for next time.
        LibraryError: the folder of the library can't be written.
        ModelError: the device failed.
    """
    failed: list[tuple[Path, str]] = []
    ids = _read_ids(paths, known_ids or {}, cancel, failed)
    home.mkdir(parents=True, exist_ok=True)
    store = FeatureStore(home / "features.db", _BUSY_TIMEOUT_MS)
    try:
        known = store.load(classifier.backbone, set(ids.values()))
        waiting = [row for row, content_id in ids.items() if content_id not in known]
        watch = Stopwatch("Looking at photos", len(waiting), report)
        for start in range(0, len(waiting), _PART):
            part = waiting[start : start + _PART]
            found = predict_photos(classifier, [paths[r] for r in part], cancel, lambda _: None)
            vectors = {
                ids[part[row]]: feature.tobytes()
                for row, feature in zip(found.rows, found.features, strict=True)
            }
            store.store(classifier.backbone, vectors)
            known |= vectors
            failed += found.failed
            watch.advance(len(part))
    finally:
        store.close()
    rows = [row for row, content_id in ids.items() if content_id in known]
    vectors_in_order = [np.frombuffer(known[ids[row]], np.float16) for row in rows]
    features = np.stack(vectors_in_order) if rows else np.empty((0, 0), np.float16)
    return PhotoFeatures(rows, [ids[row] for row in rows], features, failed)


def _read_ids(
    paths: Sequence[Path],
    known: Mapping[int, ContentId],
    cancel: CancelToken,
    failed: list[tuple[Path, str]],
) -> dict[int, ContentId]:
    ids: dict[int, ContentId] = {}
    for row, path in enumerate(paths):
        cancel.raise_if_cancelled()
        try:
            ids[row] = known.get(row) or read_content_id(path)
        except PhotoError as error:
            failed.append((path, str(error)))
    return ids
