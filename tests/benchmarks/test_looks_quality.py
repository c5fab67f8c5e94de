"""What several looks at a photo (`--tta`) gain over one, on photos not learned from, in one run.

    pytest -m benchmark_only -s tests/benchmarks/test_looks_quality.py

The quick head on the pretrained backbone: clothing, learned on its training part and measured on
its validation part; wedding, out of fold by source. Features are kept in the folder that
`TAGGER_BENCH_CACHE` names, else computed each time (20 minutes on two
cores).
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from tagger.images import decode_photo
from tagger.ml import Transform
from tagger.ml.body import Body
from tagger.ml.devices import choose_device, count_cores
from tagger.ml.folds import split_folds
from tagger.ml.labelled_folders import LabelledPhoto, read_labelled_folders
from tagger.ml.logistic import Compressed, fit_path
from tagger.ml.metrics import macro_f1, mean_average_precision
from tagger.ml.network import load_backbone
from tagger.ml.views import make_views
from tests.conftest import SHARED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Features = NDArray[np.float16]

pytestmark = [pytest.mark.benchmark_only, pytest.mark.timeout(7200)]

LOOKS = {
    "one look": [0],
    "and mirrored": [0, 1],
    "middle and both ends": [0, 2, 4],
    "both, as with --tta": [0, 1, 2, 3, 4, 5],
}
PENALTY = 0.03
PART = 64  # photos in memory at once


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(os.environ.get("TAGGER_BENCH_CACHE", tmp_path_factory.mktemp("cache")))


def look(
    cache: Path, name: str, backbone: Path, photos: Sequence[LabelledPhoto], count: int = 6
) -> Features:
    """Features `[N, count, 2048]` of the first looks."""
    file = cache / f"{name}-looks.npy"
    if file.exists():
        cached: Features = np.load(file)
        return cached
    transform = Transform()
    body = Body(load_backbone(backbone), transform, choose_device(), count_cores())

    def read(photo: LabelledPhoto) -> list[NDArray[np.uint8]]:
        image = decode_photo(photo.path, short_side_px=transform.resize_px)
        return make_views(image, transform)[:count]

    parts = []
    with ThreadPoolExecutor(count_cores()) as pool:
        for start in range(0, len(photos), PART):
            views = list(pool.map(read, photos[start : start + PART]))
            squares = [square for one in views for square in one]
            parts.append(body.compute(squares).reshape(len(views), count, -1))
    features = np.concatenate(parts)
    np.save(file, features)
    return features


def learn(
    features: Features, targets: NDArray[np.float32], *, exclusive: bool
) -> NDArray[np.float32]:
    """Weights and bias `[C, D + 1]`, learned from one look at each photo."""
    compressed = Compressed(torch.from_numpy(features.astype(np.float32)))
    [fit] = fit_path(compressed.values, torch.from_numpy(targets), [PENALTY], exclusive=exclusive)
    weight, bias = compressed.expand(fit)
    return np.column_stack([weight.numpy(), bias.numpy()])


def score(
    model: NDArray[np.float32], features: Features, looks: list[int], *, exclusive: bool
) -> NDArray[np.float32]:
    """Mean probabilities `[N, C]` over the looks."""
    logits = features[:, looks].astype(np.float32) @ model[:, :-1].T + model[:, -1]
    each = torch.from_numpy(logits)
    probabilities = each.softmax(dim=2) if exclusive else each.sigmoid()
    mean: NDArray[np.float32] = probabilities.mean(dim=1).numpy()
    return mean


def test_clothing(backbone_file: Path, cache: Path) -> None:
    root = SHARED / "data/clothing"
    if not root.is_dir():
        pytest.skip("../shared/data/clothing is not on this machine")
    folders = read_labelled_folders(root)
    names = folders.class_names
    train, held = folders.of_split("train"), folders.of_split("validation")
    learned_from = look(cache, "clothing-train", backbone_file, train, count=1)
    targets = np.eye(len(names), dtype=np.float32)[[names.index(p.class_name) for p in train]]
    model = learn(learned_from[:, 0], targets, exclusive=True)
    features = look(cache, "clothing-validation", backbone_file, held)
    truth = np.array([names.index(photo.class_name) for photo in held])
    print(f"\nclothing, {len(held)} photos")
    for name, looks in LOOKS.items():
        answers = score(model, features, looks, exclusive=True).argmax(axis=1)
        accuracy = float((answers == truth).mean())
        f1 = macro_f1(answers, truth, len(names))
        print(f"  {name:22} accuracy {accuracy:.4f}, macro-F1 {f1:.4f}")


def test_wedding(wedding_dir: Path, backbone_file: Path, cache: Path) -> None:
    folders = read_labelled_folders(wedding_dir)
    names = [name for name in folders.class_names if name != "other"]
    features = look(cache, "wedding", backbone_file, folders.photos)
    targets = np.array(
        [[name in {p.class_name, p.also} for name in names] for p in folders.photos], np.float32
    )
    fold_of = split_folds([photo.group for photo in folders.photos], targets)
    models = [
        learn(features[fold_of != fold, 0], targets[fold_of != fold], exclusive=False)
        for fold in range(5)
    ]
    print(f"\nwedding, {len(folders.photos)} photos out of fold by source")
    for name, looks in LOOKS.items():
        scores = np.empty_like(targets)
        for fold, model in enumerate(models):
            held = fold_of == fold
            scores[held] = score(model, features[held], looks, exclusive=False)
        value = mean_average_precision(scores, targets)
        print(f"  {name:22} mean average precision {value:.4f}")
