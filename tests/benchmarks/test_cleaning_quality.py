"""How well wrong labels are found, against simpler orders on the same features, in one run.

    pytest -m benchmark_only -s tests/benchmarks/test_cleaning_quality.py

The clothing photos with a fifth of the training labels flipped. Features are computed once and
kept in the folder that `TAGGER_BENCH_CACHE` names, else each time (five minutes on two cores).
Where fastai is importable, its order by top losses is measured too: its head, trained in its one
cycle on the same features.
"""

from __future__ import annotations

import importlib.util
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from sklearn.metrics import average_precision_score

from tagger.images import decode_photo
from tagger.ml import Transform, prepare
from tagger.ml.body import Body
from tagger.ml.cleaning import find_doubts
from tagger.ml.devices import choose_device, count_cores
from tagger.ml.head import fit_head
from tagger.ml.labelled_folders import read_labelled_folders
from tagger.ml.logistic import Compressed, fit_path
from tagger.ml.network import load_backbone
from tests.conftest import SHARED

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Labels = NDArray[np.intp]


pytestmark = [pytest.mark.benchmark_only, pytest.mark.timeout(3600)]

SHARE = 0.2
SEEDS = 3
FASTAI_EPOCHS = 5
PENALTY = 0.03  # what the head chooses on these photos with right labels
MIX_UPS = {
    "dress": "skirt",
    "hat": "shoes",
    "longsleeve": "shirt",
    "outwear": "longsleeve",
    "pants": "shorts",
    "shirt": "t-shirt",
    "shoes": "hat",
    "shorts": "skirt",
    "skirt": "dress",
    "t-shirt": "longsleeve",
}


@dataclass(frozen=True)
class Clothing:
    """Features and class numbers of both parts."""

    names: tuple[str, ...]
    features: NDArray[np.float16]
    labels: Labels
    held_features: NDArray[np.float16]
    held_labels: Labels


