from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tagger.ml.pooling import pool_places, weigh_places

SIDES = st.integers(1, 40)


@given(SIDES, SIDES, st.floats(0.1, 10))
def test_weights_add_up_and_the_middle_counts_most(height: int, width: int, focus: float) -> None:
    weights = weigh_places(height, width, focus)
    assert weights.shape == (height, width)
    assert float(weights.sum()) == pytest.approx(1, abs=1e-5)
    assert float(weights[height // 2, width // 2]) == pytest.approx(float(weights.max()), rel=1e-4)
    for turned in (weights.flip(0), weights.flip(1)):
        torch.testing.assert_close(turned, weights)


def test_the_plain_mean_without_a_focus_and_nearly_so_with_a_wide_one() -> None:
    places = torch.rand(2, 5, 7, 10, generator=torch.Generator().manual_seed(0)).bfloat16()
    plain = pool_places(places, None)
    assert plain.dtype == torch.float32
    torch.testing.assert_close(plain, places.float().mean(dim=(2, 3)), atol=1e-3, rtol=1e-3)
    torch.testing.assert_close(pool_places(places, 10), plain, atol=0.01, rtol=0.01)
    assert pool_places(places, 0.6).dtype == torch.float32
