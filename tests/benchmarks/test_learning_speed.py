"""How long quick learning takes, and scoring a whole library anew; prints figures, judges none."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from tagger.ml import Calibration
from tagger.ml.devices import count_cores
from tagger.ml.duplicates import find_lookalikes
from tagger.ml.quick import Side, learn_quick
from tagger.ml.scoring import Head
from tests.unit.ml.conftest import make_info
from tests.unit.ml.test_head import make_data

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.benchmark_only

PHOTOS, CLASSES, LIBRARY = 2_000, 12, 100_000


@pytest.fixture(autouse=True)
def _all_cores() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count_cores())
    yield
    torch.set_num_threads(before)


def test_quick_learning(capsys: pytest.CaptureFixture[str]) -> None:
    """As `tagger train --quick` does it: alike photos kept apart, folds, calibration, figures."""
    data = make_data(PHOTOS, CLASSES)
    start_s = time.perf_counter()
    find_lookalikes(data[0], data[2])
    fit = learn_quick(Side(*data), [f"class {i}" for i in range(CLASSES)], exclusive=False)
    learned_s = time.perf_counter() - start_s
    info = make_info().model_copy(
        update={"calibration": Calibration(scale=(1.0,) * CLASSES, shift=(0.0,) * CLASSES)}
    )
    features = np.tile(data[0], (LIBRARY // PHOTOS, 1))
    start_s = time.perf_counter()
    Head(fit.learned.weight, fit.learned.bias, info).score(features)
    scored_s = time.perf_counter() - start_s
    with capsys.disabled():
        print(
            f"\n{PHOTOS} stored features, {CLASSES} classes learned in {learned_s:.1f} s; "
            f"{LIBRARY} photos scored anew in {scored_s:.1f} s"
        )
