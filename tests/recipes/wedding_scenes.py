"""How `models/wedding-scenes` is made from `../shared/data/wedding` and `../shared/weights`.

    python -m tests.recipes.wedding_scenes head --to /tmp/wedding-head
    python -m tests.recipes.wedding_scenes deep --to models/wedding-scenes --work /tmp/wedding-deep

`head` learns the last layer alone, on features of the pretrained network. `deep` trains all layers:
once for each fold, to measure, and once on everything, to ship; what is finished, to the epoch,
lies in the work folder, so that a second call goes on (and `--part N` makes one part, for several
processes). What is printed is measured out of fold, the folds split by source.

`deep` is `tagger train --folders ../shared/data/wedding --deep --folds 5 --from pretrained`, with
the classes in the order and under the keywords that ship, and with figures of the five main ones;
and the head that training starts from is fitted to the middle squares of the photos, not to all of
them.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tagger.core.cancel import CancelToken
from tagger.ml import Transform
from tagger.ml.devices import count_cores
from tagger.ml.labelled_folders import read_labelled_folders
from tagger.ml.metrics import bootstrap, macro_f1, mean_average_precision
from tagger.ml.network import load_backbone
from tagger.ml.plan import TrainPlan, TrainSettings
from tagger.ml.starting import start_from_pretrained
from tagger.services.teaching.deep import learn_in_folds, prepare_bench, split_bench
from tagger.services.teaching.following import follow_training
from tagger.services.teaching.from_folders import collect_from_folders
from tagger.services.teaching.quick import learn_head, look_at_photos
from tagger.services.teaching.request import Audience, TeachRequest
from tagger.services.teaching.saving import draft_bundle, make_extras, save_model
from tests.conftest import SHARED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tagger.core.progress import Progress
    from tagger.ml import Figure
    from tagger.ml.head import HeadFit
    from tagger.ml.labelled_folders import LabelledPhoto
    from tagger.ml.starting import Start
    from tagger.services.teaching.lesson import Lesson
    from tagger.services.teaching.saving import Recipe
    from tagger.services.teaching.sides import Sides

CLASSES = {
    name: ("Wedding", name.replace("_", " ").title())
    for name in (
        "bride",
        "bouquet",
        "newlyweds",
        "reception_room",
        "wedding_party",
        "details",
        "ceremony",
        "cake",
        "venue",
        "dance",
        "rings",
        "groom",
    )
}
MAIN = tuple(CLASSES)[:5]
FOLDER = SHARED / "data/wedding"
WEIGHTS = SHARED / "weights/resnet50-imagenet.safetensors"
FOLDS = 5


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a script says what it has found


def follow() -> Audience:
    def report(progress: Progress) -> None:
        if progress.done == progress.total:
            say(f"{progress.task}: {progress.done} in {progress.seconds:.0f} s")

    return Audience(CancelToken(), report, say)


def collect(home: Path) -> Lesson:
    return collect_from_folders(FOLDER, home, CLASSES, exclusive=False)


def labels_of(lesson: Lesson) -> list[LabelledPhoto]:
    """What `labels.csv` says of each photo of the lesson."""
    by_path = {photo.path: photo for photo in read_labelled_folders(FOLDER).photos}
    return [by_path[photo.path] for photo in lesson.photos]


def find_main(labels: list[LabelledPhoto], *, with_hard: bool) -> list[int]:
    """Numbers of the photos whose label is one of the main classes."""
    return [
        number
        for number, photo in enumerate(labels)
        if photo.class_name in MAIN and (with_hard or not photo.is_hard)
    ]


def print_figures(lesson: Lesson, scores: NDArray[np.float32]) -> None:
    """The two figures that recipes are compared by, from out-of-fold scores `[N, C]`."""
    labels = labels_of(lesson)
    columns = [lesson.names.index(name) for name in MAIN]
    for what, chosen in (
        ("clear photos", find_main(labels, with_hard=False)),
        ("all photos", find_main(labels, with_hard=True)),
    ):
        truth = np.array([MAIN.index(labels[i].class_name) for i in chosen])
        answers = scores[chosen][:, columns].argmax(axis=1)
        say(
            f"five classes, {what} ({len(chosen)}): accuracy {(answers == truth).mean():.3f}, "
            f"macro-F1 {macro_f1(answers, truth, len(MAIN)):.3f}"
        )
    masked = lesson.targets.copy()
    hard = np.array([photo.is_hard for photo in labels])[:, None]
    masked[hard & (masked == 0)] = np.nan
    for targets, how in ((masked, "left out"), (lesson.targets, "taken as wrong")):
        value = mean_average_precision(scores, targets)
        say(f"twelve tags, mean average precision: {value:.3f} (unknown labels {how})")


def measure_main(lesson: Lesson, scores: NDArray[np.float32]) -> dict[str, Figure]:
    """Accuracy and macro-F1 of the five main classes, on photos with one clear label of them."""
    labels = labels_of(lesson)
    chosen = find_main(labels, with_hard=False)
    truth = np.array([MAIN.index(labels[i].class_name) for i in chosen])
    answers = scores[chosen][:, [lesson.names.index(name) for name in MAIN]].argmax(axis=1)
    groups = [lesson.photos[i].group for i in chosen]
    return {
        "main_classes_accuracy": bootstrap(lambda r: float((answers == truth)[r].mean()), groups),
        "main_classes_macro_f1": bootstrap(
            lambda r: macro_f1(answers[r], truth[r], len(MAIN)), groups
        ),
    }


def add_figures(fit: HeadFit, lesson: Lesson, sides: Sides) -> HeadFit:
    overall = fit.metrics.overall | measure_main(lesson, fit.scores)
    metrics = fit.metrics.model_copy(update={"overall": overall, "on": sides.measured_on})
    return replace(fit, metrics=metrics)


def make_head_bundle(target: Path) -> None:
    start, audience = start_from_pretrained(load_backbone(WEIGHTS)), follow()
    home = target.with_name(f"{target.name}-work")
    classifier = start.load_classifier("cpu")
    lesson, features = look_at_photos(collect(home), classifier, home, audience)
    lesson, fit, sides = learn_head(lesson, features, None, seed=0)
    print_figures(lesson, fit.scores)
    recipe: Recipe = {"how": "quick", "seed": 0}
    draft = draft_bundle(target.name, lesson, lesson.classes, start, recipe)
    fit = add_figures(fit, lesson, sides)
    save_model(target, draft, start.network, fit, make_extras(lesson))


def look_at_square(start: Start) -> Start:
    """The same network, looking at the middle square alone, as ImageNet's photos are looked at."""
    return replace(start, info=start.info.model_copy(update={"transform": Transform()}))


