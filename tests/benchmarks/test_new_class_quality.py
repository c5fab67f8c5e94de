"""How good a class from ten examples is, on features that never learned it; judges nothing.

Repeat with: `.venv/bin/pytest tests/benchmarks/test_new_class_quality.py -m benchmark_only -s`
"""

from __future__ import annotations

import csv
import random
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.images import decode_photo
from tagger.ml import Transform, prepare
from tagger.ml.backbone import load_pretrained
from tagger.ml.body import Body
from tagger.ml.class_mean import fit_mean_row
from tagger.ml.devices import choose_device, count_cores
from tagger.ml.metrics import average_precision

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.benchmark_only

PHOTOS, EXAMPLES, DRAWS, FEWEST = 448, 10, 3, 16


def test_ten_examples(
    wedding_dir: Path, backbone_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Against the plain cosine to the mean of the examples, in the same run."""
    with (wedding_dir / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    random.Random(0).shuffle(rows)
    rows = rows[:PHOTOS]
    transform = Transform()
    with ThreadPoolExecutor(count_cores()) as pool:
        images = list(
            pool.map(
                lambda row: prepare(
                    decode_photo(wedding_dir / row["file"], short_side_px=256), transform
                ),
                rows,
            )
        )
    body = Body(load_pretrained(backbone_file), transform, choose_device("cpu"), count_cores())
    features = body.compute(images)
    shoots = np.array([row["repo"] for row in rows])
    figures = []
    for name in sorted({row["label"] for row in rows} - {"other"}):
        shows = np.array([name in {row["label"], row["also"]} for row in rows])
        if shows.sum() >= FEWEST:
            figures += [_measure(features, shows, shoots, seed) for seed in range(DRAWS)]
    mean = np.mean(figures, axis=0)
    with capsys.disabled():
        print(
            f"\n{len(figures)} draws of {EXAMPLES} examples: average precision {mean[0]:.3f} "
            f"(cosine to the mean {mean[1]:.3f}); at the threshold precision {mean[2]:.2f}, recall "
            f"{mean[3]:.2f}, and the examples left out promised {mean[4]:.2f}"
        )


def _measure(
    features: np.ndarray[tuple[int, ...], np.dtype[np.float16]],
    shows: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    shoots: np.ndarray[tuple[int, ...], np.dtype[np.str_]],
    seed: int,
) -> list[float]:
    chosen = np.random.default_rng(seed).choice(np.flatnonzero(shows), EXAMPLES, replace=False)
    rest = np.setdiff1d(np.arange(len(features)), chosen)
    row = fit_mean_row(features[chosen], list(shoots[chosen]), features[rest])
    scores = features[rest].astype(np.float32) @ row.weight + np.float32(row.bias)
    centred = features.astype(np.float32) - features.astype(np.float32).mean(axis=0)
    cosine = centred[rest] @ centred[chosen].mean(axis=0) / np.linalg.norm(centred[rest], axis=1)
    truth = shows[rest].astype(np.float32)
    has_tag = scores >= 0
    return [
        average_precision(scores, truth),
        average_precision(cosine, truth),
        float(truth[has_tag].mean()) if has_tag.any() else 0.0,
        float(truth[has_tag].sum() / truth.sum()),
        row.found / row.examples,
    ]
