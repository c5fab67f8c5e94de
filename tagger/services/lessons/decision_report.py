"""How the classifier in use does on decisions: figures, confusions, worst answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.services.lessons.overview import read_overview
from tagger.services.lessons.quality import report_quality

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.ml import Figure
    from tagger.services.lessons.overview import LearnedClass
    from tagger.services.lessons.quality import AtThreshold, QualityReport
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace


@dataclass(frozen=True)
class ReportedClass:
    """One class.

    Attributes:
        confirmed, corrected, rejected: photos that people decided on.
        missing: photos with the class that are still needed.
        precision, recall: on photos that the classifier has not learned from; None for unknown.
        to_review: photos below the threshold that nobody decided on.
    """

    name: str
    confirmed: int
    corrected: int
    rejected: int
    missing: int
    precision: Figure | None
    recall: Figure | None
    to_review: int | None


@dataclass(frozen=True)
class ReportedConfusion:
    """So many photos for which people said one thing and the classifier another; None: no class."""

    decided: str | None
    said: str | None
    photos: int


@dataclass(frozen=True)
class WrongAnswer:
    """A photo on which the classifier contradicts a person; `has_tag` is what the person said."""

    path: Path
    name: str
    has_tag: bool
    score: float


@dataclass(frozen=True)
class DecisionReport:
    """The fields are the JSON of `report`.

    Attributes:
        photos: decided ones that it was measured on.
        learned: decided ones that were left out, since the classifier has learned from them.
        answers, right: classes that photos show or are said to show, and how many of them fit.
        worst: wrong answers, those it was surest of first.
    """

    model: str
    photos: int
    learned: int
    answers: int
    right: int
    classes: tuple[ReportedClass, ...]
    confusion: tuple[ReportedConfusion, ...]
    worst: tuple[WrongAnswer, ...]


def report_decisions(
    workspace: Workspace, cancel: CancelToken, report: Report, *, limit: int
) -> DecisionReport:
    """Measure, with at most `limit` wrong answers.

    Raises:
        CancelledError, ModelError: see `report_quality`.
    """
    quality = report_quality(workspace, cancel, report)
    measured = {one.name: one.measure(one.threshold) for one in quality.classes}
    classes = read_overview(workspace).classes
    return DecisionReport(
        quality.model,
        quality.photos,
        quality.learned,
        len(quality.answers),
        quality.right,
        tuple(_describe(one, measured.get(one.name)) for one in classes),
        tuple(ReportedConfusion(cell.old, cell.new, len(cell.photo_ids)) for cell in quality.cells),
        _list_worst(workspace, quality, limit),
    )


def _describe(one: LearnedClass, measured: AtThreshold | None) -> ReportedClass:
    return ReportedClass(
        one.name,
        one.confirmed,
        one.corrected,
        one.rejected,
        one.missing,
        None if measured is None else measured.precision,
        None if measured is None else measured.recall,
        None if measured is None else measured.review,
    )


def _list_worst(
    workspace: Workspace, quality: QualityReport, limit: int
) -> tuple[WrongAnswer, ...]:
    wrong = [answer for answer in quality.answers if not answer.is_right][:limit]
    rows = workspace.library.photo_rows([answer.photo_id for answer in wrong])
    paths = {row.id: row.path for row in rows}
    return tuple(
        WrongAnswer(paths[one.photo_id], one.name, one.has_tag, round(one.score, 4))
        for one in wrong
    )
