"""The command that says how good a classifier is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tagger.cli.app import Device, DeviceOption, HomeOption, JsonOption, app
from tagger.cli.output import count_of, print_json, print_table
from tagger.cli.progress import shown_progress
from tagger.cli.stopping import cancel_on_interrupt
from tagger.services.evaluating import Evaluation, evaluate_plan, plan_evaluation
from tagger.services.places import home_folder
from tagger.services.predicting import find_bundle
from tagger.services.teaching.learned import warn_of_learned_photos

if TYPE_CHECKING:
    from tagger.ml import Figure
    from tagger.ml.thresholds import TagThresholds, ThresholdFigures

_SOME_FAILED = 1


@app.command("evaluate")
def evaluate(
    folders: Annotated[
        Path, typer.Option("--folders", help="A folder a class, perhaps in test or validation.")
    ],
    model: Annotated[
        str | None,
        typer.Option("--model", help="Name or folder of a classifier; else that in use."),
    ] = None,
    tta: Annotated[
        bool, typer.Option("--tta", help="Look at each photo several times, and take the mean.")
    ] = False,
    classes: Annotated[
        str | None,
        typer.Option("--classes", help="Only these may be answered: bride,cake", metavar="A,B,C"),
    ] = None,
    device: DeviceOption = Device.AUTO,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Measure a classifier on photos whose classes are known."""
    bundle = find_bundle(home_folder(home), model)
    wanted = None if classes is None else [c.strip() for c in classes.split(",") if c.strip()]
    plan = plan_evaluation(bundle.info, folders.expanduser().resolve(), wanted)
    classifier = bundle.load(device)
    try:
        with cancel_on_interrupt() as cancel, shown_progress() as report:
            plan = warn_of_learned_photos(plan, bundle.folder, cancel)
            found = evaluate_plan(classifier, plan, cancel, report, has_views=tta)
    finally:
        classifier.close()
    if json:
        print_json(evaluation_as_json(found))
    else:
        _print_evaluation(found)
    raise typer.Exit(_SOME_FAILED if found.failed else 0)


def evaluation_as_json(found: Evaluation) -> dict[str, Any]:
    """The contract of `evaluate --json`; intervals are 95 %, `[low, high]`."""
    figures = found.figures
    return {
        "model": found.model,
        "split": found.split,
        "tta": found.has_views,
        "n": figures.n,
        "accuracy": figures.accuracy.value,
        "accuracy_interval": _interval(figures.accuracy),
        "macro_f1": figures.macro_f1.value,
        "macro_f1_interval": _interval(figures.macro_f1),
        "mean_average_precision": figures.mean_average_precision.value,
        "mean_average_precision_interval": _interval(figures.mean_average_precision),
        "calibration_error": figures.calibration_error,
        "per_class": {
            name: {
                "n": one.n,
                "precision": one.precision.value,
                "recall": one.recall.value,
                "f1": one.f1.value,
                "interval": _interval(one.f1),
                "precision_interval": _interval(one.precision),
                "recall_interval": _interval(one.recall),
                "average_precision": one.average_precision,
            }
            for name, one in figures.per_class.items()
        },
        "confusion": {"classes": found.classes, "counts": figures.confusion.tolist()},
        "answers": found.offers,
        "thresholds": {name: _thresholds_as_json(t) for name, t in found.thresholds.items()},
        "left_out": found.left_out,
        "failed": [{"path": path, "error": error} for path, error in found.failed],
        "warnings": found.warnings,
        "device": found.device,
        "photos_per_second": round(found.photos_per_second, 2),
    }


def _interval(figure: Figure) -> list[float]:
    return [figure.low, figure.high]


def _thresholds_as_json(thresholds: TagThresholds) -> dict[str, Any]:
    return {
        "tag": _threshold_as_json(thresholds.tag),
        "precise": thresholds.precise and _threshold_as_json(thresholds.precise),
        "review": thresholds.review,
    }


def _threshold_as_json(figures: ThresholdFigures) -> dict[str, Any]:
    return {
        "threshold": figures.threshold,
        "precision": figures.precision.value,
        "precision_interval": _interval(figures.precision),
        "recall": figures.recall.value,
        "recall_interval": _interval(figures.recall),
        "n": figures.precision.n,
    }


def _print_evaluation(found: Evaluation) -> None:
    figures = found.figures
    for warning in found.warnings:
        print(warning)
    for name, count in found.left_out.items():
        print(f"{name} is left out: {count_of(count, 'photo')} of no class that is measured.")
    for path, error in found.failed:
        print(f"{path}: {error}")
    part = f" in the {found.split} part" if found.split else ""
    looks = ", the mean of several looks at each" if found.has_views else ""
    print(f"{found.model} on {count_of(figures.n, 'photo')}{part}{looks}\n")
    print_table(
        [
            ("accuracy", *_share(figures.accuracy)),
            ("macro-F1", *_share(figures.macro_f1)),
            ("mean average precision", *_share(figures.mean_average_precision)),
            ("calibration error", f"{figures.calibration_error:.3f}", ""),
        ]
    )
    _print_classes(found)
    _print_confusion(found)
    _print_answers(found)
    _print_thresholds(found)


def _share(figure: Figure) -> tuple[str, str]:
    return f"{figure.value:.3f}", f"{figure.low:.3f} to {figure.high:.3f}"


def _print_classes(found: Evaluation) -> None:
    print()
    head = ("class", "photos", "precision", "", "recall", "", "F1", "", "average precision")
    rows = [
        (
            name,
            str(one.n),
            *(*_share(one.precision), *_share(one.recall), *_share(one.f1)),
            f"{one.average_precision:.3f}",
        )
        for name, one in found.figures.per_class.items()
    ]
    print_table([head, *rows])


def _print_confusion(found: Evaluation) -> None:
    print("\nAnswers (columns) for each class (rows): photos, and share of the row")
    counts = found.figures.confusion
    columns = [c for c in range(len(counts)) if counts[c].any() or counts[:, c].any()]
    head = ("", *(found.classes[c] for c in columns))
    rows = [
        (
            found.classes[row],
            *(
                f"{counts[row, c]} {counts[row, c] / counts[row].sum():.0%}"
                if counts[row, c]
                else "."
                for c in columns
            ),
        )
        for row in columns
        if counts[row].any()
    ]
    print_table([head, *rows])


def _print_answers(found: Evaluation) -> None:
    print("\nOnly answers from a probability on, the rest left for review")
    head = ("wanted precision", "probability", "precision", "recall", "left for review")
    rows = [
        (
            f"{offer.wanted:.0%}",
            *_cells(offer.threshold, offer.precision, offer.recall, offer.review),
        )
        for offer in found.offers
    ]
    print_table([head, *rows])


def _cells(*values: float | None) -> list[str]:
    return ["too few photos" if value is None else f"{value:.3f}" for value in values]


def _print_thresholds(found: Evaluation) -> None:
    if not found.thresholds:
        return
    print("\nThe classifier's thresholds on these photos: for a tag, and for 95 % precision")
    head = (
        "class",
        "tag from",
        "precision",
        "recall",
        "sure from",
        "precision",
        "recall",
        "review",
    )
    rows = [
        (
            name,
            *_cells(t.tag.threshold, t.tag.precision.value, t.tag.recall.value),
            *(
                _cells(t.precise.threshold, t.precise.precision.value, t.precise.recall.value)
                if t.precise
                else ("none", "", "")
            ),
            f"{t.review:.0%}",
        )
        for name, t in found.thresholds.items()
    ]
    print_table([head, *rows])
