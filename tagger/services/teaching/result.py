"""What came of teaching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.ml import BundleInfo, Figure
    from tagger.ml.plan import EpochReport
    from tagger.services.teaching.lesson import Lesson


@dataclass(frozen=True)
class Course:
    """How deep learning went.

    Attributes:
        epochs: one report each.
        best_epoch: the one that was kept, from 0.
        was_stopped: before its last epoch.
        rate: the head's highest learning rate.
    """

    epochs: tuple[EpochReport, ...]
    best_epoch: int
    was_stopped: bool
    rate: float


@dataclass(frozen=True)
class ViewsGain:
    """The same held-out photos with one look at each, and with the mean of six.

    Attributes:
        one, six: measure (`macro_f1`, `mean_average_precision`) to figure.
    """

    one: dict[str, Figure]
    six: dict[str, Figure]


@dataclass(frozen=True)
class Taught:
    """A new model, which nobody uses yet.

    Attributes:
        folder: of its bundle.
        parent: name of the model or network it started from.
        lesson: what it has learned from, with all warnings.
        kept: classes that were not taught and are as they were in the parent.
        course: of deep learning; None for quick.
        views: None where it was not asked for.
        device: what computed.
    """

    folder: Path
    info: BundleInfo
    parent: str
    lesson: Lesson
    kept: tuple[str, ...]
    course: Course | None
    views: ViewsGain | None
    device: str
    seconds: float
