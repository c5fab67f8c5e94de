"""What people have decided, by class, and how well the classifier in use does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import ModelError
from tagger.core.keywords import class_key
from tagger.core.tag import TagState
from tagger.ml.thresholds import FEWEST_FOR_PROMISE
from tagger.services.classifiers import bundle_in_use
from tagger.services.models.listing import list_models
from tagger.services.settings import shown_tags

if TYPE_CHECKING:
    from tagger.ml import BundleInfo, ClassInfo, Figure
    from tagger.services.workspace import Workspace

ENOUGH_DECISIONS = 10
"""So many new decisions are worth a quick lesson."""
FEWEST_TO_LEARN = 2
"""Photos with a class that a lesson needs."""


@dataclass(frozen=True)
class LearnedClass:
    """A class with what people said of it and how well it is recognised.

    Attributes:
        confirmed, corrected, rejected: photos.
        is_known: whether the classifier in use recognises it.
        is_trusted: whether it can be promised to be 95 % right from some score on.
        missing: photos with the class that are still needed before that can be told.
        precision, recall: on photos that were not learned from; None where nobody measured.
    """

    name: str
    confirmed: int
    corrected: int
    rejected: int
    is_known: bool
    is_trusted: bool
    missing: int
    precision: Figure | None
    recall: Figure | None

    @property
    def shown(self) -> int:
        """Photos that people said have the class."""
        return self.confirmed + self.corrected


@dataclass(frozen=True)
class LessonsOverview:
    """What the first page says.

    Attributes:
        model, title: of the classifier in use; None where it can't be used.
        problem: why not, in one sentence.
        measured_on: on which photos its figures were measured, in words.
        measured: how many photos these are.
        figures: name of the measure to its figure over all classes.
        news: decisions since the newest classifier of the user was made.
    """

    model: str | None
    title: str | None
    problem: str
    measured_on: str
    measured: int
    figures: dict[str, Figure]
    classes: tuple[LearnedClass, ...]
    news: int

    @property
    def can_learn(self) -> bool:
        """Whether any class has enough photos."""
        return any(one.shown >= FEWEST_TO_LEARN for one in self.classes)


def read_overview(workspace: Workspace) -> LessonsOverview:
    """Count decisions and read the figures of the classifier in use.

    Raises:
        LibraryError: the library can't be read.
    """
    info, problem = _find_info(workspace)
    counts = workspace.library.count_decided()
    known = {} if info is None else {class_key(entry.name): entry for entry in info.classes}

    def describe(name: str) -> LearnedClass:
        decided = [
            counts.get((name, state), 0)
            for state in (TagState.CONFIRMED, TagState.CORRECTED, TagState.REJECTED)
        ]
        return _describe(name, decided, known.get(class_key(name)), info)

    metrics = None if info is None else info.metrics
    return LessonsOverview(
        model=None if info is None else info.name,
        title=None if info is None else info.title,
        problem=problem,
        measured_on="" if metrics is None else metrics.on,
        measured=0 if metrics is None else metrics.n,
        figures={} if metrics is None else metrics.overall,
        classes=tuple(describe(tag.name) for tag in shown_tags(workspace.library)),
        news=count_news(workspace),
    )


def count_news(workspace: Workspace) -> int:
    """Decisions since the newest classifier of the user was made; all where there is none."""
    made = [
        model.created_at
        for model in list_models(workspace.home)
        if not model.shipped and model.created_at is not None
    ]
    return workspace.library.count_decided_since(max(made, default=None))


def _find_info(workspace: Workspace) -> tuple[BundleInfo | None, str]:
    try:
        return bundle_in_use(workspace.home).info, ""
    except ModelError as error:
        return None, str(error)


def _describe(
    name: str, decided: list[int], entry: ClassInfo | None, info: BundleInfo | None
) -> LearnedClass:
    confirmed, corrected, rejected = decided
    figures = {}
    if entry is not None and info is not None:
        figures = info.metrics.per_class.get(entry.name, {})
    is_trusted = entry is not None and entry.precise_threshold is not None
    shown = confirmed + corrected
    return LearnedClass(
        name,
        confirmed,
        corrected,
        rejected,
        is_known=entry is not None,
        is_trusted=is_trusted,
        missing=0 if is_trusted else max(0, FEWEST_FOR_PROMISE - shown),
        precision=figures.get("precision"),
        recall=figures.get("recall"),
    )
