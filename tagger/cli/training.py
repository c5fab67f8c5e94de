"""The command that teaches a classifier."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tagger.cli.app import Device, DeviceOption, HomeOption, JsonOption, app, open_workspace
from tagger.cli.output import count_of, duration, print_json, print_table, quoted
from tagger.cli.progress import shown_progress
from tagger.cli.stopping import cancel_on_interrupt
from tagger.core.errors import WrongUseError
from tagger.services.lessons.estimating import estimate_lesson
from tagger.services.teaching.request import PRETRAINED, Audience, TeachRequest
from tagger.services.teaching.training import teach

if TYPE_CHECKING:
    from tagger.ml import Figure
    from tagger.services.lessons.estimating import LessonEstimate
    from tagger.services.teaching.result import Taught, ViewsGain

_SOME_FAILED = 1
_MEASURES = {
    "accuracy": "accuracy",
    "macro_f1": "macro-F1",
    "mean_average_precision": "mean average precision",
}


@app.command("train")
def train(
    *,
    folders: Annotated[
        Path | None,
        typer.Option("--folders", help="A folder a class; else the library's decisions."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="The last layer alone, in seconds. This is the default.")
    ] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="All layers: minutes on a graphics card, else hours.")
    ] = False,
    exclusive: Annotated[
        bool, typer.Option("--exclusive", help="One class a photo, instead of any number.")
    ] = False,
    name: Annotated[str | None, typer.Option("--name", help="Of the new classifier.")] = None,
    start: Annotated[
        str | None,
        typer.Option("--from", help=f"Classifier to start from, or {PRETRAINED}.", metavar="MODEL"),
    ] = None,
    backbone: Annotated[
        Path | None, typer.Option("--backbone", help="File with a pretrained network.")
    ] = None,
    epochs: Annotated[
        int | None, typer.Option("--epochs", min=1, help="Of --deep; else as many as it takes.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same gives the same.")] = 0,
    rate: Annotated[
        float | None, typer.Option("--lr", help="Highest learning rate of the last layer.")
    ] = None,
    find_rate: Annotated[
        bool, typer.Option("--find-lr", help="Find the learning rate first.")
    ] = False,
    folds: Annotated[
        int | None,
        typer.Option("--folds", min=2, help="Measure in so many folds, then learn from all."),
    ] = None,
    tta: Annotated[
        bool, typer.Option("--tta", help="Also measure what several looks at each photo gain.")
    ] = False,
    estimate: Annotated[
        bool,
        typer.Option("--estimate", help="Only say how long --deep would take, from a few steps."),
    ] = False,
    device: DeviceOption = Device.AUTO,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Teach a new classifier from folders or from your decisions. The one in use stays in use."""
    if quick and (deep or estimate):
        raise WrongUseError("Choose --quick or --deep, not both; --estimate is for --deep.")
    if rate is not None and not rate > 0:
        raise WrongUseError("A learning rate is above 0.")
    request = TeachRequest(
        folders=None if folders is None else folders.expanduser().resolve(),
        is_deep=deep or estimate,
        exclusive=exclusive,
        name=name,
        start=start,
        backbone=None if backbone is None else backbone.expanduser().resolve(),
        device=device,
        epochs=epochs,
        seed=seed,
        rate=rate,
        is_rate_searched=find_rate,
        folds=folds,
        has_views=tta,
    )
    with (
        open_workspace(home) as workspace,
        cancel_on_interrupt() as cancel,
        shown_progress() as report,
    ):
        if estimate:
            _print_estimate(estimate_lesson(workspace, cancel, report, request=request), json=json)
            return
        taught = teach(workspace, request, Audience(cancel, report, _say))
    if json:
        print_json(taught_as_json(taught))
    else:
        _print_taught(taught)
    raise typer.Exit(_SOME_FAILED if taught.lesson.failed else 0)


