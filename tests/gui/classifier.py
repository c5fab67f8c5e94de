"""A classifier that knows colours instead of weddings: at once, and the same every time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.cancel import CancelToken
from tagger.library import ClassRecord, ModelRecord
from tagger.ml import (
    Architecture,
    BundleInfo,
    Calibration,
    Classifier,
    ClassInfo,
    DataInfo,
    Metrics,
    Predictions,
    Transform,
)
from tagger.services.indexing import scan_library
from tagger.services.tagging import TagResult, tag_pending
from tagger.services.workspace import Workspace
from tests.gui.photos import CLASSES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.services.reporting import Report

THRESHOLD = 0.5


class ColorClassifier:
    """Scores from the mean colour: of five classes one or two stand on each photo."""

    info = BundleInfo(
        name="colours",
        title="Colours",
        architecture=Architecture(variant="v1"),
        classes=tuple(
            ClassInfo(name=name, keyword_path=("Wedding", name.title()), threshold=THRESHOLD)
            for name in CLASSES
        ),
        exclusive=False,
        transform=Transform(resize_px=32, crop_px=32),
        calibration=Calibration(scale=(1.0,) * len(CLASSES), shift=(0.0,) * len(CLASSES)),
        metrics=Metrics(),
        data=DataInfo(fingerprint="", photos=0, counts={}, sources=0),
        licence="Apache-2.0",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    fingerprint = "colours"
    backbone = "colours"
    input_px = 32
    batch_size = 16
    device = "cpu"

    def predict(self, images: Sequence[NDArray[np.uint8]]) -> Predictions:
        means = np.stack([image.reshape(-1, 3).mean(axis=0) for image in images])
        first = means.sum(axis=1).astype(int) % len(CLASSES)
        scores = np.full((len(images), len(CLASSES)), 0.1, dtype=np.float32)
        scores[np.arange(len(images)), first] = 0.9
        scores[np.arange(len(images)), (first + 1) % len(CLASSES)] = 0.4
        return Predictions(scores, np.zeros((len(images), 4), dtype=np.float16))

    def score_features(self, features: NDArray[np.float16]) -> NDArray[np.float32]:
        raise NotImplementedError

    def close(self) -> None:
        pass


def tag_by_color(workspace: Workspace, cancel: CancelToken, report: Report) -> TagResult:
    """Tag what waits, as the program's own classifier would."""
    classifier: Classifier = ColorClassifier()
    model_id = workspace.library.register_model(
        ModelRecord(
            name="colours",
            fingerprint="colours",
            backbone="colours",
            classes=tuple(
                ClassRecord(name, ("Wedding", name.title()), THRESHOLD) for name in CLASSES
            ),
        )
    )
    return tag_pending(workspace, classifier, model_id, cancel, report)


def tag_folder(home: Path, folder: Path) -> None:
    """Make a library in which the photos of a folder have been found and tagged."""
    with Workspace.open(home) as workspace:
        workspace.library.add_folder(folder)
        scan_library(workspace, CancelToken(), lambda _: None)
        tag_by_color(workspace, CancelToken(), lambda _: None)
