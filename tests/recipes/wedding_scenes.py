"""How `models/wedding-scenes` is made from `../shared/data/wedding` and `../shared/weights`.

    python -m tests.recipes.wedding_scenes head --to /tmp/bundle-head

`head` learns the last layer alone, on features of the pretrained network. What is printed is
measured out of fold, the folds split by source.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps

from tagger.ml.body import Body
from tagger.ml.devices import choose_device, count_cores
from tagger.ml.head import HeadFit, fit_head
from tagger.ml.info import DataInfo, Transform
from tagger.ml.metrics import macro_f1, mean_average_precision
from tagger.ml.network import load_backbone
from tagger.ml.quick import BundleDraft, save_fit
from tagger.ml.transforms import prepare
from tests.conftest import SHARED

if TYPE_CHECKING:
    from collections.abc import Callable

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
WEIGHTS = SHARED / "weights/resnet50-imagenet.safetensors"


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


def make_targets(rows: list[Row], *, mask_hard: bool) -> NDArray[np.float32]:
    """`[N, C]`: 1 for `label` and `also`; on hard rows the others are unknown if masked."""
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


def report(rows: list[Row], scores: NDArray[np.float32], say: Callable[[str], None]) -> None:
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


def extract_features(folder: Path, rows: list[Row], transform: Transform) -> NDArray[np.float16]:
    body = Body(load_backbone(WEIGHTS), transform, choose_device("cpu"), count_cores())
    with ThreadPoolExecutor(count_cores()) as pool:
        squares = list(pool.map(lambda r: prepare(load_image(folder / r.file), transform), rows))
    return body.compute(squares)


def make_head_bundle(target: Path, say: Callable[[str], None]) -> HeadFit:
    folder = SHARED / "data/wedding"
    rows = read_rows(folder)
    transform = Transform()
    targets = make_targets(rows, mask_hard=False)
    groups = [row.source for row in rows]
    fit = fit_head(extract_features(folder, rows, transform), targets, groups, list(CLASSES))
    report(rows, fit.scores, say)
    draft = BundleDraft(
        name=target.name,
        title="Wedding scenes (head only)",
        classes=CLASSES,
        exclusive=False,
        transform=transform,
        data=describe_data(folder, rows),
        licence="Apache-2.0",
        recipe={"how": "tests.recipes.wedding_scenes head"},
    )
    save_fit(target, draft, load_backbone(WEIGHTS), fit)
    return fit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("how", choices=["head"])
    parser.add_argument("--to", type=Path, required=True, help="folder of the new bundle")
    arguments = parser.parse_args()
    make_head_bundle(arguments.to, print)


if __name__ == "__main__":
    main()
