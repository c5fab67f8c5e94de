"""A new bundle from stored features: the body stays as it is, the head is learned."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch

from tagger.ml.bundle import save_bundle
from tagger.ml.head import HeadFit, fit_head
from tagger.ml.info import (
    Architecture,
    BundleInfo,
    ClassInfo,
    DataInfo,
    Transform,
    WeightsInfo,
    now,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tagger.ml.info import Storage
    from tagger.ml.network import ResNet50


@dataclass(frozen=True, slots=True)
class BundleDraft:
    """What is known of a bundle before anything is learned.

    Attributes:
        classes: name to keyword path, in the order of the logits.
        parent: fingerprint of the model this one comes from.
        recipe: settings and seeds, for repeating it.
    """

    name: str
    title: str
    classes: Mapping[str, tuple[str, ...]]
    exclusive: bool
    transform: Transform
    data: DataInfo
    licence: str
    parent: str | None = None
    storage: Storage = "int8"
    recipe: dict[str, str | int | float | bool | None] = field(default_factory=dict)


def fit_bundle_on_features(
    folder: Path,
    draft: BundleDraft,
    network: ResNet50,
    features: NDArray[np.float16],
    targets: NDArray[np.float32],
    groups: Sequence[str],
) -> BundleInfo:
    """Learn a head on features of this network and save the two as a new bundle.

    Args:
        folder: must not exist yet.
        draft: names, classes and origin.
        network: its body has made the features.
        features: `[N, 2048]`.
        targets: `[N, C]` of 1, 0 or NaN for unknown.
        groups: shoot or source of each photo.

    Raises:
        ModelError: a class can't be learned, one group only, or the folder can't be written.
    """
    fit = fit_head(features, targets, groups, list(draft.classes), exclusive=draft.exclusive)
    return save_fit(folder, draft, network, fit)


def save_fit(folder: Path, draft: BundleDraft, network: ResNet50, fit: HeadFit) -> BundleInfo:
    """Save the network's body with the head, calibration and figures of a fit as a new bundle.

    Raises:
        ModelError: the folder exists or can't be written.
    """
    classes = tuple(
        ClassInfo(name=name, keyword_path=path, threshold=threshold, precise_threshold=precise)
        for (name, path), threshold, precise in zip(
            draft.classes.items(), fit.thresholds, fit.precise_thresholds, strict=True
        )
    )
    info = BundleInfo(
        name=draft.name,
        title=draft.title,
        architecture=Architecture(variant=network.variant),
        classes=classes,
        exclusive=draft.exclusive,
        transform=draft.transform,
        calibration=fit.calibration,
        metrics=fit.metrics,
        parent=draft.parent,
        data=draft.data,
        recipe={**draft.recipe, "head_penalty": fit.learned.penalty},
        licence=draft.licence,
        created_at=now(),
        weights=WeightsInfo(storage=draft.storage),
    )
    head = {
        "fc.weight": torch.from_numpy(fit.learned.weight),
        "fc.bias": torch.from_numpy(fit.learned.bias),
    }
    return save_bundle(folder, info, {**network.state_dict(), **head})
