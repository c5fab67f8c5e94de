"""The review list of likely wrong labels, of a data set in folders or of the library's tags."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.errors import PhotoError, WrongUseError
from tagger.core.keywords import class_key
from tagger.images import read_content_id
from tagger.ml.cleaning import find_doubts
from tagger.ml.duplicates import find_copies
from tagger.ml.labelled_folders import read_labelled_folders
from tagger.services.classifiers import own_names
from tagger.services.features import PhotoFeatures, compute_features
from tagger.services.label_decisions import (
    LabelDecision,
    LabelDecisions,
    LabelVerdict,
    load_decisions,
    store_decisions,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.core.cancel import CancelToken
    from tagger.ml import Classifier
    from tagger.ml.labelled_folders import LabelledFolders, LabelledPhoto
    from tagger.services.reporting import Report


@dataclass(frozen=True)
class Suspect:
    """A label that is likely wrong; the fields are the JSON contract of `clean`.

    Attributes:
        likely: the class that the photo looks like; for a rejected tag the tag itself, for a
            confirmed one None.
        doubt: 0..1, the probability that the label is wrong.
    """

    path: Path
    label: str
    likely: str | None
    doubt: float


@dataclass(frozen=True)
class CleaningReview:
    """What is doubtful about a data set.

    Attributes:
        suspects: all labels, worst first, but those that somebody decided on.
        likely: how many of them, from the first on, are likely wrong.
        photos: how many labels were judged.
        wrong_share: of all labels, as estimated.
        contradictions: the same picture under two labels.
        decided: how many of the judged labels were decided on before.
    """

    suspects: list[Suspect]
    likely: int
    photos: int
    wrong_share: float
    contradictions: list[tuple[Path, Path]]
    decided: int
    failed: list[tuple[Path, str]]
    warnings: tuple[str, ...]


def review_folders(
    classifier: Classifier, folder: Path, home: Path, cancel: CancelToken, report: Report
) -> CleaningReview:
    """Judge each label of a data set by photos of other shoots; all its parts together.

    Raises:
        WrongUseError: the folder is no data set, has one class, or not one photo can be read.
        CancelledError: somebody asked for a stop; features computed so far are kept.
        LibraryError, ModelError: see `compute_features`.
    """
    folders = _read_named(folder, home)
    decisions = load_decisions(home)
    found = compute_features(classifier, [p.path for p in folders.photos], home, cancel, report)
    if not found.rows:
        raise WrongUseError(f"None of the photos can be read. {found.failed[0][1]}")
    photos = [folders.photos[row] for row in found.rows]
    judged = _collect_judged(photos, found, decisions)
    names = sorted({one.label for one in judged})
    if len(names) < 2:
        raise WrongUseError("There is one class only, so that no label can be wrong.")
    doubts = find_doubts(
        np.stack([one.feature for one in judged]),
        np.array([names.index(one.label) for one in judged]),
        len(names),
        [one.photo.group for one in judged],
    )
    suspects = {
        int(row): _suspect(judged[row], names[doubts.likely[row]], float(doubts.doubt[row]))
        for row in doubts.worst_first
        if not judged[row].is_decided
        and not _fits_too(judged[row].photo, names[doubts.likely[row]])
    }
    return CleaningReview(
        list(suspects.values()),
        len(suspects.keys() & set(doubts.suspects.tolist())),
        len(judged),
        doubts.share,
        _find_contradictions(judged),
        sum(one.is_decided for one in judged),
        found.failed,
        folders.warnings,
    )


@dataclass(frozen=True)
class _Judged:
    """A photo with the label that it is judged by."""

    photo: LabelledPhoto
    label: str
    is_decided: bool
    content_id: str
    feature: NDArray[np.float16]


def _collect_judged(
    photos: Sequence[LabelledPhoto], found: PhotoFeatures, decisions: LabelDecisions
) -> list[_Judged]:
    """The photos with their labels after what was decided; those left out are not judged."""
    spellings = {class_key(photo.class_name): photo.class_name for photo in photos}
    judged = []
    for photo, content_id, feature in zip(photos, found.content_ids, found.features, strict=True):
        label = _decided_label(photo, content_id, decisions)
        is_decided = decisions.find(content_id, photo.class_name) is not None
        if label is not None:
            label = spellings.get(class_key(label), label)  # a folder may be spelled anew since
            judged.append(_Judged(photo, label, is_decided, content_id, feature))
    return judged


def _suspect(judged: _Judged, likely: str, doubt: float) -> Suspect:
    return Suspect(judged.photo.path, judged.label, likely, doubt)


def apply_decisions(folders: LabelledFolders, home: Path) -> tuple[LabelledPhoto, ...]:
    """The photos of a data set as they were decided to be: relabelled, or left out.

    Raises:
        LibraryError: the decisions can't be read.
    """
    decisions = load_decisions(home)
    if not len(decisions):
        return folders.photos
    decided = []
    for photo in folders.photos:
        label = _decided_label(photo, _read_id(photo.path), decisions)
        if label is not None:
            decided.append(photo if label == photo.class_name else _relabel(photo, label))
    return tuple(decided)


def _read_named(folder: Path, home: Path) -> LabelledFolders:
    """A data set whose folders may have earlier names of classes, with those that they have now."""
    folders = read_labelled_folders(folder)
    renamed = own_names(home)
    photos = tuple(photo.with_names(renamed) for photo in folders.photos)
    names = {class_key(photo.class_name): photo.class_name for photo in photos}
    return replace(folders, class_names=tuple(sorted(names.values())), photos=photos)


def decide_labels(
    folder: Path, home: Path, verdicts: Sequence[tuple[Path, LabelVerdict, str | None]]
) -> int:
    """Remember what to do with labels of a data set. Returns how many were decided on.

    Args:
        folder: the data set.
        home: of the library; the decisions lie there.
        verdicts: photo, verdict, and the right class for `LabelVerdict.RELABEL`.

    Raises:
        WrongUseError: a photo is not in the data set, or the class is none of it.
        PhotoError: a photo can't be read.
        LibraryError: the decisions can't be stored.
    """
    folders = _read_named(folder, home)
    earlier = own_names(home)
    by_path = {photo.path.resolve(): photo for photo in folders.photos}
    classes = {class_key(name): name for name in folders.class_names}
    classes |= {key: now for key, now in earlier.items() if class_key(now) in classes}
    decisions = []
    for path, verdict, to in verdicts:
        photo = by_path.get(path.resolve())
        if photo is None:
            raise WrongUseError(f"{path} is no photo of the data set in {folder}.")
        if to is not None and class_key(to) not in classes:
            known = ", ".join(folders.class_names)
            raise WrongUseError(f"The data set has no class {to}; it has: {known}.")
        decisions.append(
            LabelDecision(
                content_id=read_content_id(path),
                label=photo.class_name,
                verdict=verdict,
                to=None if to is None else classes[class_key(to)],
                path=str(path),
            )
        )
    store_decisions(home, decisions)
    return len(decisions)


def _decided_label(
    photo: LabelledPhoto, content_id: str | None, decisions: LabelDecisions
) -> str | None:
    """The photo's class after what was decided; None if it is to be left out."""
    decision = decisions.find(content_id, photo.class_name) if content_id else None
    if decision is None or decision.verdict is LabelVerdict.KEEP:
        return photo.class_name
    return decision.to if decision.verdict is LabelVerdict.RELABEL else None


def _relabel(photo: LabelledPhoto, label: str) -> LabelledPhoto:
    return replace(photo, class_name=label, also=None if photo.also == label else photo.also)


def _fits_too(photo: LabelledPhoto, likely: str) -> bool:
    return photo.also is not None and class_key(photo.also) == class_key(likely)


def _read_id(path: Path) -> str | None:
    """None for a photo that can't be read, which is said where it is used."""
    try:
        return read_content_id(path)
    except PhotoError:
        return None


def _find_contradictions(judged: Sequence[_Judged]) -> list[tuple[Path, Path]]:
    """The same picture under two labels, as they are after what was decided."""
    return [
        (judged[one].photo.path, judged[other].photo.path)
        for one, other in find_copies([one.content_id for one in judged])
        if judged[one].label != judged[other].label
    ]
