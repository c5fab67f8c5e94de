from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.core.errors import ModelError
from tagger.ml import load_info
from tagger.ml.deep import head_of
from tagger.ml.keeping import Parent, find_start, keep_classes
from tagger.ml.metrics import average_precision
from tagger.ml.predict import load_classifier, load_network
from tagger.ml.quick import BundleDraft, Side, learn_quick, save_fit

if TYPE_CHECKING:
    from pathlib import Path

TAUGHT = {"first dance": ("Wedding", "First Dance"), "Bouquet": ("Wedding", "Flowers")}


@pytest.fixture(scope="module")
def parent(bundle: Path) -> Parent:
    info = load_info(bundle)
    return Parent(info, head_of(load_network(bundle, info)))


def make_side(n: int, seed: int, groups: int = 10, signal: float = 1) -> Side:
    """Two classes, of which features tell one."""
    rng = np.random.default_rng(seed)
    targets = (rng.random((n, 2)) < 0.4).astype(np.float32)
    features = rng.random((n, 2048)) + signal * targets[:, :1] * (np.arange(2048) < 99)
    return Side(features.astype(np.float16), targets, [str(i * groups // n) for i in range(n)])


def draft_for(classes: dict[str, tuple[str, ...]], parent: Parent) -> BundleDraft:
    return BundleDraft(
        name="quick",
        title="Quick",
        classes=classes,
        exclusive=False,
        transform=parent.info.transform,
        data=parent.info.data,
        licence="Apache-2.0",
        parent=parent.info.fingerprint,
    )


def test_a_lesson_on_some_classes_keeps_the_others(
    tmp_path: Path, bundle: Path, parent: Parent
) -> None:
    side = make_side(60, 0)
    taught = learn_quick(
        side, list(TAUGHT), exclusive=False, start=find_start(list(TAUGHT), parent)
    )
    fit, classes = keep_classes(taught, TAUGHT, parent)
    assert list(classes) == ["bride", "reception_room", "first dance", "Bouquet"]
    network = load_network(bundle, parent.info)
    extras = {"history.json": b"[]"}
    info = save_fit(tmp_path / "new", draft_for(classes, parent), network, fit, extras)

    assert info == load_info(tmp_path / "new")
    assert (tmp_path / "new/history.json").read_bytes() == b"[]"
    assert info.backbone == parent.info.backbone, "stored features stay good"
    assert info.parent == parent.info.fingerprint != info.fingerprint
    assert [entry.keyword_path[-1] for entry in info.classes][2:] == ["First Dance", "Flowers"]
    assert set(info.metrics.per_class) == set(classes)
    scores = load_classifier(tmp_path / "new", "cpu").score_features(side.features)
    before = load_classifier(bundle, "cpu").score_features(side.features)
    np.testing.assert_array_equal(scores[:, :2], before[:, [0, 2]])
    assert scores[side.targets[:, 0] == 1, 2].min() > scores[side.targets[:, 0] == 0, 2].max()


def test_a_few_photos_do_not_undo_what_many_have_taught(parent: Parent) -> None:
    many, few, fresh = (
        make_side(n, seed, signal=0.12) for n, seed in ((400, 1), (12, 2), (300, 3))
    )
    start = learn_quick(many, list(TAUGHT), exclusive=False).learned
    precisions = []
    for begin in (start, None):
        learned = learn_quick(few, list(TAUGHT), exclusive=False, start=begin).learned
        logits = learned.compute_logits(fresh.features)
        precisions.append(average_precision(logits[:, 0], fresh.targets[:, 0]))
    assert precisions[0] > precisions[1] + 0.2
    assert precisions[0] > 0.85
    nothing = find_start(["first dance"], parent)
    assert not nothing.weight.any()
    assert not nothing.bias.any()


def test_held_out_parts_are_what_is_measured() -> None:
    train, valid, test = make_side(60, 0, groups=1), make_side(30, 1), make_side(24, 2)
    fit = learn_quick(train, list(TAUGHT), exclusive=False, held=(valid, test))
    assert fit.metrics.n == 24
    assert len(fit.scores) == 24
    assert fit.metrics.per_class["first dance"]["average_precision"].value > 0.9
    assert set(fit.metrics.overall) == {"mean_average_precision", "macro_f1"}
    fit = learn_quick(train, list(TAUGHT), exclusive=False, held=(valid, None))
    assert fit.metrics.n == 30


def test_an_exclusive_lesson_is_measured_by_its_answers() -> None:
    side = make_side(60, 0)
    one_hot = np.eye(2, dtype=np.float32)[side.targets[:, 0].astype(int)]
    side = replace(side, targets=one_hot)
    fit = learn_quick(side, ["no", "yes"], exclusive=True)
    assert fit.metrics.overall["accuracy"].value > 0.9
    assert fit.metrics.overall["macro_f1"].value > 0.9
    assert min(fit.thresholds) >= 0.5, "no photo gets two labels"


def test_a_class_without_held_out_photos_has_no_figures_of_its_own() -> None:
    train, valid = make_side(60, 0), make_side(30, 1)
    valid.targets[:, 1] = 0
    fit = learn_quick(train, list(TAUGHT), exclusive=False, held=(valid, None))
    assert "average_precision" not in fit.metrics.per_class["Bouquet"]
    valid.targets[:, 0] = 0
    with pytest.raises(ModelError, match="none of the classes"):
        learn_quick(train, list(TAUGHT), exclusive=False, held=(valid, None))


def test_what_can_not_be_learned() -> None:
    side = make_side(20, 0)
    side.targets[:] = 0
    with pytest.raises(ModelError, match="no photo"):
        learn_quick(side, list(TAUGHT), exclusive=False)
    with pytest.raises(ModelError, match="one shoot"):
        learn_quick(make_side(20, 0, groups=1), list(TAUGHT), exclusive=False)
