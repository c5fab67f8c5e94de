from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from tagger.ml.calibration import fit_calibration
from tagger.ml.descent import descend
from tagger.ml.logistic import fit_path, mean_loss

if TYPE_CHECKING:
    from torch import Tensor

PENALTY = 0.03


@pytest.fixture(scope="module")
def data() -> tuple[Tensor, Tensor]:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(150, 12))
    labels = (x[:, :3] * 2 + rng.normal(size=(150, 3))).argmax(axis=1)
    return torch.from_numpy(x.astype(np.float32)), torch.from_numpy(labels)


def test_arrives_where_another_library_arrives(data: tuple[Tensor, Tensor]) -> None:
    x, labels = data
    targets = torch.nn.functional.one_hot(labels).float()
    ((weight, bias),) = fit_path(x, targets, [PENALTY], exclusive=True)
    reference = LogisticRegression(C=1 / (2 * PENALTY * len(x)), tol=1e-10, max_iter=1000)
    reference.fit(x.double().numpy(), labels.numpy())
    np.testing.assert_allclose(weight, reference.coef_, atol=1e-4)
    np.testing.assert_allclose(bias - bias.mean(), reference.intercept_, atol=1e-4)


def test_several_tags_end_where_the_slope_is_gone(data: tuple[Tensor, Tensor]) -> None:
    x, labels = data
    targets = torch.nn.functional.one_hot(labels).double()
    targets[::7, 1] = torch.nan
    balance = torch.ones_like(targets)

    def loss(weight: Tensor, bias: Tensor) -> Tensor:
        value = mean_loss(x.double() @ weight.T + bias, targets, balance, exclusive=False)
        return value + PENALTY * weight.square().sum()

    start = torch.zeros(3, 12), torch.zeros(3)
    found = [part.requires_grad_() for part in descend(loss, start, steps=200)]
    assert all(part.dtype is torch.float64 for part in found)
    assert not any(part.any() for part in start)
    for slope in torch.autograd.grad(loss(*found), found):
        assert slope.abs().max() < 1e-6


def test_steep_and_bent_valleys_end_too() -> None:
    def loss(at: Tensor) -> Tensor:  # Rosenbrock's, whose lowest point is (1, 1)
        return 100 * (at[1] - at[0].square()).square() + (1 - at[0]).square()

    (found,) = descend(loss, [torch.tensor([-1.2, 1.0])], steps=100)
    torch.testing.assert_close(found, torch.ones(2, dtype=torch.float64), atol=1e-6, rtol=0)


def test_no_compiler_is_loaded_for_a_lesson(data: tuple[Tensor, Tensor]) -> None:
    """It takes two seconds to import, longer than all that is computed here."""
    was_loaded = "torch._dynamo" in sys.modules
    x, labels = data
    logits = x[:, :3].numpy()
    fit_calibration(logits, np.eye(3, dtype=np.float32)[labels], exclusive=False)
    fit_path(x, torch.nn.functional.one_hot(labels).float(), [1.0], exclusive=False)
    assert ("torch._dynamo" in sys.modules) == was_loaded
