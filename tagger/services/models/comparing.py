"""What would change in a library with another classifier: from what to what, and which photos."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.keywords import class_key
from tagger.services.classifiers import tag_columns, threshold_of
from tagger.services.rescoring import KnownScores, Scorer, score_photos
from tagger.services.settings import PRECISE_CLASSES, RETIRED_CLASSES, names_in

if TYPE_CHECKING:
    from collections.abc import Collection

    from tagger.core.cancel import CancelToken
    from tagger.core.ids import ContentId, PhotoId
    from tagger.library import Library
    from tagger.ml import BundleInfo
    from tagger.services.classifiers import ChosenBundle
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace


@dataclass(frozen=True)
class Move:
    """A cell of the matrix: photos on which one tag goes and another one comes.

    Attributes:
        old: the tag that goes; None where none does.
        new: the tag that comes; None where none does.
    """

    old: str | None
    new: str | None
    photo_ids: tuple[PhotoId, ...]


@dataclass(frozen=True)
class ModelDifference:
    """What another classifier would change.

    A photo that loses and gains tags is in the cell of each pair of them; one that only loses or
    only gains is in a cell with None. Tags that a person decided on never change, so they are left
    out on both sides.

    Attributes:
        old, new: names of the classifiers.
        compared: photos of which both have said something, or can from stored features.
        unknown: photos that can't be compared.
        changed: photos in any cell.
        cells: the fullest first.
    """

    old: str
    new: str
    compared: int
    unknown: int
    changed: int
    cells: tuple[Move, ...]


def compare_models(
    workspace: Workspace, old: ChosenBundle, new: ChosenBundle, cancel: CancelToken, report: Report
) -> ModelDifference:
    """Compare two classifiers on the photos of the library, from stored features alone.

    Raises:
        CancelledError: somebody asked for a stop.
        ModelError: one of them is damaged.
    """
    library = workspace.library
    photos = library.readable_photos()
    answers = [_answer(library, bundle, photos, cancel, report) for bundle in (old, new)]
    common = answers[0].keys() & answers[1].keys()
    decided = {photo.id: set(map(class_key, photo.has_tag)) for photo in library.decided_photos()}
    retired = set(names_in(library, RETIRED_CLASSES))
    names = {class_key(entry.name): entry.name for entry in (*old.info.classes, *new.info.classes)}
    cells: dict[tuple[str | None, str | None], list[PhotoId]] = defaultdict(list)
    for photo_id in sorted(common):
        fixed = decided.get(photo_id, set()) | retired
        before, after = (answer[photo_id] - fixed for answer in answers)
        for cell in _pair(before - after, after - before):
            cells[cell].append(photo_id)
    moves = [
        Move(names[gone] if gone else None, names[come] if come else None, tuple(photo_ids))
        for (gone, come), photo_ids in cells.items()
    ]
    return ModelDifference(
        old.info.name,
        new.info.name,
        compared=len(common),
        unknown=len(photos) - len(common),
        changed=len({photo_id for photo_ids in cells.values() for photo_id in photo_ids}),
        cells=tuple(sorted(moves, key=lambda m: (-len(m.photo_ids), m.old or "", m.new or ""))),
    )


def _pair(gone: set[str], come: set[str]) -> list[tuple[str | None, str | None]]:
    if not gone and not come:
        return []
    olds: list[str | None] = [*sorted(gone)] or [None]
    news: list[str | None] = [*sorted(come)] or [None]
    return [(old, new) for old in olds for new in news]


def _answer(
    library: Library,
    bundle: ChosenBundle,
    photos: list[tuple[PhotoId, ContentId]],
    cancel: CancelToken,
    report: Report,
) -> dict[PhotoId, set[str]]:
    """The tags that a classifier gives each photo whose features are known."""
    from tagger.ml.heads import load_head  # noqa: PLC0415  loads torch, which takes seconds

    head = load_head(bundle.folder)
    known = score_photos(library, Scorer(bundle.info, head.score), photos, cancel, report)
    return _tags_by_photo(known, bundle.info, names_in(library, PRECISE_CLASSES))


def _tags_by_photo(
    known: KnownScores, info: BundleInfo, precise: Collection[str]
) -> dict[PhotoId, set[str]]:
    """As tagging would have it: “none of these” is no tag, and some classes have to be surer."""
    columns = tag_columns(info)
    thresholds = np.array([threshold_of(info.classes[column], precise) for column in columns])
    keys = [class_key(info.classes[column].name) for column in columns]
    found: dict[PhotoId, set[str]] = {photo_id: set() for photo_id, _ in known.photos}
    reached = known.scores[:, columns].astype(np.float64) >= thresholds
    for row, column in zip(*np.nonzero(reached), strict=True):
        found[known.photos[row][0]].add(keys[column])
    return found
