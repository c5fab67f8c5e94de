"""Which classifier is in use, and loading it. Loading alone imports torch, which takes seconds."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.errors import ModelError, WrongUseError
from tagger.core.keywords import class_key
from tagger.library import RENAMED, ClassRecord, ModelRecord, glance_setting
from tagger.ml import BundleEntry, list_bundles, load_info
from tagger.services.places import bundled_folder
from tagger.services.reviewing import NONE_OF_THESE
from tagger.services.settings import PRECISE_CLASSES, RETIRED_CLASSES, names_in

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.core.ids import ModelId
    from tagger.ml import BundleInfo, Classifier, ClassInfo
    from tagger.services.workspace import Workspace

DEFAULT_MODEL = "wedding-scenes"
IN_USE = "model.in_use"
"""The setting that holds the name of the classifier a person chose."""
_NEVER = 2.0
"""A score that no prediction reaches: retired classes tag nothing."""


@dataclass(frozen=True)
class ChosenBundle:
    """The classifier in use, not loaded yet: its folder and what its `model.json` says."""

    folder: Path
    info: BundleInfo

    def load(self, device: str) -> Classifier:
        """Load the network; takes seconds, since torch is imported.

        Raises:
            ModelError: the weights do not fit, or the device asked for is not there.
        """
        from tagger.ml.predict import load_classifier  # noqa: PLC0415  imports torch

        stored = load_info(self.folder).classes
        names = {
            class_key(entry.name): own.name
            for entry, own in zip(stored, self.info.classes, strict=True)
        } | dict(self.info.shadowed)
        return load_classifier(self.folder, device, names=names)


def model_folders(home: Path) -> list[Path]:
    """Where classifiers are looked for: the user's own first, then those that came along."""
    return [home / "models", bundled_folder("models")]


def available_bundles(home: Path) -> list[BundleEntry]:
    """Every classifier on this machine; one that can't be used says why."""
    names = own_names(home)
    return [
        replace(entry, info=entry.info.with_names(names)) if entry.info else entry
        for entry in list_bundles(model_folders(home))
    ]


def own_names(home: Path) -> dict[str, str]:
    """Keys of classes that were renamed here, to their names: bundles keep the earlier ones.

    Raises:
        LibraryError: the library can't be read.
    """
    return dict(json.loads(glance_setting(home, RENAMED) or "{}"))


def open_bundle(home: Path, folder: Path) -> ChosenBundle:
    """A classifier whose classes have the names that a person gave them.

    Raises:
        LibraryError: the library can't be read.
        ModelError: the classifier is damaged.
    """
    return ChosenBundle(folder, load_info(folder).with_names(own_names(home)))


def name_in_use(home: Path) -> str:
    """The name of the classifier that a person chose, else of the one that came along.

    Raises:
        LibraryError: the library can't be read.
    """
    return glance_setting(home, IN_USE) or DEFAULT_MODEL


def bundle_in_use(home: Path) -> ChosenBundle:
    """The classifier that tags: the one that a person chose, else the one that came along.

    Where the chosen one can't be used, no other takes its place by itself: that would change the
    tags of the whole library, which only a person may decide.

    Raises:
        LibraryError: the library can't be read.
        ModelError: it is missing or damaged; the sentence says how to go back to another one.
    """
    name = name_in_use(home)
    folder = find_folder(home, name)
    try:
        if folder is not None:
            return open_bundle(home, folder)
    except ModelError as error:
        if name == DEFAULT_MODEL:
            raise
        raise ModelError(f"{error} {_way_back(name)}") from error
    if name != DEFAULT_MODEL:
        raise ModelError(f"The classifier in use, {name}, is not here any more. {_way_back(name)}")
    places = " or ".join(str(folder) for folder in model_folders(home))
    raise ModelError(f"There is no classifier called {DEFAULT_MODEL} in {places}.")


def _way_back(name: str) -> str:
    return f"Import {name} again, or go back with tagger models use {DEFAULT_MODEL}."


def find_folder(home: Path, name: str) -> Path | None:
    """The folder of the classifier of this name, whole or not; the user's own first."""
    if not name or name.startswith(".") or {"/", "\\"} & set(name):  # no name of a model is so
        return None
    known = [folder / name for folder in model_folders(home)]
    return next((folder for folder in known if folder.is_dir()), None)


def find_installed(home: Path, name: str) -> ChosenBundle:
    """The classifier of this name.

    Raises:
        WrongUseError: there is none.
        ModelError: it is damaged.
    """
    folder = find_folder(home, name)
    if folder is None:
        known = sorted({entry.folder.name for entry in available_bundles(home)})
        raise WrongUseError(
            f"There is no classifier called {name}; there are: {', '.join(known) or 'none'}."
        )
    return open_bundle(home, folder)


def register_bundle(workspace: Workspace, info: BundleInfo) -> ModelId:
    """Tell the library which model tags now; photos tagged by another one queue up again.

    Classes that a person wants to be sure of are tagged from their precise threshold on, where the
    classifier has one.
    """
    precise = names_in(workspace.library, PRECISE_CLASSES)
    retired = names_in(workspace.library, RETIRED_CLASSES)
    return workspace.library.register_model(
        ModelRecord(
            name=info.name,
            fingerprint=info.fingerprint,
            backbone=info.backbone,
            classes=tuple(
                ClassRecord(
                    entry.name,
                    entry.keyword_path,
                    _NEVER if class_key(entry.name) in retired else threshold_of(entry, precise),
                )
                for entry in (info.classes[column] for column in tag_columns(info))
            ),
        )
    )


def tag_columns(info: BundleInfo) -> list[int]:
    """Numbers of the classes that are tags.

    All but an exclusive model's answer “none of these”, and classes whose name another one has now.
    """
    return [
        column
        for column, entry in enumerate(info.classes)
        if class_key(entry.name) != NONE_OF_THESE and class_key(entry.name) not in info.shadowed
    ]


def refuse_no_numbers(info: BundleInfo, scores: NDArray[np.float32]) -> None:
    """Weights and calibration may be numbers each and give none together.

    Raises:
        ModelError: a score is no number.
    """
    if not np.isfinite(scores).all():
        raise ModelError(
            f"The classifier {info.name} gives scores that are no numbers, so it can't be used. "
            "Put another one in use: tagger models use NAME."
        )


def threshold_of(entry: ClassInfo, precise: Collection[str]) -> float:
    """The score from which a class is tagged; `precise` are the keys of those to be sure of."""
    if class_key(entry.name) in precise and entry.precise_threshold is not None:
        return max(entry.threshold, entry.precise_threshold)
    return entry.threshold
