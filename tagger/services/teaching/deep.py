"""Deep teaching: all layers, in parts that go on where they were stopped."""

from __future__ import annotations

import hashlib
import math
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import filelock
import numpy as np
from PIL import Image

from tagger.core.errors import LibraryError
from tagger.files import sentence_for
from tagger.ml.folds import split_folds
from tagger.ml.info import WHOLE
from tagger.services.teaching.following import follow_search, follow_training
from tagger.services.teaching.pixels import compute_first_features, decode_lesson
from tagger.services.teaching.result import Course
from tagger.services.teaching.sides import (
    Sides,
    check_sides,
    choose_sides,
    describe_folds,
    warn_of_sides,
)
from tagger.services.teaching.twins import keep_twins_together

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.ml.deep import DeepWork
    from tagger.ml.head import HeadFit, HeldOut
    from tagger.ml.network import ResNet50
    from tagger.ml.plan import TrainSettings
    from tagger.ml.starting import Start
    from tagger.services.teaching.lesson import Lesson
    from tagger.services.teaching.request import Audience, TeachRequest
    from tagger.services.teaching.saving import Recipe

_FEW = 320  # photos for which small batches make more of an epoch
_STEPS = 180  # that a run should have at least, since one cycle needs room to rise and fall
_MOST_EPOCHS = 30


@dataclass(frozen=True)
class DeepFit:
    """A trained network with what held-out photos say of it.

    Attributes:
        lesson: its readable photos, twins on one side.
        sides: which of them were held out.
    """

    lesson: Lesson
    network: ResNet50
    fit: HeadFit
    sides: Sides
    course: Course
    recipe: Recipe


@dataclass(frozen=True)
class Bench:
    """A lesson ready to be trained on: its photos in memory and a folder for what is finished."""

    lesson: Lesson
    work: DeepWork


def prepare_bench(
    lesson: Lesson, start: Start, request: TeachRequest, folder: Path, audience: Audience
) -> Bench:
    """Decode the photos, look at them with the network to start from, keep twins on one side.

    Raises:
        WrongUseError, ModelError: nothing can be read, or a class has too few photos.
        CancelledError: somebody asked for a stop.
        LibraryError: the folder can't be made.
    """
    from tagger.ml.deep import DeepWork  # noqa: PLC0415  loads torch
    from tagger.ml.devices import choose_device  # noqa: PLC0415
    from tagger.ml.plan import TrainPlan  # noqa: PLC0415
    from tagger.ml.samples import Samples  # noqa: PLC0415

    _make_folder(folder)
    pixels = decode_lesson(lesson, start.info.transform.resize_px, audience)
    images = pixels.images
    classifier = start.load_classifier(request.device)
    features = compute_first_features(classifier, images, audience)
    choice = choose_device(classifier.device)
    classifier.close()
    lesson = keep_twins_together(pixels.lesson, features, lambda row: Image.fromarray(images[row]))
    settings = choose_settings(request, lesson, start.info.transform.crop_px)
    work = DeepWork(
        folder=folder,
        key=_identify(lesson, start, settings, request),
        start=start.network,
        plan=TrainPlan(settings, start.info.transform, choice, lesson.exclusive),
        samples=Samples(images, lesson.targets, lesson.groups),
        features=features,
        storage=start.info.weights.storage,
    )
    return Bench(lesson, work)