@pytest.fixture(scope="module")
def clothing(backbone_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Clothing:
    root = SHARED / "data/clothing"
    if not root.is_dir():
        pytest.skip("../shared/data/clothing is not on this machine")
    folders = read_labelled_folders(root)
    folder = Path(os.environ.get("TAGGER_BENCH_CACHE", tmp_path_factory.mktemp("cache")))
    cache = folder / "clothing-features.npy"
    if not cache.exists():
        np.save(cache, compute_features(backbone_file, [photo.path for photo in folders.photos]))
    features = np.load(cache)
    numbers = np.array([folders.class_names.index(photo.class_name) for photo in folders.photos])
    is_train = np.array([photo.split == "train" for photo in folders.photos])
    return Clothing(
        folders.class_names,
        features[is_train],
        numbers[is_train],
        features[~is_train],
        numbers[~is_train],
    )


def compute_features(backbone: Path, paths: list[Path]) -> NDArray[np.float16]:
    transform = Transform()
    body = Body(load_backbone(backbone), transform, choose_device(), count_cores())

    def read(path: Path) -> NDArray[np.uint8]:
        return prepare(decode_photo(path, short_side_px=transform.resize_px), transform)

    with ThreadPoolExecutor(count_cores()) as pool:
        return body.compute(list(pool.map(read, paths)))


def flip_anyhow(clothing: Clothing, seed: int) -> Labels:
    """A fifth of the labels become any other class."""
    rng = np.random.default_rng(seed)
    wrong = rng.choice(len(clothing.labels), int(SHARE * len(clothing.labels)), replace=False)
    labels, count = clothing.labels.copy(), len(clothing.names)
    labels[wrong] = (labels[wrong] + rng.integers(1, count, len(wrong))) % count
    return labels


def flip_to_look_alikes(clothing: Clothing, seed: int) -> Labels:
    """A fifth of the labels become the class that is most easily taken for it."""
    rng = np.random.default_rng(seed)
    wrong = rng.choice(len(clothing.labels), int(SHARE * len(clothing.labels)), replace=False)
    labels = clothing.labels.copy()
    other = [clothing.names.index(MIX_UPS[name]) for name in clothing.names]
    labels[wrong] = np.array(other)[labels[wrong]]
    return labels


def learn(features: NDArray[np.float16], labels: Labels, classes: int) -> NDArray[np.float32]:
    """Weights and bias `[C, D + 1]` of a logistic regression."""
    compressed = Compressed(torch.from_numpy(features.astype(np.float32)))
    targets = torch.from_numpy(np.eye(classes, dtype=np.float32)[labels])
    weight, bias = compressed.expand(
        fit_path(compressed.values, targets, [PENALTY], exclusive=True)[0]
    )
    return np.column_stack([weight.numpy(), bias.numpy()])


def predict(model: NDArray[np.float32], features: NDArray[np.float16]) -> NDArray[np.float64]:
    logits = features.astype(np.float64) @ model[:, :-1].T + model[:, -1]
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = exponents / exponents.sum(axis=1, keepdims=True)
    return shares


def score_simple_orders(clothing: Clothing, labels: Labels) -> dict[str, NDArray[np.float64]]:
    """What others rank by; higher is more suspicious."""
    features, classes = clothing.features, len(clothing.names)
    rows = np.arange(len(labels))
    own = predict(learn(features, labels, classes), features)
    folds = np.random.default_rng(0).permutation(len(labels)) % 5
    left_out = np.empty_like(own)
    for fold in range(5):
        held = folds == fold
        left_out[held] = predict(learn(features[~held], labels[~held], classes), features[held])
    others = left_out.copy()
    others[rows, labels] = -1
    unit = features.astype(np.float32)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    near = np.argsort(-(unit @ unit.T - 2 * np.eye(len(unit), dtype=np.float32)), axis=1)[:, :20]
    quick = fit_head(
        features,
        np.eye(classes, dtype=np.float32)[labels],
        [str(row) for row in rows],
        clothing.names,
        exclusive=True,
    ).learned
    of_quick = predict(np.column_stack([quick.weight, quick.bias]), features)
    return {
        "top losses, penalty of the right labels": -own[rows, labels],
        "top losses, penalty of the wrong labels": -of_quick[rows, labels],
        "self-confidence, out of fold": -left_out[rows, labels],
        "margin of confident learning, out of fold": others.max(axis=1) - left_out[rows, labels],
        "twenty nearest neighbours": (labels[near] != labels[:, None]).mean(axis=1),
    }


def score_by_fastai(clothing: Clothing, labels: Labels, seed: int) -> NDArray[np.float64]:
    """The order of `Interpretation.top_losses`: how much the trained learner errs on its photos."""
    fastai = importlib.import_module("fastai.vision.all")
    fastai.set_seed(seed)
    features = torch.from_numpy(clothing.features.astype(np.float32))
    targets = torch.from_numpy(labels.astype(np.int64))
    data = list(zip(features, targets, strict=True))
    loaders = fastai.DataLoaders.from_dsets(data, data[:64], bs=64, num_workers=0)
    head = fastai.create_head(features.shape[1], len(clothing.names), pool=False)
    learner = fastai.Learner(loaders, head, loss_func=fastai.CrossEntropyLossFlat())
    with learner.no_bar(), learner.no_logging():
        learner.fit_one_cycle(FASTAI_EPOCHS, slice(1e-3))
    with torch.inference_mode():
        logits = head.eval()(features)
    return torch.nn.functional.cross_entropy(logits, targets, reduction="none").double().numpy()


@pytest.mark.filterwarnings("ignore")  # of fastai, about its own ways
@pytest.mark.parametrize("flip", [flip_anyhow, flip_to_look_alikes])
def test_finding_flipped_labels(
    clothing: Clothing, flip: Callable[[Clothing, int], Labels]
) -> None:
    found: dict[str, list[float]] = {}
    for seed in range(SEEDS):
        labels = flip(clothing, seed)
        orders = score_simple_orders(clothing, labels)
        each_alone = [str(row) for row in range(len(labels))]
        doubts = find_doubts(clothing.features, labels, len(clothing.names), each_alone)
        orders["tagger clean"] = doubts.doubt
        if importlib.util.find_spec("fastai"):
            orders["top losses of fastai"] = score_by_fastai(clothing, labels, seed)
        for name, order in orders.items():
            value = average_precision_score(labels != clothing.labels, order)
            found.setdefault(name, []).append(value)
        print(f"\nseed {seed}: {doubts.share:.1%} of the labels wrong by estimate", end="")
    print(f"\n{flip.__name__}, average precision, mean of {SEEDS} seeds (lowest to highest)")
    for name, values in found.items():
        print(f"  {name:45} {np.mean(values):.3f} ({min(values):.3f} to {max(values):.3f})")


def measure_accuracy(clothing: Clothing, labels: Labels, kept: NDArray[np.bool_]) -> float:
    """Of the quick head, as `tagger train --quick` learns it, on the validation part."""
    classes = len(clothing.names)
    fit = fit_head(
        clothing.features[kept],
        np.eye(classes, dtype=np.float32)[labels[kept]],
        [str(row) for row in np.flatnonzero(kept)],
        clothing.names,
        exclusive=True,
    )
    learned = fit.learned
    logits = clothing.held_features.astype(np.float32) @ learned.weight.T + learned.bias
    return float((logits.argmax(axis=1) == clothing.held_labels).mean())


def test_what_cleaning_gives_back(clothing: Clothing) -> None:
    every = np.ones(len(clothing.labels), np.bool_)
    best = measure_accuracy(clothing, clothing.labels, every)
    print(f"\nquick head, right labels: {best:.4f}")
    found: dict[str, list[float]] = {}
    for seed in range(SEEDS):
        labels = flip_anyhow(clothing, seed)
        each_alone = [str(row) for row in range(len(labels))]
        doubts = find_doubts(clothing.features, labels, len(clothing.names), each_alone)
        likely_wrong = doubts.doubt > 0.5
        reviewed = labels.copy()
        reviewed[doubts.suspects] = clothing.labels[doubts.suspects]
        accuracies = {
            "a fifth flipped": measure_accuracy(clothing, labels, every),
            "suspects left out": measure_accuracy(clothing, labels, ~likely_wrong),
            "suspects as what they look like": measure_accuracy(
                clothing, np.where(likely_wrong, doubts.likely, labels), every
            ),
            "suspects decided by a person": measure_accuracy(clothing, reviewed, every),
        }
        for name, value in accuracies.items():
            found.setdefault(name, []).append(value)
    lost = best - np.mean(found["a fifth flipped"])
    for name, values in found.items():
        gained = 1 - (best - np.mean(values)) / lost
        print(f"  {name:35} {np.mean(values):.4f}, {gained:4.0%} of the loss recovered")
