"""A new head on the body of another model, and saving whatever was learned as a bundle."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch

from tagger.ml.bundle import save_bundle
from tagger.ml.head import HeadFit, HeldOut, Learned, judge_fit, learn_head
from tagger.ml.info import (
    Architecture,
    BundleInfo,
    ClassInfo,
    DataInfo,
    Transform,
    WeightsInfo,
    now,
)
from tagger.ml.targets import check_targets

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


@dataclass(frozen=True, slots=True)
class Side:
    """N photos on one side of a split.

    Attributes:
        features: `[N, 2048]`.
        targets: `[N, C]` of 1, 0 or NaN for unknown.
        groups: shoot or source of each photo.
    """

    features: NDArray[np.float16]
    targets: NDArray[np.float32]
    groups: Sequence[str]


def learn_quick(
    train: Side,
    names: Sequence[str],
    *,
    exclusive: bool,
    seed: int = 0,
    start: Learned | None = None,
    held: tuple[Side | None, Side | None] = (None, None),
) -> HeadFit:
    """Learn a head on stored features and judge it on photos it has not seen.

    Args:
        train: to learn from.
        names: of the classes.
        exclusive: one label a photo.
        seed: of the splits.
        start: a head of the same classes that knows something already.
        held: photos for calibrating and thresholds, and photos for measuring. Without the first,
            groups of `train` take turns in being held out; without the second, both are the same.

    Raises:
        ModelError: a class can't be learned, or all photos are of one group.
    """
    check_targets(train.targets, names)
    valid, test = held
    groups = train.groups
    if (valid or test) and len(set(groups)) == 1:
        groups = [str(row) for row in range(len(groups))]
    learned, out_of_fold = learn_head(
        train.features, train.targets, groups, exclusive=exclusive, seed=seed, start=start
    )
    return judge_fit(
        learned,
        out_of_fold if valid is None else _hold_out(learned, valid),
        names,
        exclusive=exclusive,
        test=None if test is None else _hold_out(learned, test),
    )


def _hold_out(learned: Learned, side: Side) -> HeldOut:
    return HeldOut(learned.compute_logits(side.features), side.targets, side.groups)


def save_fit(
    folder: Path,
    draft: BundleDraft,
    network: ResNet50,
    fit: HeadFit,
    extras: Mapping[str, bytes] | None = None,
) -> BundleInfo:
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
    return save_bundle(folder, info, {**network.state_dict(), **head}, extras)
