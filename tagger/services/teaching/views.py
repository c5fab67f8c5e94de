"""What several looks at each photo gain, measured on photos that were held out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagger.ml.judging import measure_held_out
from tagger.services.classifiers import ChosenBundle
from tagger.services.predicting import predict_photos
from tagger.services.teaching.result import ViewsGain

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.ml import BundleInfo, Figure
    from tagger.services.reporting import Report
    from tagger.services.teaching.lesson import Lesson


def measure_views(
    folder: Path, info: BundleInfo, held: Lesson, device: str, follow: tuple[CancelToken, Report]
) -> ViewsGain:
    """The figures of a saved model with one look at each held-out photo, and with several.

    Raises:
        CancelledError: somebody asked for a stop; the model is saved all the same.
        ModelError: the device failed.
    """
    classifier = ChosenBundle(folder, info).load(device)
    columns = [
        next(c for c, entry in enumerate(info.classes) if entry.name == name) for name in held.names
    ]
    entries = [info.classes[column] for column in columns]
    thresholds = (
        tuple(entry.threshold for entry in entries),
        tuple(entry.precise_threshold for entry in entries),
    )
    found: list[dict[str, Figure]] = []
    try:
        for has_views in (False, True):
            paths = [photo.path for photo in held.photos]
            predicted = predict_photos(classifier, paths, *follow, has_views=has_views)
            seen = held.take(np.asarray(predicted.rows, np.intp))
            metrics = measure_held_out(
                predicted.scores[:, columns],
                seen.targets,
                seen.groups,
                held.names,
                thresholds,
                exclusive=info.exclusive,
            )
            found.append(metrics.overall)
    finally:
        classifier.close()
    return ViewsGain(*found)
