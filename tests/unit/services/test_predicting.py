from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError, ModelError
from tagger.services.predicting import find_bundle, predict_photos
from tests.colours import COLOURS, PlainColours, save_colour

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.core.progress import Progress


def test_photos_are_predicted_in_order_and_unreadable_ones_are_named(tmp_path: Path) -> None:
    colours = ["red", "green", "blue", "red", "blue", "green"]
    paths = [save_colour(tmp_path / f"{i}.jpg", c, seed=i) for i, c in enumerate(colours)]
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no photo")
    paths.insert(2, broken)
    seen: list[Progress] = []
    found = predict_photos(PlainColours(), paths, CancelToken(), seen.append)
    assert found.rows == [0, 1, 3, 4, 5, 6]
    assert [list(COLOURS)[i] for i in found.scores.argmax(axis=1)] == colours
    assert found.features.shape == (6, 48)
    [(path, sentence)] = found.failed
    assert path == broken
    assert sentence.endswith(".")
    assert seen[-1].done == seen[-1].total == 7


def test_views_are_averaged_and_features_are_those_of_the_first(tmp_path: Path) -> None:
    paths = [save_colour(tmp_path / f"{i}.jpg", "red", seed=i, size=(90, 48)) for i in range(3)]
    once, often = PlainColours(), PlainColours()
    plain = predict_photos(once, paths, CancelToken(), lambda _: None)
    views = predict_photos(often, paths, CancelToken(), lambda _: None, has_views=True)
    assert (once.seen, often.seen) == (3, 18)
    assert views.scores.shape == plain.scores.shape
    np.testing.assert_allclose(views.scores.sum(axis=1), 1, atol=1e-5)
    assert np.abs(views.scores - plain.scores).max() > 0
    np.testing.assert_array_equal(views.features, plain.features)


def test_nothing_to_predict(tmp_path: Path) -> None:
    found = predict_photos(PlainColours(), [], CancelToken(), lambda _: None)
    assert found.scores.shape == (0, 3)
    assert len(found.features) == 0


def test_a_stop_is_heard(tmp_path: Path) -> None:
    paths = [save_colour(tmp_path / f"{i}.jpg", "red", seed=i) for i in range(9)]
    cancel = CancelToken()
    with pytest.raises(CancelledError):
        predict_photos(PlainColours(), paths, cancel, lambda _: cancel.cancel())


def test_an_unknown_classifier_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no classifier called parties; there are: "):
        find_bundle(tmp_path, "parties")


def test_a_damaged_classifier_says_so(tmp_path: Path) -> None:
    (tmp_path / "models/parties").mkdir(parents=True)
    (tmp_path / "models/parties/model.json").write_text("{")
    with pytest.raises(ModelError, match="cut off or damaged"):
        find_bundle(tmp_path, "parties")
    shutil.copytree(tmp_path / "models/parties", tmp_path / "elsewhere")
    with pytest.raises(ModelError, match="cut off or damaged"):
        find_bundle(tmp_path, str(tmp_path / "elsewhere"))
