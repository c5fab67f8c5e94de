from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.core.errors import ModelError
from tagger.ml import load_info
from tagger.ml.predict import load_classifier, load_network
from tagger.ml.quick import BundleDraft, fit_bundle_on_features

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def draft(bundle: Path) -> BundleDraft:
    parent = load_info(bundle)
    return BundleDraft(
        name="quick",
        title="Quick",
        classes={"first dance": ("Wedding", "First Dance"), "cake": ("Wedding", "Cake")},
        exclusive=False,
        transform=parent.transform,
        data=parent.data,
        licence="Apache-2.0",
        parent=parent.fingerprint,
    )


def test_a_new_head_on_the_body_of_another_model(
    tmp_path: Path, bundle: Path, draft: BundleDraft
) -> None:
    parent = load_info(bundle)
    rng = np.random.default_rng(0)
    targets = (rng.random((60, 2)) < 0.4).astype(np.float32)
    features = (rng.random((60, 2048)) + targets[:, :1] * (np.arange(2048) < 99)).astype(np.float16)
    groups = [str(i // 6) for i in range(60)]
    network = load_network(bundle, parent)
    info = fit_bundle_on_features(tmp_path / "new", draft, network, features, targets, groups)

    assert info == load_info(tmp_path / "new")
    assert info.backbone == parent.backbone, "stored features stay good"
    assert info.parent == parent.fingerprint != info.fingerprint
    assert [entry.keyword_path[-1] for entry in info.classes] == ["First Dance", "Cake"]
    classifier = load_classifier(tmp_path / "new", "cpu")
    scores = classifier.score_features(features)
    assert scores[targets[:, 0] == 1, 0].min() > scores[targets[:, 0] == 0, 0].max()


def test_what_can_not_be_learned_leaves_nothing(
    tmp_path: Path, bundle: Path, draft: BundleDraft
) -> None:
    network = load_network(bundle, load_info(bundle))
    targets = np.zeros((10, 2), np.float32)
    features = np.zeros((10, 2048), np.float16)
    with pytest.raises(ModelError, match="no photo"):
        fit_bundle_on_features(tmp_path / "new", draft, network, features, targets, ["a"] * 10)
    assert list(tmp_path.iterdir()) == []
