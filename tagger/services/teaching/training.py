"""The use case: teach a classifier and save it, without putting it in use."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError
from tagger.core.keywords import class_key
from tagger.ml.folds import split_folds
from tagger.services.teaching.assuming import add_undecided
from tagger.services.teaching.choosing import (
    Choice,
    choose_start,
    load_start,
    warn_of_learned,
)
from tagger.services.teaching.collecting import (
    collect_lesson,
    find_in_use,
    leave_unlearnable,
)
from tagger.services.teaching.deep import occupied, prepare_bench, teach_deep
from tagger.services.teaching.quick import (
    learn_from_decisions,
    learn_head,
    look_at_photos,
    read_undecided,
)
from tagger.services.teaching.result import Taught
from tagger.services.teaching.runs import (
    Asked,
    RunNote,
    begin_run,
    describe_request,
    list_others,
    list_runs,
    refuse_other,
    run_folder,
)
from tagger.services.teaching.saving import (
    choose_name,
    draft_bundle,
    make_extras,
    save_model,
)
from tagger.services.teaching.views import measure_views

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tagger.ml.head import HeadFit
    from tagger.ml.keeping import Parent
    from tagger.ml.starting import Start
    from tagger.services.teaching.deep import Bench
    from tagger.services.teaching.lesson import Lesson
    from tagger.services.teaching.request import Audience, TeachRequest
    from tagger.services.teaching.result import ViewsGain
    from tagger.services.teaching.sides import Sides
    from tagger.services.workspace import Workspace


@dataclass(frozen=True)
class _Job:
    """One request on its way."""

    workspace: Workspace
    request: TeachRequest
    audience: Audience
    choice: Choice
    name: str
    asked: Asked
    started_s: float

    @property
    def folder(self) -> Path:
        """Of the new bundle."""
        return self.workspace.home / "models" / self.name


def teach(workspace: Workspace, request: TeachRequest, audience: Audience) -> Taught:
    """Learn what is asked for and save it as a new model; the model in use stays in use.

    A deep training that was killed goes on when the same is asked for again. One that is stopped
    after its first epoch is saved with its best epoch.

    Raises:
        WrongUseError: the request contradicts itself, or there is nothing to learn from.
        CancelledError: stopped before anything could be kept.
        ModelError: a class can't be learned, a model is damaged, or the disk refuses.
        LibraryError: the library can't be used, or the same training runs already.
    """
    started_s = time.monotonic()
    request.check()
    in_use = find_in_use(workspace)
    lesson = collect_lesson(workspace, request, in_use)
    choice = choose_start(request, lesson, workspace.home, in_use)
    lesson = leave_unlearnable(request, lesson, choice)
    base = lesson.title if request.folders and not choice.shares_classes else choice.name
    asked = describe_request(request, choice.name)
    name = _name_model(workspace.home, request, base, asked)
    job = _Job(workspace, request, audience, choice, name, asked, started_s)
    audience.say(f"Learning {name} from {lesson.title}, starting from {choice.name}.")
    start = load_start(workspace, choice, request, audience)
    return _teach_deep(job, lesson, start) if request.is_deep else _teach_quick(job, lesson, start)


def _name_model(home: Path, request: TeachRequest, base: str, asked: Asked) -> str:
    """A training with all layers that was killed goes on under the name it had; no other does.

    Raises:
        WrongUseError, LibraryError: the name that is wanted is taken.
    """
    begun = list_others(home, asked) if request.is_deep else list_runs(home)
    name = choose_name(home, request.name, base, begun)
    if request.is_deep:
        refuse_other(home, name, asked)
    return name


def _teach_quick(job: _Job, lesson: Lesson, start: Start) -> Taught:
    from tagger.ml.keeping import keep_classes  # noqa: PLC0415  loads torch

    classifier = start.load_classifier(job.request.device)
    try:
        lesson, features = look_at_photos(lesson, classifier, job.workspace.home, job.audience)
    finally:
        classifier.close()
    lesson = warn_of_learned(lesson, job.choice)
    parent = _find_parent(lesson, start)
    lesson, fit, sides = _learn(job, lesson, features, parent, classifier.backbone)
    classes, kept = dict(lesson.classes), []
    if parent is not None:
        fit, classes = keep_classes(fit, classes, parent)
        kept = [name for name in classes if name not in lesson.classes]
    lesson = _warn_of_forgotten(lesson, job.choice, classes.keys())
    job, lesson = _find_place(job, lesson)
    draft = draft_bundle(
        job.name, lesson, classes, start, {"how": "quick", "seed": job.request.seed}
    )
    extras = make_extras(lesson.take(sides.train))
    info = save_model(job.folder, draft, start.network, say_where(fit, sides), extras)
    found = Taught(
        job.folder, info, job.choice.name, lesson, tuple(kept), None, None, classifier.device, 0
    )
    return _finish(job, found, sides)


def _find_parent(lesson: Lesson, start: Start) -> Parent | None:
    """The model to start from, where it and the lesson both give several tags."""
    parent = start.parent
    exclusive = lesson.exclusive or parent is None or parent.info.exclusive
    return None if exclusive else parent


def _learn(
    job: _Job, lesson: Lesson, features: NDArray[np.float16], parent: Parent | None, backbone: str
) -> tuple[Lesson, HeadFit, Sides]:
    """A data set shows how often a class comes; decisions in a library do not."""
    seed = job.request.seed
    if job.request.folders is not None or lesson.exclusive:
        return learn_head(lesson, features, parent, seed)
    undecided = read_undecided(job.workspace.library, lesson, backbone, seed)
    return learn_from_decisions(lesson, features, undecided, parent, seed)


def _teach_deep(job: _Job, lesson: Lesson, start: Start) -> Taught:
    run = run_folder(job.workspace.home, job.name)
    with occupied(run):
        if job.request.folders is None:
            # Refuses a single shoot, which would be held out as a whole.
            split_folds(lesson.groups, lesson.targets)
            lesson = add_undecided(job.workspace.library, lesson, start, run)
        bench = prepare_bench(lesson, start, job.request, run, job.audience)
        bench = replace(bench, lesson=_begin(job, bench))
        done = teach_deep(bench, job.request, job.audience)
        lesson = _warn_of_forgotten(done.lesson, job.choice, done.lesson.classes.keys())
        job, lesson = _find_place(job, lesson)
        draft = draft_bundle(job.name, lesson, lesson.classes, start, done.recipe)
        extras = make_extras(lesson.take(done.sides.train), done.course.epochs)
        fit = say_where(done.fit, done.sides)
        info = save_model(job.folder, draft, done.network, fit, extras)
    shutil.rmtree(run, ignore_errors=True)
    device = str(done.recipe["device"])
    found = Taught(job.folder, info, job.choice.name, lesson, (), done.course, None, device, 0)
    return _finish(job, found, done.sides)


def _begin(job: _Job, bench: Bench) -> Lesson:
    """The lesson with what is to be said of it before it is learned."""
    lesson = warn_of_learned(bench.lesson, job.choice)
    failed = tuple(str(path) for path, _ in lesson.failed)
    note = RunNote(asked=job.asked, key=bench.work.key, failed=failed)
    said = begin_run(job.workspace.home, job.name, note)
    if said is None:
        return lesson
    job.audience.say(said)
    return lesson.with_warnings(said)


def _find_place(job: _Job, lesson: Lesson) -> tuple[_Job, Lesson]:
    """Another name where the one chosen was taken meanwhile, since hours of work may wait."""
    if not job.folder.exists():
        return job, lesson
    name = choose_name(job.workspace.home, None, job.name)
    said = f"There is another model called {job.name} by now, so this one is called {name}."
    return replace(job, name=name), lesson.with_warnings(said)


def say_where(fit: HeadFit, sides: Sides) -> HeadFit:
    """The fit, whose figures say which photos they were measured on."""
    metrics = fit.metrics.model_copy(update={"on": sides.measured_on})
    return replace(fit, metrics=metrics)


def _warn_of_forgotten(lesson: Lesson, choice: Choice, known: Collection[str]) -> Lesson:
    """The lesson with a sentence when the new model will not know what the old one does."""
    if choice.bundle is None or not choice.shares_classes:
        return lesson
    keys = {class_key(name) for name in known}
    lost = [e.name for e in choice.bundle.info.classes if class_key(e.name) not in keys]
    if not lost:
        return lesson
    return lesson.with_warnings(
        f"The new model knows only what it was taught, and no longer {', '.join(lost)}. "
        "Add photos of these too, or teach with --quick and without --exclusive."
    )


def _finish(job: _Job, found: Taught, sides: Sides) -> Taught:
    """Add what several looks gain, if that was asked for, and how long all took."""
    views, lesson = None, found.lesson
    if job.request.has_views:
        held = sides.test if sides.test is not None else sides.valid
        if held is None:
            lesson = lesson.with_warnings(
                "What several looks gain can only be measured on photos that were held back: use "
                "--deep, or a folder validation or test."
            )
        else:
            try:
                views = _measure_views(job, found, lesson.take(held).only_decided())
            except CancelledError:
                lesson = lesson.with_warnings(
                    "Stopped before it was measured what several looks gain."
                )
    seconds = time.monotonic() - job.started_s
    return replace(found, lesson=lesson, views=views, seconds=seconds)


def _measure_views(job: _Job, found: Taught, held: Lesson) -> ViewsGain:
    was_stopped = found.course is not None and found.course.was_stopped
    cancel = CancelToken() if was_stopped else job.audience.cancel
    follow = (cancel, job.audience.report)
    return measure_views(found.folder, found.info, held, job.request.device, follow)
