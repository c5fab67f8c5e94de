"""What deep learning gains: over its own first stage, and beside fastai, each in one run.

    pytest -m benchmark_only -s tests/benchmarks/test_learning_quality.py

`TAGGER_BENCH_SEEDS` says how many draws of look-alikes are made (10; one takes minutes of
processor time). fastai is compared where it is importable; it is no dependency of the project.
"""

from __future__ import annotations

import importlib
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from tagger.core.cancel import CancelToken
from tagger.images import decode_photo
from tagger.ml.devices import choose_device, count_cores
from tagger.ml.first_head import fit_first_head
from tagger.ml.inference import infer
from tagger.ml.info import WHOLE
from tagger.ml.labelled_folders import read_labelled_folders
from tagger.ml.network import fold_batch_norm, load_backbone
from tagger.ml.plan import Observer, TrainPlan, TrainSettings
from tagger.ml.quick import Side, learn_quick
from tagger.ml.samples import Samples
from tagger.ml.train import train_network
from tests.conftest import SHARED

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.ml.network import ResNet50

pytestmark = [pytest.mark.benchmark_only, pytest.mark.timeout(7200)]

SEEDS = int(os.environ.get("TAGGER_BENCH_SEEDS", "10"))
LOOK_ALIKES = ("shirt", "t-shirt")
LEARNED, HELD = 30, 20  # photos of each class
EPOCHS = 10  # of the look-alikes, in batches of 16, as for all small data sets
SUBSET, SUBSET_HELD, SUBSET_EPOCHS = 30, 30, 5  # beside fastai, of each of ten classes


@dataclass(frozen=True)
class Draw:
    """Photos to learn from and others to judge by, one class each."""

    names: tuple[str, ...]
    learned: Samples
    held: Samples


@pytest.fixture(scope="module")
def start(backbone_file: Path) -> ResNet50:
    return load_backbone(backbone_file)


def draw(names: tuple[str, ...], learned: int, held: int, seed: int) -> Draw:
    """Photos of the training part, so many of each class on each side."""
    root = SHARED / "data/clothing"
    if not root.is_dir():
        pytest.skip("../shared/data/clothing is not on this machine")
    folders = read_labelled_folders(root)
    names = names or folders.class_names
    rng = np.random.default_rng(seed)
    sides: tuple[list[tuple[Path, str]], ...] = ([], [])
    for name in names:
        paths = [p.path for p in folders.of_split("train") if p.class_name == name]
        chosen = [paths[i] for i in rng.permutation(len(paths))[: learned + held]]
        sides[0].extend((path, name) for path in chosen[:learned])
        sides[1].extend((path, name) for path in chosen[learned:])
    return Draw(names, *(read(side, names) for side in sides))


def read(photos: list[tuple[Path, str]], names: tuple[str, ...]) -> Samples:
    images = [np.asarray(decode_photo(path, short_side_px=288)) for path, _ in photos]
    targets = np.eye(len(names), dtype=np.float32)[[names.index(name) for _, name in photos]]
    return Samples(images, targets, [str(path) for path, _ in photos])


def measure(logits: NDArray[np.float32], held: Samples) -> float:
    return float((logits.argmax(axis=1) == held.targets.argmax(axis=1)).mean())


def compare_stages(start: ResNet50, data: Draw, settings: TrainSettings) -> tuple[float, float]:
    """Accuracies on the held-out photos: of the head on the frozen body, and of all layers."""
    plan = TrainPlan(settings, WHOLE, choose_device("cpu"), exclusive=True, threads=count_cores())
    torch.set_num_threads(plan.threads)
    folded = fold_batch_norm(load_copy(start))
    learned, held = (
        infer(folded, side.images, plan.transform, plan.choice)[0].astype(np.float16)
        for side in (data.learned, data.held)
    )
    side = Side(learned, data.learned.targets, data.learned.groups)
    head = learn_quick(side, data.names, exclusive=True, seed=settings.seed).learned
    first = fit_first_head(start, learned, data.learned.targets, plan)
    trained = train_network(first, data.learned, None, plan, Observer(CancelToken())).network
    logits = infer(fold_batch_norm(trained), data.held.images, plan.transform, plan.choice)[1]
    return measure(head.compute_logits(held), data.held), measure(logits, data.held)


