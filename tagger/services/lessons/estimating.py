"""How long a lesson with all layers takes on this computer, measured on a few of its steps."""

from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError
from tagger.services.teaching.assuming import add_undecided
from tagger.services.teaching.choosing import choose_start, load_start
from tagger.services.teaching.collecting import (
    collect_lesson,
    find_in_use,
    leave_unlearnable,
)
from tagger.services.teaching.deep import choose_settings, prepare_bench
from tagger.services.teaching.request import Audience

if TYPE_CHECKING:
    from tagger.ml.deep import DeepWork
    from tagger.ml.plan import StepReport
    from tagger.services.reporting import Report
    from tagger.services.teaching.request import TeachRequest
    from tagger.services.workspace import Workspace

_LOOKED_AT = 24
_STEPS = 4  # the first warms up and is not counted
_HELD = 0.2  # of the photos, looked at after each epoch


@dataclass(frozen=True)
class LessonEstimate:
    """What a lesson with all layers will take.

    Attributes:
        photos: to learn from.
        seconds: for all of it.
        step_seconds: for one step, as measured.
        device: what computes.
    """

    photos: int
    epochs: int
    seconds: float
    step_seconds: float
    device: str


def estimate_lesson(
    workspace: Workspace, cancel: CancelToken, report: Report, *, request: TeachRequest
) -> LessonEstimate:
    """Look at a few photos and make a few steps with them; nothing of it is kept.

    Raises:
        CancelledError: somebody asked for a stop.
        WrongUseError, ModelError, LibraryError: the lesson can't be given; see `teach`.
    """
    in_use = find_in_use(workspace)
    lesson = collect_lesson(workspace, request, in_use)
    audience = Audience(cancel, report, lambda _: None)
    choice = choose_start(request, lesson, workspace.home, in_use)
    lesson = leave_unlearnable(request, lesson, choice)
    start = load_start(workspace, choice, request, audience)
    with tempfile.TemporaryDirectory(prefix="tagger-") as folder:
        if request.folders is None:
            lesson = add_undecided(workspace.library, lesson, start, Path(folder))
        rows = np.unique(np.linspace(0, len(lesson.photos) - 1, _LOOKED_AT).astype(np.intp))
        began_s = time.monotonic()
        bench = prepare_bench(lesson.take(rows), start, request, Path(folder), audience)
        look_s = (time.monotonic() - began_s) / len(bench.lesson.photos)
        settings = choose_settings(request, lesson, start.info.transform.crop_px)
        work = replace(bench.work, plan=replace(bench.work.plan, settings=settings))
        step_s = _measure_step(work, len(bench.lesson.photos), cancel)
    photos = len(lesson.photos)
    steps = max(1, round(photos * (1 - _HELD)) // settings.batch_size)
    epoch_s = steps * step_s + photos * _HELD * look_s
    return LessonEstimate(
        photos,
        settings.epochs,
        photos * look_s + settings.epochs * epoch_s,
        step_s,
        work.plan.choice.name,
    )


def _measure_step(work: DeepWork, photos: int, cancel: CancelToken) -> float:
    """Median seconds of a step with full batches; the few photos are shown again and again."""
    from tagger.ml.plan import Observer  # noqa: PLC0415  loads torch

    enough = CancelToken()
    moments: list[float] = []

    def step(_: StepReport) -> None:
        moments.append(time.monotonic())
        if len(moments) > _STEPS or cancel.is_cancelled:
            enough.cancel()

    rows = np.resize(np.arange(photos), work.plan.settings.batch_size * (_STEPS + 2))
    try:
        work.train_part("estimate", rows, None, Observer(enough, step))
    except CancelledError:
        cancel.raise_if_cancelled()
    return statistics.median(np.diff(moments).tolist())