def make_deep_bundle(target: Path, work: Path, part: str | None, threads: int, device: str) -> None:
    start, audience = start_from_pretrained(load_backbone(WEIGHTS)), follow()
    request = TeachRequest(folders=FOLDER, is_deep=True, folds=FOLDS, device=device)
    bench = prepare_bench(collect(work), look_at_square(start), request, work, audience)
    settings = replace(bench.work.plan.settings, side_px=TrainSettings().side_px)
    plan = TrainPlan(settings, start.info.transform, bench.work.plan.choice, threads=threads)
    bench = replace(bench, work=replace(bench.work, plan=plan))
    for warning in bench.lesson.warnings:
        say(warning)
    if part is not None:
        observer = follow_training(bench.work.plan, audience, f" of part {part}")
        bench.work.train_fold(part, split_bench(bench, FOLDS), observer)
        return
    done = learn_in_folds(bench, FOLDS, audience)
    lesson = done.lesson
    print_figures(lesson, done.fit.scores)
    fit = add_figures(done.fit, lesson, done.sides)
    draft = draft_bundle(target.name, lesson, lesson.classes, start, done.recipe)
    extras = make_extras(lesson, done.course.epochs)
    save_model(target, draft, done.network, fit, extras)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("how", choices=["head", "deep"])
    parser.add_argument("--to", type=Path, required=True, help="folder of the new bundle")
    parser.add_argument("--work", type=Path, help="where finished parts of deep training lie")
    parser.add_argument("--part", choices=[*map(str, range(FOLDS)), "all"], help="only this part")
    parser.add_argument("--threads", type=int, default=count_cores())
    parser.add_argument("--device", default="cpu", help="auto, cuda, mps, xpu or cpu")
    arguments = parser.parse_args()
    if arguments.how == "head":
        make_head_bundle(arguments.to)
    elif arguments.work is None:
        sys.exit("deep needs --work")
    else:
        work, part = arguments.work, arguments.part
        make_deep_bundle(arguments.to, work, part, arguments.threads, arguments.device)


if __name__ == "__main__":
    main()
