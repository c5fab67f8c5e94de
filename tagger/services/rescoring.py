"""Scores of the whole library from stored features: not one photo is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.library import Rescored
from tagger.services.classifiers import refuse_no_numbers, tag_columns
from tagger.services.reporting import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from tagger.core.cancel import CancelToken
    from tagger.core.changes import Changes
    from tagger.core.ids import ContentId, ModelId, PhotoId
    from tagger.library import Library
    from tagger.ml import BundleInfo
    from tagger.services.reporting import Report

    Photo = tuple[PhotoId, ContentId]

_PAGE = 2048


@dataclass(frozen=True)
class Scorer:
    """What can score stored features: a head alone, or a whole classifier.

    Attributes:
        score: calibrated scores `[N, C]` of features `[N, 2048]` of the model's backbone.
    """

    info: BundleInfo
    score: Callable[[NDArray[np.float16]], NDArray[np.float32]]


@dataclass(frozen=True)
class KnownScores:
    """What a model says of the photos whose features are stored.

    Attributes:
        photos: id and content of N photos.
        scores: `[N, C]`, in the order of the model's classes.
        unknown: how many photos have no features of this backbone.
    """

    photos: list[Photo]
    scores: NDArray[np.float32]
    unknown: int


def score_waiting(
    library: Library, scorer: Scorer, cancel: CancelToken, report: Report
) -> KnownScores:
    """Score all photos that this model has not scored yet, as far as their features are known.

    Raises:
        CancelledError: somebody asked for a stop; nothing was changed.
    """
    waiting = library.photos_to_rescore(scorer.info.fingerprint)
    return score_photos(library, scorer, waiting, cancel, report)


def score_photos(
    library: Library, scorer: Scorer, photos: Sequence[Photo], cancel: CancelToken, report: Report
) -> KnownScores:
    """Score photos from stored features; those without are left out.

    Raises:
        CancelledError: somebody asked for a stop.
        ModelError: the scores are no numbers.
    """
    watch = Stopwatch("Scoring anew", len(photos), report)
    known: list[Photo] = []
    scores = [np.empty((0, len(scorer.info.classes)), np.float32)]
    for page, features in iterate_features(library, scorer.info.backbone, photos):
        cancel.raise_if_cancelled()
        if len(features):
            scores.append(scorer.score(features))
            refuse_no_numbers(scorer.info, scores[-1])
        known += page
        watch.advance(_PAGE)
    return KnownScores(known, np.concatenate(scores), len(photos) - len(known))


def iterate_features(
    library: Library, backbone: str, photos: Sequence[Photo]
) -> Iterator[tuple[list[Photo], NDArray[np.float16]]]:
    """Photos in pages with their features `[N, 2048]`; those without features are left out."""
    for start in range(0, len(photos), _PAGE):
        asked = photos[start : start + _PAGE]
        vectors = library.content_features(backbone, {content for _, content in asked})
        page = [photo for photo in asked if photo[1] in vectors]
        joined = b"".join(vectors[content] for _, content in page)
        features = np.frombuffer(joined, np.float16).reshape(len(page), -1 if page else 0)
        yield page, features


def store_known(
    library: Library, model_id: ModelId, info: BundleInfo, known: KnownScores
) -> Changes:
    """Store what `score_waiting` found; decisions are not touched."""
    columns = tag_columns(info)
    tag_ids = [library.find_tag(info.classes[column].name).id for column in columns]
    scores = known.scores[:, columns]
    return library.store_rescored(model_id, Rescored(known.photos, tag_ids, scores))


def rescore_waiting(
    library: Library, scorer: Scorer, model_id: ModelId, cancel: CancelToken, report: Report
) -> int:
    """Give photos whose features are stored their scores, before any is decoded; returns how many.

    They wait when a change of the classifier was interrupted, or a known picture was copied.

    Raises:
        CancelledError: somebody asked for a stop; nothing was changed.
    """
    known = score_waiting(library, scorer, cancel, report)
    if known.photos:
        store_known(library, model_id, scorer.info, known)
    return len(known.photos)
