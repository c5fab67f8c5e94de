"""Name, place and contents of a new model."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING

from tagger.core.errors import ModelError, WrongUseError
from tagger.files import sentence_for
from tagger.services.classifiers import model_folders
from tagger.services.report_data import HISTORY_FILE
from tagger.services.teaching.learned import describe_learned

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from tagger.ml import BundleInfo
    from tagger.ml.head import HeadFit
    from tagger.ml.network import ResNet50
    from tagger.ml.plan import EpochReport
    from tagger.ml.quick import BundleDraft
    from tagger.ml.starting import Start
    from tagger.services.teaching.lesson import Lesson

_NAME = re.compile(r"\w[\w .-]{0,79}")

Recipe = dict[str, str | int | float | bool | None]


def choose_name(home: Path, wanted: str | None, base: str, reserved: Collection[str] = ()) -> str:
    """The name of a new model: the one wanted, or the first free of `base-2`, `base-3`.

    `reserved` names are only for those who want them.

    Raises:
        WrongUseError: it is taken, or can't be the name of a folder.
    """
    taken = {
        path.name.casefold()
        for folder in model_folders(home)
        if folder.is_dir()
        for path in folder.iterdir()
    }
    if wanted is None:
        stem = re.sub(r"-\d+$", "", re.sub(r"[^\w .-]", "", base).strip(" .-"))[:70] or "model"
        taken |= {name.casefold() for name in reserved}
        numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 4))
        names = [stem, *numbered]
        return next(name for name in names if name.casefold() not in taken)
    if not _NAME.fullmatch(wanted) or wanted[-1] in " .":
        raise WrongUseError(
            f"“{wanted}” can't be the name of a model: use letters, digits and dashes."
        )
    if wanted.casefold() in taken:
        raise WrongUseError(f"There is a model called {wanted} already. Choose another name.")
    return wanted


def draft_bundle(
    name: str, lesson: Lesson, classes: Mapping[str, tuple[str, ...]], start: Start, recipe: Recipe
) -> BundleDraft:
    """What is known of a bundle besides what was learned."""
    from tagger.ml.quick import BundleDraft  # noqa: PLC0415  loads torch

    return BundleDraft(
        name=name,
        title=name.replace("-", " ").replace("_", " ").capitalize(),
        classes=classes,
        exclusive=lesson.exclusive,
        transform=start.info.transform,
        data=lesson.describe(),
        licence=start.info.licence,
        parent=start.info.fingerprint if start.is_model else None,
        storage=start.info.weights.storage,
        recipe={"learned_from": lesson.title, "started_from": start.info.name, **recipe},
    )


def make_extras(learned: Lesson, history: Sequence[EpochReport] = ()) -> dict[str, bytes]:
    """What lies beside `model.json`: the photos learned from, and the curves of deep learning."""
    extras = describe_learned(str(photo.content_id) for photo in learned.only_decided().photos)
    if history:
        epochs = [asdict(report) for report in history]
        extras[HISTORY_FILE] = json.dumps(epochs, indent=1).encode()
    return extras


def save_model(
    folder: Path,
    draft: BundleDraft,
    network: ResNet50,
    fit: HeadFit,
    extras: Mapping[str, bytes],
) -> BundleInfo:
    """Save what was learned; all of it or nothing.

    Args:
        folder: of the new bundle.
        draft: see `draft_bundle`.
        network: whose body it has.
        fit: head, calibration and figures.
        extras: see `make_extras`.

    Raises:
        ModelError: the folder exists, or the disk refuses.
    """
    from tagger.ml.quick import save_fit  # noqa: PLC0415  loads torch

    try:
        return save_fit(folder, draft, network, fit, extras)
    except ModelError as error:
        if not isinstance(error.__cause__, OSError):
            raise
        raise ModelError(
            f"The model can't be saved in {folder}. {sentence_for(error.__cause__)}"
        ) from error.__cause__
