"""One picture, in the library or not: every class with its score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.cancel import CancelToken
from tagger.core.errors import PhotoError
from tagger.images import DecodePool, decode_photo
from tagger.ml.transforms import prepare

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.ml.classifier import Classifier


@dataclass(frozen=True)
class Classification:
    """What the model says of one picture; the fields are the JSON contract of `classify`.

    Attributes:
        scores: class to probability, highest first.
        tags: the classes whose score reaches their threshold.
    """

    path: Path
    model: str
    scores: dict[str, float]
    tags: tuple[str, ...]


def classify_photo(classifier: Classifier, path: Path) -> Classification:
    """Score one picture.

    Raises:
        PhotoError: it can't be read, or takes too long.
    """
    with DecodePool(
        lambda file: decode_photo(file, short_side_px=classifier.input_px), workers=1
    ) as pool:
        [(_, image)] = pool.results([(None, path)], look_ahead=1, cancel=CancelToken())
    if isinstance(image, PhotoError):
        raise image
    scores = classifier.predict([prepare(image, classifier.info.transform)]).scores[0].tolist()
    scored = sorted(
        zip(classifier.info.classes, scores, strict=True), key=lambda pair: pair[1], reverse=True
    )
    return Classification(
        path=path,
        model=classifier.info.name,
        scores={entry.name: round(score, 4) for entry, score in scored},
        tags=tuple(entry.name for entry, score in scored if score >= entry.threshold),
    )
