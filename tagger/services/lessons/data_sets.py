"""A data set in folders, looked at before it is learned from: its classes, its doubtful labels."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.images import decode_photo
from tagger.ml.labelled_folders import read_labelled_folders
from tagger.services.cleaning import decide_labels, review_folders
from tagger.services.label_decisions import LabelVerdict
from tagger.services.picturing import Pixels
from tagger.services.predicting import find_bundle
from tagger.services.report_data import collect_report
from tagger.services.report_page import write_report
from tagger.services.settings import wanted_device

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.services.cleaning import CleaningReview, Suspect
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace

_SIDE_PX = 600


@dataclass(frozen=True)
class DataSet:
    """What lies in the folders.

    Attributes:
        photos: by class.
        warnings: sentences on what is odd.
    """

    folder: Path
    photos: dict[str, int]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class SuspectPicture:
    """The picture of a doubtful label, small."""

    path: Path
    pixels: Pixels


def read_data_set(folder: Path) -> DataSet:
    """Count; no photo is decoded.

    Raises:
        WrongUseError: it is no folder with a folder for each class.
    """
    found = read_labelled_folders(folder)
    counts = Counter(photo.class_name for photo in found.photos)
    return DataSet(folder, dict(sorted(counts.items())), found.warnings)


def find_suspects(
    workspace: Workspace, cancel: CancelToken, report: Report, *, folder: Path
) -> CleaningReview:
    """Labels that are likely wrong, judged by photos of other shoots.

    Raises:
        CancelledError, WrongUseError, LibraryError, ModelError: see `review_folders`.
    """
    bundle = find_bundle(workspace.home, None)
    classifier = bundle.load(wanted_device(workspace.library, "auto"))
    try:
        return review_folders(classifier, folder, workspace.home, cancel, report)
    finally:
        classifier.close()


def settle_suspect(home: Path, folder: Path, suspect: Suspect, verdict: LabelVerdict) -> None:
    """Remember what to do with a label; relabelled it is what it looks like.

    Raises:
        WrongUseError, PhotoError, LibraryError: see `decide_labels`.
    """
    to = suspect.likely if verdict is LabelVerdict.RELABEL else None
    decide_labels(folder, home, [(suspect.path, verdict, to)])


def load_suspect(path: Path) -> SuspectPicture:
    """Its picture.

    Raises:
        PhotoError: it can't be read.
    """
    return SuspectPicture(path, Pixels.of(decode_photo(path, long_side_px=_SIDE_PX)))


def report_on_folders(
    workspace: Workspace, cancel: CancelToken, report: Report, *, name: str, folder: Path
) -> Path:
    """A page with pictures of how a classifier does on a data set; returns the page.

    Raises:
        CancelledError, WrongUseError, ModelError: see `collect_report`.
        LibraryError: the page can't be written.
    """
    bundle = find_bundle(workspace.home, name)
    classifier = bundle.load(wanted_device(workspace.library, "auto"))
    try:
        data = collect_report(classifier, bundle.folder, folder, cancel, report)
    finally:
        classifier.close()
    return write_report(data, workspace.home / "reports" / name)
