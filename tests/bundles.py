"""Whole bundles whose answers are known: each class looks at one number of the features alone."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import torch

from tagger.core.cancel import CancelToken
from tagger.library import ScoredPhoto
from tagger.ml import (
    Architecture,
    BundleInfo,
    Calibration,
    ClassInfo,
    DataInfo,
    Metrics,
    Transform,
)
from tagger.ml.bundle import save_bundle
from tagger.ml.network import FEATURES, ResNet50
from tagger.ml.weights import encode
from tagger.services.classifiers import ChosenBundle, register_bundle
from tagger.services.indexing import scan_library
from tests.colours import save_colour

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.core.ids import PhotoId
    from tagger.services.workspace import Workspace


@cache
def stored_body(change: float) -> dict[str, torch.Tensor]:
    """Random weights as a bundle stores them, the same each time for the same number."""
    torch.manual_seed(0)
    stored = encode(ResNet50(1, "v1").state_dict(), "int8")
    return stored | {"bn1.bias": stored["bn1.bias"] + change}


def make_info(name: str, classes: Sequence[str], *, exclusive: bool = False) -> BundleInfo:
    return BundleInfo(
        name=name,
        title=name.title(),
        architecture=Architecture(variant="v1"),
        classes=tuple(
            ClassInfo(name=n, keyword_path=("Wedding", n.title()), threshold=0.5) for n in classes
        ),
        exclusive=exclusive,
        transform=Transform(resize_px=64, crop_px=56),
        calibration=Calibration(scale=(1.0,) * len(classes), shift=(0.0,) * len(classes)),
        metrics=Metrics(),
        data=DataInfo(fingerprint="0", photos=3, counts={}, sources=1),
        licence="Apache-2.0",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def save_model(
    folder: Path, looks_at: Mapping[str, int], *, exclusive: bool = False, body: float = 0.0
) -> ChosenBundle:
    """A bundle called like its folder: a class has its score from one number of the features.

    Args:
        folder: of the new bundle.
        looks_at: class to that number; a photo with 1 there has the class, one with 0 has not.
        exclusive: one label a photo.
        body: another number gives another backbone.
    """
    weight = torch.zeros(len(looks_at), FEATURES)
    for row, column in enumerate(looks_at.values()):
        weight[row, column] = 8
    head = {"fc.weight": weight, "fc.bias": torch.full((len(looks_at),), -4.0)}
    info = make_info(folder.name, list(looks_at), exclusive=exclusive)
    return ChosenBundle(folder, save_bundle(folder, info, stored_body(body) | head))


def add_photos(
    workspace: Workspace, folder: Path, features: Mapping[str, Sequence[int]], info: BundleInfo
) -> dict[str, PhotoId]:
    """Photos in the library, tagged by a model of which only the features are told.

    Args:
        workspace: gets the folder and the model.
        folder: for the photos.
        features: relative path to the numbers that are 1.
        info: of the model that has seen them; no score is stored.
    """
    for seed, path in enumerate(features):
        save_colour(folder / path, "red", seed=seed)
    library = workspace.library
    library.add_folder(folder)
    scan_library(workspace, CancelToken(), lambda _: None)
    model_id = register_bundle(workspace, info)
    ids = {path: library.find_photo(folder / path).id for path in features}
    library.store_scores(
        model_id,
        [
            ScoredPhoto(ids[path], {}, make_feature(ones).tobytes())
            for path, ones in features.items()
        ],
    )
    return ids


def make_feature(ones: Sequence[int]) -> NDArray[np.float16]:
    feature = np.zeros(FEATURES, np.float16)
    feature[list(ones)] = 1
    return feature
