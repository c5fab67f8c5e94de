"""What a report shows, gathered before a page is made of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from tagger.ml.labelled_folders import LabelledFolders, read_labelled_folders
from tagger.services.evaluating import (
    Evaluation,
    measure_predictions,
    plan_evaluation,
)
from tagger.services.predicting import predict_photos
from tagger.services.report_gallery import Gallery, Pictures
from tagger.services.teaching.learned import warn_of_learned_photos

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.ml import BundleInfo, Classifier
    from tagger.services.reporting import Report

HISTORY_FILE = "history.json"
"""Beside `model.json`: a list with one object an epoch, as training wrote it."""

_RARE = 5.0  # times as many photos in the largest class


class Epoch(BaseModel):
    """How one epoch of training went; what was not measured is None."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    epoch: int
    train_loss: float | None = None
    valid_loss: float | None = None
    macro_f1: float | None = None
    mean_average_precision: float | None = None


@dataclass(frozen=True)
class ClassCount:
    """How many photos of a class there are in each part of the data set, in `ReportData.parts`."""

    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class ReportData:
    """Everything on the page.

    Attributes:
        parts: names of the parts of the data set.
        counts: one row a class.
        warnings: sentences on the data.
        history: epochs of the training, empty where none was stored.
        pictures: of photos that were measured.
    """

    info: BundleInfo
    folder: Path
    evaluation: Evaluation
    parts: tuple[str, ...]
    counts: tuple[ClassCount, ...]
    warnings: tuple[str, ...]
    history: tuple[Epoch, ...]
    pictures: Pictures


def collect_report(
    classifier: Classifier, bundle: Path, folder: Path, cancel: CancelToken, report: Report
) -> ReportData:
    """Measure a classifier on a data set and choose what to show of it.

    Args:
        classifier: stays open.
        bundle: its folder, where training may have left `history.json`.
        folder: the data set.
        cancel: looked at between batches.
        report: of progress.

    Raises:
        WrongUseError: the folder is no data set, or nothing in it can be measured.
        CancelledError: somebody asked for a stop.
        ModelError: the device failed.
    """
    info = classifier.info
    plan = warn_of_learned_photos(plan_evaluation(info, folder, None), bundle, cancel)
    folders = read_labelled_folders(folder)
    history, complaint = read_history(bundle)
    predicted = predict_photos(classifier, [p.path for p in plan.photos], cancel, report)
    evaluation = measure_predictions(classifier, plan, predicted, has_views=False)
    parts, counts = _count_classes(folders)
    return ReportData(
        info,
        folder,
        evaluation,
        parts,
        counts,
        (*plan.warnings, *_describe_imbalance(counts), *complaint),
        history,
        Gallery(classifier, plan, predicted, evaluation).show_all(cancel),
    )


def read_history(bundle: Path) -> tuple[tuple[Epoch, ...], tuple[str, ...]]:
    """The epochs that training stored with the bundle, and a sentence when they can't be read."""
    try:
        text = (bundle / HISTORY_FILE).read_bytes()
        return tuple(TypeAdapter(list[Epoch]).validate_json(text)), ()
    except FileNotFoundError:
        return (), ()
    except (OSError, ValidationError):
        return (), (f"{HISTORY_FILE} of the model can't be read, so there are no curves.",)


def _count_classes(folders: LabelledFolders) -> tuple[tuple[str, ...], tuple[ClassCount, ...]]:
    parts = folders.splits or (None,)
    counts = Counter((photo.class_name, photo.split) for photo in folders.photos)
    names = sorted({photo.class_name for photo in folders.photos})
    return tuple(part or "photos" for part in parts), tuple(
        ClassCount(name, tuple(counts[name, part] for part in parts)) for name in names
    )


def _describe_imbalance(counts: Sequence[ClassCount]) -> list[str]:
    """Sentences on classes that have few photos beside the largest, in the first part."""
    largest = max(counts, key=lambda count: count.counts[0])
    return [
        f"“{one.name}” has {one.counts[0]} photos and “{largest.name}” {largest.counts[0]}: what "
        "is rare is learned worse. Add photos of it."
        for one in counts
        if 0 < one.counts[0] * _RARE <= largest.counts[0]
    ]
