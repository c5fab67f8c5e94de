"""What decisions in a library make of a classifier, against learning from decided photos alone.

    pytest -m benchmark_only -s tests/benchmarks/test_decision_quality.py

A head learns from half of the sources of the wedding photos; the other half is the library.
Somebody decides on a hundred of its photos in one of three ways, and all is measured on photos of
the library on which nobody decided: what the classifier says before, after `learn_decisions`, and
after a head was learned from the same decisions alone. Half of the photos that it is measured on
are of shoots that were decided on. Features of the pretrained network are computed once and kept
in the folder that `TAGGER_BENCH_CACHE` names, else each time (two minutes on two cores).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.ml.head import HeadFit, fit_head
from tagger.ml.info import ClassInfo
from tagger.ml.keeping import Parent, find_start, keep_classes
from tagger.ml.metrics import mean_average_precision
from tagger.ml.network import load_backbone
from tagger.ml.quick import Side, learn_quick
from tagger.ml.revising import learn_decisions
from tagger.ml.scoring import score_logits
from tagger.ml.starting import start_from_pretrained
from tests.benchmarks.test_cleaning_quality import compute_features
from tests.recipes.wedding_scenes import collect

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tagger.services.teaching.lesson import Lesson

    Truth = NDArray[np.float32]
    Decide = Callable[[NDArray[np.bool_], Truth], Truth]

pytestmark = [pytest.mark.benchmark_only, pytest.mark.timeout(1800)]

SPLITS = 4
DECIDED = 100


@dataclass(frozen=True)
class Weddings:
    """Features and truth of all photos, and what they come from."""

    lesson: Lesson
    features: NDArray[np.float16]

    def take(self, rows: NDArray[np.intp], targets: Truth) -> Side:
        return Side(self.features[rows], targets, [self.lesson.groups[row] for row in rows])


@pytest.fixture(scope="module")
def weddings(
    wedding_dir: Path, backbone_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Weddings:
    assert wedding_dir.is_dir()
    folder = Path(os.environ.get("TAGGER_BENCH_CACHE", tmp_path_factory.mktemp("cache")))
    lesson = collect(tmp_path_factory.mktemp("home"))
    cache = folder / "wedding-features.npy"
    if not cache.exists():
        paths = [photo.path for photo in lesson.photos]
        np.save(cache, compute_features(backbone_file, paths))
    return Weddings(lesson, np.load(cache))


def correct(said: NDArray[np.bool_], truth: Truth) -> Truth:
    """What is wrong is changed, what is right is left alone."""
    return np.where(said == (truth == 1), np.nan, truth).astype(np.float32)


def answer_offers(said: NDArray[np.bool_], truth: Truth) -> Truth:
    """Each tag that is offered gets a yes or no, and what is missing is added."""
    return np.where(said | (truth == 1), truth, np.nan).astype(np.float32)


def answer_all(_: NDArray[np.bool_], truth: Truth) -> Truth:
    """Every class gets a yes or no."""
    return truth


def score(fit: HeadFit, features: NDArray[np.float16]) -> NDArray[np.float32]:
    logits = fit.learned.compute_logits(features)
    return score_logits(logits, fit.calibration, exclusive=False)


def measure(scores: NDArray[np.float32], limits: NDArray[np.float32], truth: Truth) -> list[float]:
    """Mean average precision, F1 over all tags, tags a photo."""
    said = scores >= limits
    f1 = 2 * (said & (truth == 1)).sum() / (said.sum() + truth.sum())
    return [mean_average_precision(scores, truth), float(f1), float(said.sum() / len(said))]


@pytest.mark.parametrize("decide", [correct, answer_offers, answer_all])
def test_decisions(
    weddings: Weddings, backbone_file: Path, decide: Decide, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [run(weddings, backbone_file, decide, seed) for seed in range(SPLITS)]
    means = np.mean(found, axis=0)
    with capsys.disabled():
        print(f"\n{decide.__doc__}")
        for how, (precision, f1, tags) in zip(
            ("before", "with decisions", "from decisions alone"), means, strict=True
        ):
            print(f"{how}: mAP {precision:.3f}, F1 {f1:.3f}, {tags:.2f} tags a photo")
    before, after, alone = means
    assert after[1] > alone[1]
    assert after[0] > before[0] - 0.02


def run(weddings: Weddings, backbone_file: Path, decide: Decide, seed: int) -> list[list[float]]:
    """The figures before, with decisions, and from decisions alone."""
    lesson, names = weddings.lesson, weddings.lesson.names
    rng = np.random.default_rng(seed)
    sources = rng.permutation(np.unique(lesson.groups))
    is_learned = np.isin(lesson.groups, sources[: len(sources) // 2])
    learned = weddings.take(np.flatnonzero(is_learned), lesson.targets[is_learned])
    first = fit_head(learned.features, learned.targets, learned.groups, names)
    library = rng.permutation(np.flatnonzero(~is_learned))
    decided, others, held = np.split(library, [DECIDED, (len(library) + DECIDED) // 2])
    limits = np.array(first.thresholds, np.float32)
    said = score(first, weddings.features[decided]) >= limits
    targets = decide(said, lesson.targets[decided])
    classes = np.flatnonzero(((targets == 1).sum(axis=0) > 1) & ((targets == 0).sum(axis=0) > 1))
    targets, taught = targets[:, classes], [names[place] for place in classes]
    some = ~np.isnan(targets).all(axis=1)
    side = weddings.take(decided[some], targets[some])
    parent = make_parent(first, names, backbone_file)
    fits = (
        learn_decisions(side, weddings.features[others], taught, parent),
        learn_quick(side, taught, exclusive=False, start=find_start(taught, parent)),
    )
    truth, seen = lesson.targets[held], weddings.features[held]
    return [measure(score(first, seen), limits, truth)] + [
        measure_after(fit, taught, parent, (seen, truth)) for fit in fits
    ]


def measure_after(
    fit: HeadFit, taught: list[str], parent: Parent, held: tuple[NDArray[np.float16], Truth]
) -> list[float]:
    whole, classes = keep_classes(fit, {name: (name,) for name in taught}, parent)
    order = [list(classes).index(entry.name) for entry in parent.info.classes]
    limits = np.array(whole.thresholds, np.float32)[order]
    return measure(score(whole, held[0])[:, order], limits, held[1])


def make_parent(first: HeadFit, names: list[str], backbone_file: Path) -> Parent:
    entries = tuple(
        ClassInfo(name=name, keyword_path=(name,), threshold=threshold)
        for name, threshold in zip(names, first.thresholds, strict=True)
    )
    info = start_from_pretrained(load_backbone(backbone_file)).info
    known = info.model_copy(update={"classes": entries, "calibration": first.calibration})
    return Parent(known, first.learned)