def load_copy(network: ResNet50) -> ResNet50:
    from copy import deepcopy

    return deepcopy(network).to(memory_format=torch.channels_last)


def test_look_alikes(start: ResNet50, capsys: pytest.CaptureFixture[str]) -> None:
    found = []
    for seed in range(SEEDS):
        data = draw(LOOK_ALIKES, LEARNED, HELD, seed)
        settings = TrainSettings(epochs=EPOCHS, batch_size=16, seed=seed)
        found.append(compare_stages(start, data, settings))
        with capsys.disabled():
            print(f"\nseed {seed}: head {found[-1][0]:.3f}, all layers {found[-1][1]:.3f}", end="")
    with capsys.disabled():
        print(f"\n{' and '.join(LOOK_ALIKES)}, {LEARNED} photos each, {len(found)} draws")
        for name, values in zip(("head", "all layers"), zip(*found, strict=True), strict=True):
            spread = np.std(values, ddof=1) if len(values) > 1 else 0.0
            print(f"  {name:11} accuracy {np.mean(values):.3f}, standard deviation {spread:.3f}")


@pytest.mark.filterwarnings("ignore")  # of fastai, about its own ways
def test_beside_fastai(start: ResNet50, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same photos, network, epochs, size, threads: one epoch of fastai's head, then all layers.

    Our first stage has no epochs; its time counts. The photos are decoded before the clocks start.
    """
    pytest.importorskip("fastai")
    data = draw((), SUBSET, SUBSET_HELD, seed=0)
    settings = TrainSettings(epochs=SUBSET_EPOCHS)
    clocks = [time.process_time()]
    _, own = compare_stages(start, data, settings)
    clocks.append(time.process_time())
    theirs = train_with_fastai(start, data, settings, tmp_path)
    clocks.append(time.process_time())
    own_s, their_s = np.diff(clocks)
    with capsys.disabled():
        print(
            f"\n{len(data.learned)} photos, {SUBSET_EPOCHS} epochs: tagger {own:.3f} in "
            f"{own_s:.0f} s of processor time, fastai {theirs:.3f} in {their_s:.0f} s, "
            f"on {len(data.held)} held-out photos"
        )


def train_with_fastai(start: ResNet50, data: Draw, settings: TrainSettings, folder: Path) -> float:
    """Accuracy of `fine_tune` with its usual augmentation."""
    fastai = importlib.import_module("fastai.vision.all")
    fastai.set_seed(settings.seed)

    class Body(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = load_copy(start)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.network.places(x)

    images = [*data.learned.images, *data.held.images]
    targets = np.concatenate([data.learned.targets, data.held.targets]).argmax(axis=1)
    block = fastai.DataBlock(
        (fastai.ImageBlock, fastai.CategoryBlock),
        get_x=lambda row: images[row],
        get_y=lambda row: data.names[targets[row]],
        splitter=fastai.IndexSplitter(range(len(data.learned), len(images))),
        item_tfms=fastai.Resize(round(settings.side_px * 8 / 7)),
        batch_tfms=[
            *fastai.aug_transforms(size=settings.side_px),
            fastai.Normalize.from_stats(*fastai.imagenet_stats),
        ],
    )
    loaders = block.dataloaders(
        range(len(images)), bs=settings.batch_size, num_workers=0, path=folder
    )
    body = Body()
    network = torch.nn.Sequential(body, fastai.create_head(2048, len(data.names)))
    fastai.apply_init(network[1], torch.nn.init.kaiming_normal_)

    def split(_: torch.nn.Module) -> list[list[torch.nn.Parameter]]:
        deep = [*body.network.layer3.parameters(), *body.network.layer4.parameters()]
        known = {id(parameter) for parameter in deep}
        shallow = [p for p in body.parameters() if id(p) not in known]
        return [shallow, deep, list(network[1].parameters())]

    learner = fastai.Learner(loaders, network, splitter=split, metrics=fastai.accuracy)
    with learner.no_bar(), learner.no_logging():
        learner.fine_tune(settings.epochs)
        return float(learner.validate()[1])
