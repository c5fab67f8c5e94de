"""How the classifier in use does on the photos of the library that people decided on."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.keywords import class_key
from tagger.ml.metrics import wilson
from tagger.services.classifiers import bundle_in_use, tag_columns
from tagger.services.models.comparing import Move
from tagger.services.rescoring import Scorer, score_photos
from tagger.services.settings import shown_tags
from tagger.services.teaching.learned import read_learned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import PhotoId
    from tagger.ml import ClassInfo, Figure
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace


_LEAST = 1e-6
"""A smaller probability is none: its logarithm would be one."""


@dataclass(frozen=True)
class AtThreshold:
    """What a threshold does.

    Attributes:
        precision, recall: with 95 % intervals; None where no photo says anything.
        review: photos of the library below the threshold that nobody decided on.
    """

    precision: Figure | None
    recall: Figure | None
    review: int


@dataclass(frozen=True)
class ClassQuality:
    """One class on decided photos, and its scores on all others.

    Attributes:
        threshold: of the classifier.
        scores: `[N] float32` of photos that people decided on.
        truth: `[N] bool`: what they said.
        others: sorted scores of the photos that nobody decided on.
    """

    name: str
    threshold: float
    scores: NDArray[np.float32]
    truth: NDArray[np.bool_]
    others: NDArray[np.float32]

    def measure(self, threshold: float) -> AtThreshold:
        """Precision, recall and what is left to look at, for any threshold."""
        said = self.scores >= threshold
        hits = int((said & self.truth).sum())
        given, shown = int(said.sum()), int(self.truth.sum())
        return AtThreshold(
            wilson(hits, given) if given else None,
            wilson(hits, shown) if shown else None,
            int(np.searchsorted(self.others, threshold)),
        )


@dataclass(frozen=True)
class Answer:
    """What the classifier says of a photo and a class that a person decided on.

    Attributes:
        score: 0..1, how probable it holds the class to be.
        threshold: from which it says so.
        has_tag: what the person said.
    """

    photo_id: PhotoId
    name: str
    score: float
    threshold: float
    has_tag: bool

    @property
    def is_right(self) -> bool:
        """Whether it says what the person said."""
        return (self.score >= self.threshold) == self.has_tag

    @property
    def loss(self) -> float:
        """How much it believes in the opposite: 0 for not at all."""
        return -math.log(max(self.score if self.has_tag else 1 - self.score, _LEAST))


@dataclass(frozen=True)
class QualityReport:
    """What is known of the classifier in use from this library.

    Attributes:
        photos: decided ones that it was measured on.
        learned: decided photos that were left out, since it has learned from them.
        classes: those with any decision.
        answers: one for each class that a photo shows or is said to show, the worst first.
        cells: from what people said to what it says; None for no tag. Right answers are on the
            diagonal.
    """

    model: str
    photos: int
    learned: int
    classes: tuple[ClassQuality, ...]
    cells: tuple[Move, ...]
    answers: tuple[Answer, ...] = ()

    @property
    def right(self) -> int:
        """How many of the answers are right."""
        return sum(answer.is_right for answer in self.answers)


def report_quality(workspace: Workspace, cancel: CancelToken, report: Report) -> QualityReport:
    """Measure on stored features alone, on photos that it had not learned from.

    Raises:
        CancelledError: somebody asked for a stop.
        ModelError: the classifier in use is damaged or missing.
    """
    from tagger.ml.heads import load_head  # noqa: PLC0415  loads torch, which takes seconds

    library, bundle = workspace.library, bundle_in_use(workspace.home)
    learned = read_learned(bundle.folder)
    decided = {photo.id: photo for photo in library.decided_photos()}
    seen = {photo.id for photo in decided.values() if photo.content_id in learned}
    head = load_head(bundle.folder)
    photos = [photo for photo in library.readable_photos() if photo[0] not in seen]
    known = score_photos(library, Scorer(bundle.info, head.score), photos, cancel, report)
    ids = [photo_id for photo_id, _ in known.photos]
    shown_names = {class_key(tag.name) for tag in shown_tags(library)}
    columns = [
        column
        for column in tag_columns(bundle.info)
        if class_key(bundle.info.classes[column].name) in shown_names
    ]
    entries = [bundle.info.classes[column] for column in columns]
    truth = _collect_truth(
        [decided[i].has_tag if i in decided else {} for i in ids], [e.name for e in entries]
    )
    scores = known.scores[:, columns]
    classes = [
        ClassQuality(
            entry.name,
            entry.threshold,
            scores[~np.isnan(truth[:, place]), place],
            truth[~np.isnan(truth[:, place]), place] == 1,
            np.sort(scores[np.isnan(truth[:, place]), place]),
        )
        for place, entry in enumerate(entries)
    ]
    said = scores >= np.array([entry.threshold for entry in entries], np.float32)
    return QualityReport(
        bundle.info.name,
        photos=int((~np.isnan(truth)).any(axis=1).sum()),
        learned=len(seen),
        classes=tuple(one for one in classes if len(one.scores)),
        cells=_count_cells(ids, truth, said, [entry.name for entry in entries]),
        answers=_list_answers(ids, truth, scores, entries),
    )


def _list_answers(
    ids: Sequence[PhotoId],
    truth: NDArray[np.float64],
    scores: NDArray[np.float32],
    entries: Sequence[ClassInfo],
) -> tuple[Answer, ...]:
    """Where somebody decided and there is something to see: a class, or one that was said."""
    limits = np.array([entry.threshold for entry in entries], np.float32)
    shown = (truth == 1) | ((truth == 0) & (scores >= limits))
    answers = [
        Answer(
            ids[row],
            entries[column].name,
            float(scores[row, column]),
            float(limits[column]),
            bool(truth[row, column] == 1),
        )
        for row, column in zip(*np.nonzero(shown), strict=True)
    ]
    return tuple(sorted(answers, key=lambda answer: -answer.loss))


def _collect_truth(decided: Sequence[dict[str, bool]], names: Sequence[str]) -> NDArray[np.float64]:
    """`[N, C]` of 1, 0 and NaN for what nobody decided."""
    places = {class_key(name): place for place, name in enumerate(names)}
    truth = np.full((len(decided), len(names)), np.nan)
    for row, has_tag in enumerate(decided):
        for name, value in has_tag.items():
            if class_key(name) in places:
                truth[row, places[class_key(name)]] = value
    return truth


def _count_cells(
    ids: Sequence[PhotoId],
    truth: NDArray[np.float64],
    said: NDArray[np.bool_],
    names: Sequence[str],
) -> tuple[Move, ...]:
    """A wrong tag is one that a person rejected; a tag nobody decided on is neither."""
    cells: dict[tuple[str | None, str | None], list[PhotoId]] = defaultdict(list)
    for row, photo_id in enumerate(ids):
        shown = [names[c] for c in np.flatnonzero(truth[row] == 1).tolist()]
        right = {names[c] for c in np.flatnonzero((truth[row] == 1) & said[row]).tolist()}
        wrong = [names[c] for c in np.flatnonzero((truth[row] == 0) & said[row]).tolist()]
        for name in shown:
            answers: Sequence[str | None] = [name] if name in right else wrong or [None]
            for answer in answers:
                cells[name, answer].append(photo_id)
        for name in wrong if not shown else ():
            cells[None, name].append(photo_id)
    moves = [Move(old, new, tuple(found)) for (old, new), found in cells.items()]
    return tuple(sorted(moves, key=lambda m: (-len(m.photo_ids), m.old or "", m.new or "")))
