"""Measuring a classifier on photos whose classes are known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.errors import WrongUseError
from tagger.core.keywords import class_key
from tagger.ml.figures import Figures, Labels, measure_answers
from tagger.ml.labelled_folders import LabelledFolders, read_labelled_folders
from tagger.ml.thresholds import (
    PrecisionOffer,
    TagThresholds,
    measure_thresholds,
    offer_precision,
)
from tagger.services.predicting import PredictedPhotos, predict_photos

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.core.cancel import CancelToken
    from tagger.ml import BundleInfo, Classifier
    from tagger.ml.labelled_folders import LabelledPhoto, Split
    from tagger.services.reporting import Report

PRECISIONS = (0.9, 0.95, 0.98, 0.99)
"""For each of them it is said what asking for it costs."""


@dataclass(frozen=True)
class Evaluation:
    """What was measured, and on which photos.

    Attributes:
        model: the classifier's name.
        classes: names of the classes that could be answered, in the order of the figures.
        split: the part of the data set that was used; None for all of it.
        has_views: whether scores are the mean over several looks at each photo.
        offers: what a wanted precision of the best answer costs, for each of `PRECISIONS`.
        thresholds: what the model's own thresholds do, by class; empty for an exclusive model.
        left_out: folder whose class was not measured, to its number of photos.
        failed: photo and reason for those that can't be read.
        warnings: sentences on the data set.
        photos_per_second: decoded and predicted.
    """

    model: str
    classes: tuple[str, ...]
    split: Split | None
    has_views: bool
    figures: Figures
    offers: tuple[PrecisionOffer, ...]
    thresholds: dict[str, TagThresholds]
    left_out: dict[str, int]
    failed: list[tuple[Path, str]]
    warnings: tuple[str, ...]
    device: str
    photos_per_second: float


@dataclass(frozen=True)
class EvaluationPlan:
    """Which photos are held against which classes.

    Attributes:
        columns: numbers of the model's classes that can be answered.
        photos: those whose class is among them.
    """

    columns: tuple[int, ...]
    photos: tuple[LabelledPhoto, ...]
    split: Split | None
    left_out: dict[str, int]
    warnings: tuple[str, ...]


def plan_evaluation(
    info: BundleInfo, folder: Path, classes: Sequence[str] | None
) -> EvaluationPlan:
    """Find out what can be measured, before anything slow happens.

    Folders are matched with the model's classes by name in any spelling, also the one they had
    before they were renamed; a folder that is no class is left out. The test part is used where
    there is one, else the validation part, else all.

    Args:
        info: of the model.
        folder: the data set.
        classes: those that can be answered; None for all of the model.

    Raises:
        WrongUseError: the folder is no data set, a class is unknown, or nothing is left to measure.
    """
    folders = read_labelled_folders(folder)
    columns = _find_columns(info, classes)
    wanted = {class_key(info.classes[column].name) for column in columns}
    split = _choose_split(folders)
    chosen = [
        photo.with_names(info.earlier_names)
        for photo in folders.photos
        if split is None or photo.split == split
    ]
    photos = tuple(photo for photo in chosen if class_key(photo.class_name) in wanted)
    if not photos:
        known = ", ".join(info.classes[column].name for column in columns)
        raise WrongUseError(
            f"No folder in {folder} is called like a class to be measured; they are: {known}."
        )
    left_out = Counter(p.class_name for p in chosen if class_key(p.class_name) not in wanted)
    return EvaluationPlan(columns, photos, split, dict(sorted(left_out.items())), folders.warnings)


def _find_columns(info: BundleInfo, classes: Sequence[str] | None) -> tuple[int, ...]:
    numbers = {class_key(entry.name): number for number, entry in enumerate(info.classes)}
    if classes is None:
        return tuple(numbers.values())
    unknown = [name for name in classes if class_key(name) not in numbers]
    known = ", ".join(entry.name for entry in info.classes)
    if not classes:
        raise WrongUseError(f"Name one class at least; the classifier {info.name} has: {known}.")
    if unknown:
        raise WrongUseError(
            f"The classifier {info.name} has no class {', '.join(unknown)}; it has: {known}."
        )
    return tuple(dict.fromkeys(numbers[class_key(name)] for name in classes))


def _choose_split(folders: LabelledFolders) -> Split | None:
    wanted: tuple[Split, ...] = ("test", "validation")
    return next((split for split in wanted if split in folders.splits), None)


def evaluate_plan(
    classifier: Classifier,
    plan: EvaluationPlan,
    cancel: CancelToken,
    report: Report,
    *,
    has_views: bool = False,
) -> Evaluation:
    """Predict the photos of a plan and measure the answers; the best score is the answer.

    Raises:
        WrongUseError: not one photo can be read.
        CancelledError: somebody asked for a stop.
        ModelError: the device failed.
    """
    paths = [photo.path for photo in plan.photos]
    predicted = predict_photos(classifier, paths, cancel, report, has_views=has_views)
    return measure_predictions(classifier, plan, predicted, has_views=has_views)


def measure_predictions(
    classifier: Classifier, plan: EvaluationPlan, predicted: PredictedPhotos, *, has_views: bool
) -> Evaluation:
    """Measure the predictions of a plan's photos.

    Raises:
        WrongUseError: not one photo can be read.
    """
    if not predicted.rows:
        raise WrongUseError(f"None of the photos can be read. {predicted.failed[0][1]}")
    info = classifier.info
    entries = [info.classes[column] for column in plan.columns]
    names = tuple(entry.name for entry in entries)
    labels = _label([plan.photos[row] for row in predicted.rows], names)
    scores = answer_among(predicted.scores, plan.columns, is_exclusive=info.exclusive)
    answers = scores.argmax(axis=1)
    is_right = answers == labels.accept(answers)
    return Evaluation(
        model=info.name,
        classes=names,
        split=plan.split,
        has_views=has_views,
        figures=measure_answers(scores, labels, names, exclusive=info.exclusive),
        offers=tuple(offer_precision(scores.max(axis=1), is_right, p) for p in PRECISIONS),
        thresholds={}
        if info.exclusive
        else measure_thresholds(scores, labels.targets(len(names)), entries),
        left_out=plan.left_out,
        failed=predicted.failed,
        warnings=plan.warnings,
        device=classifier.device,
        photos_per_second=len(predicted.rows) / max(predicted.seconds, 1e-9),
    )


def answer_among(
    scores: NDArray[np.float32], columns: Sequence[int], *, is_exclusive: bool
) -> NDArray[np.float32]:
    """Scores `[N, C]` of the classes in these columns, as if an exclusive model had no others."""
    chosen = scores[:, list(columns)]
    if not is_exclusive:
        return chosen
    shares: NDArray[np.float32] = chosen / np.maximum(chosen.sum(axis=1, keepdims=True), 1e-9)
    return shares


def _label(photos: Sequence[LabelledPhoto], names: Sequence[str]) -> Labels:
    numbers = {class_key(name): number for number, name in enumerate(names)}
    return Labels(
        truth=np.array([numbers[class_key(photo.class_name)] for photo in photos]),
        second=np.array([numbers.get(class_key(photo.also or ""), -1) for photo in photos]),
        is_hard=np.array([photo.is_hard for photo in photos]),
        groups=[photo.group for photo in photos],
    )
