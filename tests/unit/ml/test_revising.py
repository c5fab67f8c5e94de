"""Decisions in a library are no sample of it: what is right is mostly left alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.core.errors import ModelError
from tagger.ml import load_info
from tagger.ml.head import HeadFit, Learned, fit_head
from tagger.ml.info import ClassInfo
from tagger.ml.keeping import Parent
from tagger.ml.quick import Side
from tagger.ml.revising import learn_decisions
from tagger.ml.scoring import score_logits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.ml import BundleInfo

    Decide = Callable[[NDArray[np.bool_], NDArray[np.float32]], NDArray[np.float32]]

NAMES = ["bride", "bouquet", "cake"]
SHARE = 0.15  # of the photos that show a class
WIDTH = 192  # of the features; those of a network have 2048, which takes longer


@dataclass(frozen=True)
class World:
    """Photos with what they show; a class moves the features one way, shoots move them another."""

    features: NDArray[np.float16]
    truth: NDArray[np.float32]
    groups: list[str]

    def take(self, rows: NDArray[np.intp], targets: NDArray[np.float32]) -> Side:
        return Side(self.features[rows], targets, [self.groups[row] for row in rows])


def make_world(photos: int, seed: int, signal: float = 0.2) -> World:
    ways = np.random.default_rng(7).normal(size=(len(NAMES), WIDTH))
    rng = np.random.default_rng(seed)
    truth = (rng.random((photos, len(NAMES))) < SHARE).astype(np.float32)
    shoots = np.arange(photos) * 8 // photos
    places = rng.normal(size=(8, WIDTH))[shoots]
    features = signal * truth @ ways + 0.3 * places + rng.normal(size=(photos, WIDTH))
    groups = [f"shoot {seed} {shoot}" for shoot in shoots]
    return World(features.astype(np.float16), truth, groups)


def answer(fit: HeadFit, world: World) -> NDArray[np.bool_]:
    logits = fit.learned.compute_logits(world.features)
    scores = score_logits(logits, fit.calibration, exclusive=False)
    return scores >= np.array(fit.thresholds, np.float32)


def measure_f1(said: NDArray[np.bool_], world: World) -> float:
    right = (said & (world.truth == 1)).sum()
    return float(2 * right / (said.sum() + world.truth.sum()))


@pytest.fixture(scope="module")
def before() -> HeadFit:
    """What a model learned from photos that somebody labelled one after the other."""
    world = make_world(400, seed=0)
    return fit_head(world.features, world.truth, world.groups, NAMES)


@pytest.fixture(scope="module")
def info(bundle: Path) -> BundleInfo:
    return load_info(bundle)


@pytest.fixture(scope="module")
def parent(info: BundleInfo, before: HeadFit) -> Parent:
    classes = tuple(
        ClassInfo(name=name, keyword_path=(name,), threshold=low, precise_threshold=high)
        for name, low, high in zip(NAMES, before.thresholds, before.precise_thresholds, strict=True)
    )
    known = info.model_copy(update={"classes": classes, "calibration": before.calibration})
    return Parent(known, before.learned)


def correct(said: NDArray[np.bool_], truth: NDArray[np.float32]) -> NDArray[np.float32]:
    """What somebody decides who changes what is wrong and leaves what is right alone."""
    return np.where(said == (truth == 1), np.nan, truth).astype(np.float32)


def confirm_offers(said: NDArray[np.bool_], truth: NDArray[np.float32]) -> NDArray[np.float32]:
    """What somebody decides who says yes or no to each tag that is offered."""
    return np.where(said, truth, np.nan).astype(np.float32)


@pytest.mark.parametrize("decide", [correct, confirm_offers])
def test_what_is_right_and_left_alone_stays(
    before: HeadFit, parent: Parent, decide: Decide
) -> None:
    library, elsewhere = make_world(400, seed=1), make_world(600, seed=2)
    said = answer(before, library)
    targets = decide(said, library.truth)[:250]
    rows = np.flatnonzero(~np.isnan(targets).all(axis=1))
    decided = library.take(rows, targets[rows])
    fit = learn_decisions(decided, library.features[250:], NAMES, parent)
    then, now = answer(before, elsewhere), answer(fit, elsewhere)
    assert 0.8 < now.sum() / then.sum() < 1.25
    assert measure_f1(now, elsewhere) > measure_f1(then, elsewhere) - 0.03


def test_what_is_decided_again_and_again_is_learned(before: HeadFit, parent: Parent) -> None:
    library, elsewhere = make_world(900, seed=3), make_world(600, seed=4)
    rows = np.arange(800)
    decided = library.take(rows, library.truth[rows])
    none = Learned(np.zeros((3, WIDTH), np.float32), np.zeros(3, np.float32))
    ignorant = replace(parent, head=none)
    fit = learn_decisions(decided, library.features[800:], NAMES, ignorant)
    scores = score_logits(
        fit.learned.compute_logits(elsewhere.features), fit.calibration, exclusive=False
    )
    for place in range(len(NAMES)):
        shows = elsewhere.truth[:, place] == 1
        higher = (scores[shows, place][:, None] > scores[~shows, place]).mean()
        assert higher > 0.75, NAMES[place]


def test_classes_that_are_known_keep_calibration_and_thresholds_in_any_order(
    before: HeadFit, parent: Parent
) -> None:
    library = make_world(300, seed=5)
    names = ["first dance", "Cake", "bride"]
    targets = library.truth[:, [1, 2, 0]]
    fit = learn_decisions(
        library.take(np.arange(200), targets[:200]), library.features[200:], names, parent
    )
    assert fit.thresholds[1:] == (before.thresholds[2], before.thresholds[0])
    assert fit.precise_thresholds[1] == before.precise_thresholds[2]
    assert fit.calibration.scale[2] == before.calibration.scale[0]
    assert fit.calibration.shift[1] == before.calibration.shift[2]
    change = np.abs(fit.learned.weight[1] - before.learned.weight[2])
    assert 0 < change.max() < np.abs(before.learned.weight).max()
    assert list(fit.metrics.per_class) == names


@pytest.mark.parametrize(("shoots", "most"), [(1, 3 * SHARE), (8, 2 * SHARE)])
@pytest.mark.parametrize("has_parent", [True, False])
def test_a_new_class_is_not_found_everywhere(
    parent: Parent, *, has_parent: bool, shoots: int, most: float
) -> None:
    library, elsewhere = make_world(800, seed=6, signal=0.4), make_world(600, seed=7, signal=0.4)
    truth = library.truth[:, 1]
    shown, others = np.flatnonzero(truth == 1), np.flatnonzero(truth == 0)
    every = len(shown) // 20 if shoots > 1 else 1
    rows = np.concatenate([shown[::every][:20], others[-3:]])
    decided = library.take(rows, truth[rows][:, None])
    rest = np.setdiff1d(np.arange(800), rows)
    fit = learn_decisions(
        decided, library.features[rest], ["first dance"], parent if has_parent else None
    )
    assert answer(fit, elsewhere).mean() < most


def test_without_any_other_photo(parent: Parent) -> None:
    library = make_world(200, seed=8)
    decided = library.take(np.arange(200), library.truth)
    fit = learn_decisions(decided, library.features[:0], NAMES, parent)
    assert np.isfinite(fit.learned.weight).all()
    assert fit.metrics.n == 200


def test_photos_of_one_shoot_are_held_out_one_by_one(before: HeadFit, parent: Parent) -> None:
    library = make_world(200, seed=9)
    decided = replace(library.take(np.arange(200), library.truth), groups=["one"] * 200)
    fit = learn_decisions(decided, library.features[:0], NAMES, parent)
    assert fit.metrics.n == 200
    assert measure_f1(answer(fit, library), library) > measure_f1(answer(before, library), library)


def test_what_is_only_ever_rejected_is_said_less_often(before: HeadFit, parent: Parent) -> None:
    library, elsewhere = make_world(500, seed=10), make_world(600, seed=11)
    said = answer(before, library)
    targets = np.full((500, 2), np.nan, np.float32)
    targets[:, 0] = np.where(said[:, 0] & (library.truth[:, 0] == 0), 0, np.nan)
    targets[:, 1] = np.where(said[:, 1], library.truth[:, 1], np.nan)
    rows = np.flatnonzero(~np.isnan(targets).all(axis=1))
    decided = library.take(rows, targets[rows])
    rest = np.setdiff1d(np.arange(500), rows)
    fit = learn_decisions(decided, library.features[rest], NAMES[:2], parent)
    wrongly = elsewhere.truth[:, 0] == 0
    then, now = (answer(one, elsewhere)[wrongly, 0].sum() for one in (before, _widen(fit, before)))
    assert 0 < now < then


def _widen(fit: HeadFit, before: HeadFit) -> HeadFit:
    """The fit with the class that it leaves out as it was before."""
    learned = Learned(
        np.concatenate([fit.learned.weight, before.learned.weight[2:]]),
        np.concatenate([fit.learned.bias, before.learned.bias[2:]]),
    )
    return replace(before, learned=learned, thresholds=(*fit.thresholds, before.thresholds[2]))


def test_a_new_class_without_any_other_photo_is_refused(parent: Parent) -> None:
    library = make_world(20, seed=12)
    decided = library.take(np.arange(20), np.ones((20, 1), np.float32))
    with pytest.raises(ModelError, match="Every photo has the class “first dance”"):
        learn_decisions(decided, library.features[:0], ["first dance"], parent)


def test_enough_decisions_make_a_promise_that_holds(before: HeadFit, parent: Parent) -> None:
    """But not where nobody said of anything that it is wrong, while much else looks like it."""
    none = tuple(one.model_copy(update={"precise_threshold": None}) for one in parent.info.classes)
    silent = replace(parent, info=parent.info.model_copy(update={"classes": none}))
    library, elsewhere = (
        make_world(count, seed, signal=0.5) for count, seed in ((900, 13), (600, 14))
    )
    rows, others = np.arange(600), library.features[600:]
    fit = learn_decisions(library.take(rows, library.truth[rows]), others, NAMES, silent)
    scores = score_logits(
        fit.learned.compute_logits(elsewhere.features), fit.calibration, exclusive=False
    )
    promised = [place for place, limit in enumerate(fit.precise_thresholds) if limit is not None]
    assert promised
    for place in promised:
        limit = fit.precise_thresholds[place]
        assert limit is not None
        assert elsewhere.truth[scores[:, place] >= limit, place].mean() > 0.9
    weak = make_world(600, seed=15)
    right = np.where(weak.truth == 1, 1, np.nan).astype(np.float32)
    shown = np.flatnonzero(~np.isnan(right).all(axis=1))[:120]
    fit = learn_decisions(weak.take(shown, right[shown]), weak.features[300:], NAMES, silent)
    assert fit.precise_thresholds == (None,) * 3
