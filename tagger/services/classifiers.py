"""Which classifier is in use, and loading it. Loading alone imports torch, which takes seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import ModelError
from tagger.library import ClassRecord, ModelRecord
from tagger.ml import BundleEntry, list_bundles, load_info
from tagger.services.places import bundled_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.ids import ModelId
    from tagger.ml import BundleInfo, Classifier
    from tagger.services.workspace import Workspace

DEFAULT_MODEL = "wedding-scenes"


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

        return load_classifier(self.folder, device)


def model_folders(home: Path) -> list[Path]:
    """Where classifiers are looked for: the user's own first, then those that came along."""
    return [home / "models", bundled_folder("models")]


def available_bundles(home: Path) -> list[BundleEntry]:
    """Every classifier on this machine; one that can't be used says why."""
    return list_bundles(model_folders(home))


def bundle_in_use(home: Path) -> ChosenBundle:
    """The classifier that tags.

    Raises:
        ModelError: there is none, or it is damaged.
    """
    for folder in model_folders(home):
        if (folder / DEFAULT_MODEL).is_dir():
            return ChosenBundle(folder / DEFAULT_MODEL, load_info(folder / DEFAULT_MODEL))
    places = " or ".join(str(folder) for folder in model_folders(home))
    raise ModelError(f"There is no classifier called {DEFAULT_MODEL} in {places}.")


def register_bundle(workspace: Workspace, info: BundleInfo) -> ModelId:
    """Tell the library which model tags now; photos tagged by another one queue up again."""
    return workspace.library.register_model(
        ModelRecord(
            name=info.name,
            fingerprint=info.fingerprint,
            backbone=info.backbone,
            classes=tuple(
                ClassRecord(entry.name, entry.keyword_path, entry.threshold)
                for entry in info.classes
            ),
        )
    )
