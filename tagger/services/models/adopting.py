"""Putting a classifier in use, going back to an older one, and removing one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import LibraryError, WrongUseError
from tagger.files import sentence_for
from tagger.ml.bundle_archive import delete_folder
from tagger.services.classifiers import (
    IN_USE,
    find_folder,
    find_installed,
    model_folders,
    name_in_use,
    register_bundle,
)
from tagger.services.rescoring import Scorer, score_waiting, store_known

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.services.reporting import Report
    from tagger.services.workspace import Workspace


@dataclass(frozen=True)
class Adoption:
    """What came of putting a classifier in use; the fields are the JSON of `models use`.

    Attributes:
        model: its name.
        before: name of the one that was in use.
        rescored: photos that have its scores now, from stored features.
        waiting: photos that it has to look at, since no features of its backbone are stored.
    """

    model: str
    before: str
    rescored: int
    waiting: int


def use_model(workspace: Workspace, name: str, cancel: CancelToken, report: Report) -> Adoption:
    """Let a classifier tag from now on; what a person decided stays as it is.

    Photos whose features are stored get its scores at once, without being decoded; all others wait
    for tagging. Everything is checked and computed before anything changes, so a classifier that
    can't be used, or a stop, leaves the one in use in use. Going back is the same call.

    Raises:
        CancelledError: somebody asked for a stop; nothing was changed.
        ModelError: it is damaged, or its weights don't fit.
        WrongUseError: there is none of this name.
    """
    from tagger.ml.heads import load_head  # noqa: PLC0415  loads torch, which takes seconds

    bundle = find_installed(workspace.home, name)
    head = load_head(bundle.folder)
    library = workspace.library
    known = score_waiting(library, Scorer(bundle.info, head.score), cancel, report)
    before = name_in_use(workspace.home)
    library.change_setting(IN_USE, name)
    model_id = register_bundle(workspace, bundle.info)
    store_known(library, model_id, bundle.info, known)
    waiting = len(library.photos_to_rescore(bundle.info.fingerprint))
    return Adoption(name, before, len(known.photos), waiting)


def remove_model(workspace: Workspace, name: str) -> Path:
    """Delete a classifier of the user from the disk. What it said of photos stays known.

    Returns:
        The folder that is gone.

    Raises:
        LibraryError: the disk refuses.
        WrongUseError: there is none of this name, it is in use, or it came with the program.
    """
    home = workspace.home
    folder = find_folder(home, name)
    if folder is None:
        find_installed(home, name)
    own = model_folders(home)[0]
    if folder is None or folder.parent != own:
        raise WrongUseError(f"{name} came with the program and can't be removed.")
    if name == name_in_use(home):
        raise WrongUseError(
            f"{name} is in use. Put another one in use first: tagger models use NAME."
        )
    try:
        delete_folder(folder)
    except OSError as error:
        raise LibraryError(f"{folder} can't be removed. {sentence_for(error)}") from error
    return folder
