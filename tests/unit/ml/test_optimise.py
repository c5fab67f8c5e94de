from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest
import torch
from torch.nn import functional

from tagger.ml.optimise import build_optimiser, build_schedule, compute_loss, update_average

if TYPE_CHECKING:
    from tagger.ml.network import ResNet50


def test_every_weight_learns_and_the_first_layers_least(network: ResNet50) -> None:
    optimiser = build_optimiser(network, head_rate=1.0, body_rate=0.1, depth_decay=0.5, decay=0.02)
    rates = {
        id(parameter): group["lr"]
        for group in optimiser.param_groups
        for parameter in group["params"]
    }
    assert len(rates) == len(list(network.parameters()))
    assert rates[id(network.fc.weight)] == 1.0
    last, first = (next(stage.parameters()) for stage in (network.layer4, network.layer1))
    assert rates[id(last)] == 0.1
    assert rates[id(first)] == pytest.approx(0.1 / 8)
    assert rates[id(network.conv1.weight)] == rates[id(network.bn1.bias)] == pytest.approx(0.1 / 16)


def test_only_matrices_decay(network: ResNet50) -> None:
    optimiser = build_optimiser(network, head_rate=1, body_rate=1, depth_decay=1, decay=0.02)
    for group in optimiser.param_groups:
        assert all((p.ndim > 1) == (group["weight_decay"] > 0) for p in group["params"])


def test_one_cycle_rises_and_ends_at_nothing() -> None:
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimiser = torch.optim.SGD([{"params": [parameter], "lr": 0.5}])
    schedule = build_schedule(optimiser, 100, 0.2)
    rates = []
    for _ in range(100):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    assert max(rates) == pytest.approx(0.5)
    assert 15 <= rates.index(max(rates)) <= 25
    assert rates[0] < 0.05
    assert rates[-1] < 1e-4


@pytest.mark.parametrize("steps", range(1, 13))
def test_the_shortest_runs_have_a_cycle_too(steps: int) -> None:
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimiser = torch.optim.SGD([{"params": [parameter], "lr": 0.5}])
    schedule = build_schedule(optimiser, steps, 0.2)
    for _ in range(steps):
        assert 0 < optimiser.param_groups[0]["lr"] <= 0.5
        optimiser.step()
        schedule.step()


def test_the_average_follows(network: ResNet50) -> None:
    average, target = torch.nn.Linear(2, 2), torch.nn.Linear(2, 2)
    start = copy.deepcopy(average)
    update_average(average, target, 0.9)
    torch.testing.assert_close(average.weight, 0.9 * start.weight + 0.1 * target.weight)


def test_loss_is_that_of_torch() -> None:
    torch.manual_seed(0)
    logits, targets = torch.randn(6, 4), (torch.rand(6, 4) > 0.5).float()
    torch.testing.assert_close(
        compute_loss(logits, targets, smoothing=0, exclusive=False),
        functional.binary_cross_entropy_with_logits(logits, targets),
    )
    labels = torch.arange(6) % 4
    torch.testing.assert_close(
        compute_loss(logits, functional.one_hot(labels, 4).float(), smoothing=0.1, exclusive=True),
        functional.cross_entropy(logits, labels, label_smoothing=0.1),
    )


def test_unknown_labels_have_no_pull() -> None:
    logits = torch.randn(3, 2, requires_grad=True)
    targets = torch.tensor([[1, float("nan")], [0, float("nan")], [float("nan")] * 2])
    (gradient,) = torch.autograd.grad(
        compute_loss(logits, targets, smoothing=0.1, exclusive=False), logits
    )
    assert gradient.isfinite().all()
    assert (gradient[:2, 0] != 0).all()
    assert (gradient[:, 1] == 0).all()
    nothing = torch.full((3, 2), float("nan"))
    assert compute_loss(logits, nothing, smoothing=0, exclusive=False) == 0
