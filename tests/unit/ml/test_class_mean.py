from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.core.errors import ModelError
from tagger.ml.class_mean import _solve, fit_mean_row

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH = 64


def draw(count: int, seed: int, shift: float = 0) -> NDArray[np.float16]:
    """Features with strong common directions, and a class that shows in weak ones."""
    rng = np.random.default_rng(seed)
    spread = np.linspace(1.2, 0.4, WIDTH)
    x = rng.normal(0, 1, (count, WIDTH)) * spread
    x[:, -8:] += shift
    return x.astype(np.float16)


def scores(
    row_weight: NDArray[np.float32], bias: float, x: NDArray[np.float16]
) -> NDArray[np.float32]:
    logits: NDArray[np.float32] = x.astype(np.float32) @ row_weight + np.float32(bias)
    return logits


@pytest.mark.parametrize("others", [400, 2000])
def test_ten_examples_find_the_others_of_their_class(others: int) -> None:
    library = np.concatenate([draw(others, 1), draw(others // 10, 2, shift=1.2)])
    row = fit_mean_row(draw(10, 3, shift=1.2), [str(n) for n in range(10)], library)
    found = scores(row.weight, row.bias, library) >= 0
    assert found[others:].mean() > 0.7
    assert found[:others].mean() < 0.1


def test_the_threshold_is_nought_and_the_typical_example_sure() -> None:
    row = fit_mean_row(draw(10, 3, shift=1.2), ["a"] * 10, draw(300, 1))
    assert 0 < float(np.median(scores(row.weight, row.bias, draw(200, 5, shift=1.2)))) < 5
    assert not row.is_by_shoot


def test_shoots_are_left_out_whole() -> None:
    examples = np.concatenate([draw(9, 3, shift=1.2), draw(1, 4, shift=-2)])
    row = fit_mean_row(examples, ["a", "b", "c"] * 3 + ["d"], draw(300, 1))
    assert row.is_by_shoot
    assert row.found < row.examples == 10
    assert row.low < row.found / row.examples < row.high


@pytest.mark.parametrize(("examples", "others"), [(2, 50), (5, 2)])
def test_too_few_photos(examples: int, others: int) -> None:
    with pytest.raises(ModelError, match="needs 3 examples"):
        fit_mean_row(draw(examples, 1), ["a"] * examples, draw(others, 2))


def test_both_ways_to_solve_agree() -> None:
    many = draw(80, 1).astype(np.float64)
    few = many[: WIDTH - 1]
    for others in (many, few):
        means = draw(3, 2).astype(np.float64)
        weights, half = _solve(others, means)
        share = 1 / (1 + 0.1 * len(others) / WIDTH)
        covariance = (1 - share) * others.T @ others / len(others)
        covariance += share * ((others**2).mean() + 1e-9) * np.eye(WIDTH)
        assert np.allclose(weights @ covariance, means, atol=1e-6)
        assert np.allclose(half, 0.5 * (weights * means).sum(axis=1))
