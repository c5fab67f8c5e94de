"""The classifier in `models/wedding-scenes`, as every user gets it."""

from __future__ import annotations

import csv
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from tagger.ml import BundleInfo, load_info, prepare
from tagger.ml.predict import load_classifier

FOLDER = Path(__file__).resolve().parents[3] / "models/wedding-scenes"


@pytest.fixture(scope="module")
def info() -> BundleInfo:
    return load_info(FOLDER)


def test_is_small_enough_for_git(info: BundleInfo) -> None:
    assert (FOLDER / info.weights.file).stat().st_size <= 30_000_000


def test_knows_the_scenes_of_a_wedding(info: BundleInfo) -> None:
    names = [entry.name for entry in info.classes]
    assert names[:5] == ["bride", "bouquet", "newlyweds", "reception_room", "wedding_party"]
    assert len(names) == 12
    assert all(entry.keyword_path[0] == "Wedding" for entry in info.classes)
    assert info.classes[3].keyword_path == ("Wedding", "Reception Room")
    assert not info.exclusive


def test_says_where_it_comes_from_and_how_good_it_is(info: BundleInfo) -> None:
    assert info.data.photos == sum(info.data.licences.values())
    assert info.data.sources > 1
    assert info.recipe["how"] == "deep"
    for entry in info.classes:
        figures = info.metrics.per_class[entry.name]
        assert {"average_precision", "precision", "recall"} <= figures.keys()
        assert all(figure.low <= figure.value <= figure.high for figure in figures.values())
        assert ("recall_at_95" in figures) == (entry.precise_threshold is not None)
    assert "mean_average_precision" in info.metrics.overall
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    value = info.metrics.overall["mean_average_precision"].value
    assert f"{value:.3f}" in card, "the card tells the figures of model.json"


def test_loads_in_two_seconds_and_knows_its_own_photos(wedding_dir: Path) -> None:
    """It has learned from these photos, so this only shows that all parts fit together."""
    start_s = time.process_time()  # other programs must not fail the test
    classifier = load_classifier(FOLDER, "cpu", threads=1)
    assert time.process_time() - start_s < 2
    with (wedding_dir / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["hard"] == "0"]
    names = [entry.name for entry in classifier.info.classes]
    chosen = [row for row in rows if row["label"] in names][::32]
    squares = []
    for row in chosen:
        with Image.open(wedding_dir / row["file"]) as image:
            upright = ImageOps.exif_transpose(image).convert("RGB")
        squares.append(prepare(upright, classifier.info.transform))
    answers = classifier.predict(squares).scores.argmax(axis=1)
    classifier.close()
    truth = np.array([names.index(row["label"]) for row in chosen])
    assert (answers == truth).mean() > 0.8