def choose_settings(request: TeachRequest, lesson: Lesson, crop_px: int) -> TrainSettings:
    """What was asked for; for small data sets smaller batches and more epochs.

    `crop_px` is the side of what is predicted on; training crops keep their proportion to it.
    """
    from tagger.ml.plan import TrainSettings  # noqa: PLC0415  loads torch

    settings = TrainSettings(seed=request.seed)
    settings = replace(settings, side_px=round(settings.side_px * crop_px / WHOLE.crop_px))
    learned = len(lesson.photos) - len(lesson.rows_of("test")) - len(lesson.rows_of("validation"))
    if learned < _FEW:
        settings = replace(settings, batch_size=settings.batch_size // 2)
    steps = max(1, learned // settings.batch_size)
    wanted = min(max(settings.epochs, math.ceil(_STEPS / steps)), _MOST_EPOCHS)
    settings = replace(settings, epochs=request.epochs or wanted)
    return settings if request.rate is None else settings.with_rate(request.rate)


def teach_deep(bench: Bench, request: TeachRequest, audience: Audience) -> DeepFit:
    """Train all layers and judge the result, on held-out photos or in folds.

    Raises:
        CancelledError: stopped before anything could be kept; the same call goes on.
        ModelError: the training ran away, or a class can't be learned.
    """
    lesson, work = bench.lesson, bench.work
    if request.folds is not None:
        return learn_in_folds(bench, request.folds, audience)
    sides = choose_sides(lesson, seed=request.seed, needs_valid=True)
    lesson = warn_of_sides(lesson, sides)
    check_sides(lesson, sides)
    if request.is_rate_searched:
        work = _with_found_rate(work, sides.train, audience)
    observer = follow_training(work.plan, audience, "")
    trained = work.train_part("held-out", sides.train, sides.valid, observer)
    course = Course(
        trained.reports,
        trained.best_epoch,
        trained.was_stopped,
        work.plan.settings.head_rate,
    )
    return DeepFit(
        lesson,
        trained.network,
        _judge(work, trained.network, lesson, sides),
        sides,
        course,
        _describe_settings(work),
    )


def learn_in_folds(bench: Bench, folds: int, audience: Audience) -> DeepFit:
    """Measure in folds split by shoot, then learn from all photos.

    Raises:
        CancelledError: stopped; the same call goes on with what is finished.
        ModelError: see `teach_deep`.
    """
    from tagger.ml.deep import head_of  # noqa: PLC0415  loads torch
    from tagger.ml.head import judge_fit  # noqa: PLC0415

    lesson, work = bench.lesson, bench.work
    fold_of = split_bench(bench, folds)
    parts = int(fold_of.max()) + 2
    sides = Sides(np.arange(len(fold_of)), None, None, describe_folds(lesson, parts - 1))
    check_sides(lesson, sides)
    observer = follow_training(work.plan, audience, f" in each of {parts} parts")
    trained, held = work.train_folds(fold_of, observer)
    fit = judge_fit(
        head_of(trained.network),
        held,
        lesson.names,
        exclusive=lesson.exclusive,
        test=_leave_assumed(held, lesson),
    )
    course = Course(
        trained.reports,
        trained.best_epoch,
        was_stopped=False,
        rate=work.plan.settings.head_rate,
    )
    recipe = _describe_settings(work) | {"folds": parts - 1}
    return DeepFit(warn_of_sides(lesson, sides), trained.network, fit, sides, course, recipe)


def split_bench(bench: Bench, folds: int) -> NDArray[np.int64]:
    """The fold of each photo; the same for every seed, so that recipes can be compared."""
    return split_folds(bench.lesson.groups, bench.lesson.targets, folds)


@contextmanager
def occupied(folder: Path) -> Iterator[None]:
    """Keep a second training out of a run's folder.

    Raises:
        LibraryError: another program is training there.
    """
    _make_folder(folder)
    lock = filelock.FileLock(folder / "running.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise LibraryError(
            "This training is running already. Wait for it, or choose another --name."
        ) from error
    except OSError as error:
        raise LibraryError(f"{folder} can't be written to. {sentence_for(error)}") from error
    try:
        yield
    finally:
        lock.release()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LibraryError(f"{folder} can't be made. {sentence_for(error)}") from error


def _with_found_rate(work: DeepWork, train: NDArray[np.intp], audience: Audience) -> DeepWork:
    rate = work.search_rate(train, follow_search(audience))
    audience.say(f"Learning rate found: {rate:.1e}.")
    settings = work.plan.settings.with_rate(rate)
    return replace(work, plan=replace(work.plan, settings=settings))


def _judge(work: DeepWork, network: ResNet50, lesson: Lesson, sides: Sides) -> HeadFit:
    from tagger.ml.deep import head_of  # noqa: PLC0415  loads torch
    from tagger.ml.head import judge_fit  # noqa: PLC0415

    assert sides.valid is not None
    held = work.hold_out(network, sides.valid)
    test = _leave_assumed(held, lesson.take(sides.valid))
    return judge_fit(
        head_of(network),
        held,
        lesson.names,
        exclusive=lesson.exclusive,
        test=test if sides.test is None else work.hold_out(network, sides.test),
    )


def _leave_assumed(held: HeldOut, lesson: Lesson) -> HeldOut | None:
    """What to measure on: decisions alone; None where there is nothing else."""
    if lesson.assumed is None:
        return None
    told = lesson.only_decided()
    logits = held.logits[lesson.decided_rows]
    return replace(held, logits=logits, targets=told.targets, groups=told.groups)


def _identify(lesson: Lesson, start: Start, settings: TrainSettings, request: TeachRequest) -> str:
    """Equal for runs that would end the same."""
    parts = (
        lesson.describe().fingerprint,
        lesson.groups,
        start.info.fingerprint,
        repr(settings),
        lesson.exclusive,
        request.is_rate_searched,
        request.folds,  # a fold of five knows photos that one of three holds out
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _describe_settings(work: DeepWork) -> Recipe:
    values = asdict(work.plan.settings)
    augmentation = values.pop("augmentation")
    return {"how": "deep", **values, **augmentation, "device": work.plan.choice.name}