def _print_estimate(found: LessonEstimate, *, json: bool) -> None:
    if json:
        print_json(found)
        return
    photos = count_of(found.photos, "photo")
    print(
        f"About {duration(found.seconds)} on this computer ({found.device}): {photos}, "
        f"{count_of(found.epochs, 'epoch')}, {found.step_seconds:.1f} s a step."
    )


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def taught_as_json(taught: Taught) -> dict[str, Any]:
    """The contract of `train --json`; intervals are 95 %, `low` to `high`."""
    info, course = taught.info, taught.course
    return {
        "name": info.name,
        "path": taught.folder,
        "parent": taught.parent,
        "exclusive": info.exclusive,
        "classes": [entry.name for entry in info.classes],
        "kept": taught.kept,
        "photos": info.data.photos,
        "counts": info.data.counts,
        "measured_on": info.metrics.on,
        "n": info.metrics.n,
        "overall": _figures_as_json(info.metrics.overall),
        "per_class": {
            name: _figures_as_json(info.metrics.per_class.get(name, {}))
            for name in taught.lesson.classes
        },
        "thresholds": {
            entry.name: {"tag": entry.threshold, "precise": entry.precise_threshold}
            for entry in info.classes
        },
        "epochs": [] if course is None else list(course.epochs),
        "best_epoch": None if course is None else course.best_epoch,
        "stopped": course is not None and course.was_stopped,
        "learning_rate": None if course is None else course.rate,
        "tta": None if taught.views is None else _views_as_json(taught.views),
        "failed": [{"path": path, "error": error} for path, error in taught.lesson.failed],
        "warnings": taught.lesson.warnings,
        "device": taught.device,
        "seconds": round(taught.seconds, 3),
    }


def _figures_as_json(figures: dict[str, Figure]) -> dict[str, Any]:
    return {name: figure.model_dump() for name, figure in figures.items()}


def _views_as_json(views: ViewsGain) -> dict[str, Any]:
    return {"one": _figures_as_json(views.one), "six": _figures_as_json(views.six)}


def _print_taught(taught: Taught) -> None:
    lesson, info = taught.lesson, taught.info
    for warning in lesson.warnings:
        print(warning)
    for path, error in lesson.failed:
        print(f"{path}: {error}")
    if lesson.failed:
        print(f"{count_of(len(lesson.failed), 'photo')} can't be read and left out.")
    _print_course(taught)
    print(f"\nMeasured on {count_of(info.metrics.n, 'photo')}: {info.metrics.on}")
    print_table(
        (_MEASURES.get(name, name), *_share(figure))
        for name, figure in info.metrics.overall.items()
    )
    _print_classes(taught)
    if taught.views is not None:
        _print_views(taught.views)
    if taught.kept:
        print(f"\nNot taught, so as in {taught.parent}: {', '.join(taught.kept)}")
    _print_next(taught)


def _print_course(taught: Taught) -> None:
    course = taught.course
    if course is None:
        print(f"Learned from {count_of(taught.info.data.photos, 'photo')}.")
        return
    done = count_of(len(course.epochs), "epoch")
    kept = f"the best was number {course.best_epoch + 1}, which is kept"
    if course.was_stopped:
        print(f"Stopped after {done}; {kept}.")
    else:
        print(f"{done} in {duration(taught.seconds)} on {taught.device}; {kept}.")


def _share(figure: Figure) -> tuple[str, str]:
    return f"{figure.value:.3f}", f"{figure.low:.3f} to {figure.high:.3f}"


def _print_classes(taught: Taught) -> None:
    counts = taught.info.data.counts
    names = ("average_precision", "precision", "recall", "f1")
    head = ("class", "photos", "average precision", "", "precision", "", "recall", "", "F1", "")
    rows = []
    for name in taught.lesson.classes:
        figures = taught.info.metrics.per_class.get(name, {})
        cells = [_share(figures[key]) if key in figures else ("-", "") for key in names]
        flat = [part for cell in cells for part in cell]
        rows.append((name, str(counts.get(name, 0)), *flat, _describe_promise(taught, name)))
    print()
    print_table([(*head, "if 95 % must be right"), *rows])


def _describe_promise(taught: Taught, name: str) -> str:
    recall = taught.info.metrics.per_class.get(name, {}).get("recall_at_95")
    return "too few photos to promise" if recall is None else f"finds {recall.value:.0%}"


def _print_views(views: ViewsGain) -> None:
    print("\nWith the mean of several looks at each photo (tagger evaluate --tta):")
    print_table(
        (
            _MEASURES.get(name, name),
            f"{views.six[name].value:.3f}",
            f"{views.six[name].value - figure.value:+.3f}",
        )
        for name, figure in views.one.items()
    )


def _print_next(taught: Taught) -> None:
    name = taught.info.name
    print(f"\n{name} is saved in {taught.folder} and not in use yet. To use it:")
    print(f"  tagger models use {quoted(name)}")
