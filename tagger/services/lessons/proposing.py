"""Whether a new classifier is better than the one in use, and what it would change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.keywords import class_key
from tagger.services.classifiers import ChosenBundle, bundle_in_use, find_installed
from tagger.services.features import compute_features
from tagger.services.lessons.giving import give_lesson
from tagger.services.models.adopting import Adoption, use_model
from tagger.services.models.comparing import ModelDifference, compare_models
from tagger.services.rescoring import Scorer, score_photos
from tagger.services.settings import wanted_device
from tagger.services.teaching.learned import read_learned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import ContentId
    from tagger.library import DecidedPhoto, Library
    from tagger.services.lessons.giving import GivenLesson
    from tagger.services.reporting import Report
    from tagger.services.teaching.request import TeachRequest
    from tagger.services.workspace import Workspace

_PAGE = 1024
_NOISE = 0.005
"""A smaller loss of F1 is none: it is rounded away where figures are shown."""


@dataclass(frozen=True)
class ClassComparison:
    """F1 of one class with both classifiers, on the same photos.

    Attributes:
        photos: that people decided on and that are counted.
        before, after: None where the classifier does not know the class, or nothing was measured.
    """

    name: str
    photos: int
    before: float | None
    after: float | None

    @property
    def is_loss(self) -> bool:
        """Whether the new one does worse."""
        if self.before is None:
            return False
        return self.after is None or self.after < self.before - _NOISE


@dataclass(frozen=True)
class Proposal:
    """A classifier that somebody may put in use.

    Attributes:
        name: of it.
        lesson: how it was made; None for one that was there before.
        difference: what it would change.
        classes: every class that both were measured on.
        learned_before: decided photos among these that the one in use has learned from, so that
            its figures are too good.
    """

    name: str
    lesson: GivenLesson | None
    difference: ModelDifference
    classes: tuple[ClassComparison, ...]
    learned_before: int

    @property
    def losers(self) -> tuple[ClassComparison, ...]:
        """Classes that would be recognised worse."""
        return tuple(one for one in self.classes if one.is_loss)

    @property
    def is_safe(self) -> bool:
        """Whether something was measured and no class loses."""
        return any(one.after is not None for one in self.classes) and not self.losers


def teach_and_propose(
    workspace: Workspace, cancel: CancelToken, report: Report, *, request: TeachRequest
) -> Proposal:
    """Give a lesson, then say what its classifier would change; nothing is put in use.

    Raises:
        CancelledError, WrongUseError, ModelError, LibraryError: see `give_lesson`.
    """
    lesson = give_lesson(workspace, cancel, report, request=request)
    return propose(workspace, cancel, report, name=lesson.name, lesson=lesson)


def propose(
    workspace: Workspace,
    cancel: CancelToken,
    report: Report,
    *,
    name: str,
    lesson: GivenLesson | None = None,
) -> Proposal:
    """Compare a classifier with the one in use.

    One with another body looks at every photo first. What it sees is kept, so that putting it in
    use does not have to look again.

    Raises:
        CancelledError: somebody asked for a stop; what was seen is kept.
        ModelError, WrongUseError: one of them is missing or damaged.
    """
    old, new = bundle_in_use(workspace.home), find_installed(workspace.home, name)
    if new.info.backbone != old.info.backbone:
        _look_at_photos(workspace, new, cancel, report)
    difference = compare_models(workspace, old, new, cancel, report)
    decided = workspace.library.decided_photos()
    learned = read_learned(new.folder)
    held = [photo for photo in decided if photo.content_id not in learned]
    if lesson is not None and not held:
        held = decided  # a quick lesson is measured out of fold, on all of them
    before = _measure(workspace.library, old, held, cancel, report)
    after = (
        _measure(workspace.library, new, held, cancel, report)
        if lesson is None
        else _read_figures(new)
    )
    seen = read_learned(old.folder)
    return Proposal(
        name,
        lesson,
        difference,
        _compare(before, after, held, new),
        sum(photo.content_id in seen for photo in held),
    )


def adopt(workspace: Workspace, cancel: CancelToken, report: Report, *, name: str) -> Adoption:
    """Put a classifier in use, because a person asked for it.

    Raises:
        CancelledError, ModelError, WrongUseError: see `use_model`; nothing was changed.
    """
    return use_model(workspace, name, cancel, report)


def _look_at_photos(
    workspace: Workspace, new: ChosenBundle, cancel: CancelToken, report: Report
) -> None:
    library = workspace.library
    photos = library.readable_photos()
    known: set[ContentId] = set()
    for start in range(0, len(photos), _PAGE):
        contents = {content for _, content in photos[start : start + _PAGE]}
        known |= library.content_features(new.info.backbone, contents).keys()
    waiting = [photo for photo in photos if photo[1] not in known]
    if not waiting:
        return
    classifier = new.load(wanted_device(library, "auto"))
    try:
        for start in range(0, len(waiting), _PAGE):
            page = waiting[start : start + _PAGE]
            paths = {row.id: row.path for row in library.photo_rows([photo for photo, _ in page])}
            there = [(paths[photo], content) for photo, content in page if photo in paths]
            ids = {row: content for row, (_, content) in enumerate(there)}
            compute_features(
                classifier, [path for path, _ in there], workspace.home, cancel, report, ids
            )
    finally:
        classifier.close()


def _measure(
    library: Library,
    old: ChosenBundle,
    held: Sequence[DecidedPhoto],
    cancel: CancelToken,
    report: Report,
) -> dict[str, float]:
    """F1 of the classifier on decided photos, by the key of the class."""
    from tagger.ml.heads import load_head  # noqa: PLC0415  loads torch, which takes seconds

    head = load_head(old.folder)
    photos = [(photo.id, photo.content_id) for photo in held]
    known = score_photos(library, Scorer(old.info, head.score), photos, cancel, report)
    decided = {photo.id: photo.has_tag for photo in held}
    truth = np.full((len(known.photos), len(old.info.classes)), np.nan)
    keys = {class_key(entry.name): column for column, entry in enumerate(old.info.classes)}
    for row, (photo_id, _) in enumerate(known.photos):
        for name, has_tag in decided[photo_id].items():
            if class_key(name) in keys:
                truth[row, keys[class_key(name)]] = has_tag
    said = known.scores >= np.array([entry.threshold for entry in old.info.classes])
    return {
        key: _f1(truth[:, column], said[:, column])
        for key, column in keys.items()
        if (truth[:, column] == 1).any()
    }


def _f1(truth: NDArray[np.float64], said: NDArray[np.bool_]) -> float:
    hits = int(((truth == 1) & said).sum())
    wrong = int(((truth == 0) & said).sum() + ((truth == 1) & ~said).sum())
    return 2 * hits / max(2 * hits + wrong, 1)


def _read_figures(new: ChosenBundle) -> dict[str, float]:
    return {
        class_key(name): figures["f1"].value
        for name, figures in new.info.metrics.per_class.items()
        if "f1" in figures
    }


def _compare(
    before: dict[str, float],
    after: dict[str, float],
    held: Sequence[DecidedPhoto],
    new: ChosenBundle,
) -> tuple[ClassComparison, ...]:
    """Every class of the new one that was decided on, and those that only the old one knows."""
    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    for photo in held:
        for name in photo.has_tag:
            counts[class_key(name)] = counts.get(class_key(name), 0) + 1
            names[class_key(name)] = name
    known = {class_key(entry.name) for entry in new.info.classes}
    return tuple(
        ClassComparison(names[key], counts[key], before.get(key), after.get(key))
        for key in names
        # A class that was not taught is as it was, so there is nothing to compare.
        if key in after or (key in before and key not in known)
    )
