"""How `models/wedding-scenes` is made from `../shared/data/wedding` and `../shared/weights`.

    python -m tests.recipes.wedding_scenes head --to /tmp/wedding-head
    python -m tests.recipes.wedding_scenes deep --to models/wedding-scenes --work /tmp/wedding-deep

`head` learns the last layer alone, on features of the pretrained network. `deep` trains all layers:
once for each fold, to measure, and once on everything, to ship; what is finished, to the epoch,
lies in the work folder, so that a second call goes on (and `--part N` makes one part, for several
processes). What is printed is measured out of fold, the folds split by source.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image, ImageOps
from safetensors.torch import load_file, save_file

from tagger.core.cancel import CancelToken
from tagger.ml.body import Body
from tagger.ml.checkpoint import CheckpointFile
from tagger.ml.devices import choose_device, count_cores
from tagger.ml.first_head import compute_features, fit_first_head
from tagger.ml.folds import split_folds
from tagger.ml.head import HeldOut, Learned, fit_head, judge_fit
from tagger.ml.inference import infer
from tagger.ml.info import DataInfo, Figure, Storage, Transform
from tagger.ml.metrics import bootstrap, macro_f1, mean_average_precision
from tagger.ml.network import build_network, fold_batch_norm, load_backbone
from tagger.ml.plan import Observer, TrainPlan, TrainSettings
from tagger.ml.quick import BundleDraft, save_fit
from tagger.ml.samples import Samples
from tagger.ml.scoring import score_logits
from tagger.ml.train import train_network
from tagger.ml.transforms import prepare
from tagger.ml.weights import decode, encode
from tests.conftest import SHARED

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
TRANSFORM = Transform()
SETTINGS = TrainSettings()
FOLDS = 5
CACHE_PX = 288
STORAGE: Storage = "int8"

Value = str | int | float | bool | None


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a script says what it has found


@dataclass(frozen=True)
class Row:
    """A line of `labels.csv`."""

    file: str
    label: str
    also: str
    hard: bool
    source: str
    licence: str


def read_rows(folder: Path) -> list[Row]:
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        return [
            Row(r["file"], r["label"], r["also"], r["hard"] == "1", r["repo"], r["licence"])
            for r in csv.DictReader(file)
        ]


def make_targets(rows: list[Row], *, mask_hard: bool = False) -> NDArray[np.float32]:
    """`[N, C]`: 1 for `label` and `also`, else 0; on hard rows unknown if masked.

    Masking measures slightly worse (0.669 against 0.673 mean average precision of a head), so it is
    for measuring only: whoever gave a second answer has looked for all of them.
    """
    names = list(CLASSES)
    targets = np.zeros((len(rows), len(names)), np.float32)
    for i, row in enumerate(rows):
        if row.hard and mask_hard:
            targets[i] = np.nan
        for name in (row.label, row.also):
            if name in CLASSES:
                targets[i, names.index(name)] = 1
    return targets


def load_image(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def describe_data(folder: Path, rows: list[Row]) -> DataInfo:
    digest = hashlib.sha256()
    for row in sorted(rows, key=lambda r: r.file):
        digest.update(f"{row.file},{row.label},{row.also},{row.hard}".encode())
        digest.update((folder / row.file).read_bytes())
    counts = Counter(name for r in rows for name in (r.label, r.also) if name)
    return DataInfo(
        fingerprint=digest.hexdigest()[:32],
        photos=len(rows),
        counts=dict(sorted(counts.items())),
        sources=len({r.source for r in rows}),
        licences=dict(Counter(r.licence for r in rows).most_common()),
    )


def report(rows: list[Row], scores: NDArray[np.float32]) -> None:
    """Print the two figures that recipes are compared by, from out-of-fold scores `[N, C]`."""
    names = list(CLASSES)
    main = [names.index(name) for name in MAIN]
    for what, chosen in (
        ("clear photos", [i for i, r in enumerate(rows) if r.label in MAIN and not r.hard]),
        ("all photos", [i for i, r in enumerate(rows) if r.label in MAIN]),
    ):
        truth = np.array([MAIN.index(rows[i].label) for i in chosen])
        predicted = scores[chosen][:, main].argmax(axis=1)
        accuracy = float((predicted == truth).mean())
        say(
            f"five classes, {what} ({len(chosen)}): accuracy {accuracy:.3f}, "
            f"macro-F1 {macro_f1(predicted, truth, len(MAIN)):.3f}"
        )
    for mask_hard in (True, False):
        value = mean_average_precision(scores, make_targets(rows, mask_hard=mask_hard))
        how = "left out" if mask_hard else "taken as wrong"
        say(f"twelve tags, mean average precision: {value:.3f} (unknown labels {how})")


def extract_features(rows: list[Row], transform: Transform) -> NDArray[np.float16]:
    body = Body(load_backbone(WEIGHTS), transform, choose_device("cpu"), count_cores())
    with ThreadPoolExecutor(count_cores()) as pool:
        squares = list(pool.map(lambda r: prepare(load_image(FOLDER / r.file), transform), rows))
    return body.compute(squares)


def draft_bundle(
    target: Path, title: str, rows: list[Row], recipe: dict[str, Value]
) -> BundleDraft:
    return BundleDraft(
        name=target.name,
        title=title,
        classes=CLASSES,
        exclusive=False,
        transform=TRANSFORM,
        data=describe_data(FOLDER, rows),
        licence="Apache-2.0",
        recipe={**recipe, "seed": SETTINGS.seed},
    )


def make_head_bundle(target: Path, rows: list[Row]) -> None:
    targets = make_targets(rows)
    features = extract_features(rows, TRANSFORM)
    fit = fit_head(features, targets, [row.source for row in rows], list(CLASSES))
    report(rows, fit.scores)
    draft = draft_bundle(target, "Wedding scenes (head only)", rows, {"how": "head"})
    save_fit(target, draft, load_backbone(WEIGHTS), fit)


def load_samples(rows: list[Row]) -> Samples:
    """The photos with the short side at most `CACHE_PX`, which is what crops are taken from."""

    def load(row: Row) -> NDArray[np.uint8]:
        image = load_image(FOLDER / row.file)
        scale = min(1.0, CACHE_PX / min(image.size))
        size = (round(image.width * scale), round(image.height * scale))
        return np.asarray(image.resize(size, Image.Resampling.BICUBIC))

    with ThreadPoolExecutor(count_cores()) as pool:
        images = list(pool.map(load, rows))
    return Samples(images, make_targets(rows), [row.source for row in rows])


def train_part(work: Path, samples: Samples, part: str, threads: int) -> None:
    """Train on all folds but one, or on `all`, and keep the weights. Finished parts stay as is."""
    done = work / f"{part}.safetensors"
    if done.exists():
        return
    chosen = samples.take(np.flatnonzero(split(samples) != (-1 if part == "all" else int(part))))
    plan = TrainPlan(SETTINGS, TRANSFORM, choose_device("cpu"), threads=threads)
    backbone = load_backbone(WEIGHTS)
    features = compute_features(backbone, chosen.images, plan)
    start = fit_first_head(backbone, features, chosen.targets, plan)
    checkpoint = CheckpointFile(work / f"{part}.checkpoint", repr(SETTINGS))
    observer = Observer(CancelToken(), on_epoch=lambda r: say(f"{part}: {r}"), on_warning=say)
    trained = train_network(start, chosen, None, plan, observer, checkpoint)
    save_file(trained.network.state_dict(), done.with_suffix(".part"))
    done.with_suffix(".part").rename(done)
    checkpoint.remove()


def split(samples: Samples) -> NDArray[np.int64]:
    return split_folds(samples.groups, samples.targets, FOLDS)


def infer_held_out(work: Path, samples: Samples, *, stored: bool) -> NDArray[np.float32]:
    """Out-of-fold logits `[N, C]`, of the weights as stored in a bundle or as trained."""
    torch.set_num_threads(count_cores())
    fold_of, choice = split(samples), choose_device("cpu")
    logits = np.empty(samples.targets.shape, np.float32)
    for fold in range(FOLDS):
        weights = load_file(work / f"{fold}.safetensors")
        network = build_network(decode(encode(weights, STORAGE)) if stored else weights, "v1")
        held = np.flatnonzero(fold_of == fold)
        folded = fold_batch_norm(network).to(memory_format=torch.channels_last)
        logits[held] = infer(folded, samples.take(held).images, TRANSFORM, choice)[1]
    return logits


def make_deep_bundle(target: Path, work: Path, rows: list[Row], samples: Samples) -> None:
    network = build_network(load_file(work / "all.safetensors"), "v1")
    learned = Learned(network.fc.weight.detach().numpy(), network.fc.bias.detach().numpy())
    logits = infer_held_out(work, samples, stored=True)
    held = HeldOut(logits, samples.targets, samples.groups)
    fit = judge_fit(learned, held, list(CLASSES), exclusive=False)
    report(rows, fit.scores)
    say("and with the weights as trained, before they were made small:")
    full = infer_held_out(work, samples, stored=False)
    report(rows, score_logits(full, fit.calibration, exclusive=False))
    recipe: dict[str, Value] = {"how": "deep"}
    recipe |= {f: v for f, v in asdict(SETTINGS).items() if not isinstance(v, dict)}
    recipe |= asdict(SETTINGS.augmentation)
    metrics = fit.metrics.model_copy(
        update={"overall": fit.metrics.overall | measure_main(rows, fit.scores)}
    )
    draft = draft_bundle(target, "Wedding scenes", rows, recipe)
    save_fit(target, draft, network, replace(fit, metrics=metrics))


def measure_main(rows: list[Row], scores: NDArray[np.float32]) -> dict[str, Figure]:
    """Accuracy and macro-F1 of the five main classes, on photos with one clear label of them."""
    chosen = np.array([i for i, row in enumerate(rows) if row.label in MAIN and not row.hard])
    truth = np.array([MAIN.index(rows[i].label) for i in chosen])
    answers = scores[chosen][:, [list(CLASSES).index(name) for name in MAIN]].argmax(axis=1)
    groups = [rows[i].source for i in chosen]
    return {
        "main_classes_accuracy": bootstrap(lambda r: float((answers == truth)[r].mean()), groups),
        "main_classes_macro_f1": bootstrap(
            lambda r: macro_f1(answers[r], truth[r], len(MAIN)), groups
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("how", choices=["head", "deep"])
    parser.add_argument("--to", type=Path, required=True, help="folder of the new bundle")
    parser.add_argument("--work", type=Path, help="where finished parts of deep training lie")
    parser.add_argument("--part", choices=[*map(str, range(FOLDS)), "all"], help="only this part")
    parser.add_argument("--threads", type=int, default=count_cores())
    arguments = parser.parse_args()
    rows = read_rows(FOLDER)
    if arguments.how == "head":
        make_head_bundle(arguments.to, rows)
        return
    arguments.work.mkdir(parents=True, exist_ok=True)
    samples = load_samples(rows)
    parts = [arguments.part] if arguments.part else [*map(str, range(FOLDS)), "all"]
    for part in parts:
        train_part(arguments.work, samples, part, arguments.threads)
    if not arguments.part:
        make_deep_bundle(arguments.to, arguments.work, rows, samples)


if __name__ == "__main__":
    main()
