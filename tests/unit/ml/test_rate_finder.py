from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest
import torch

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError, ModelError
from tagger.ml import Transform
from tagger.ml.devices import choose_device
from tagger.ml.plan import Observer, StepReport, TrainPlan
from tagger.ml.rate_finder import choose_rate, find_rate
from tests.unit.ml.test_train import SETTINGS, make_samples, start

if TYPE_CHECKING:
    from tagger.ml.network import ResNet50


@pytest.fixture
def plan() -> TrainPlan:
    return TrainPlan(SETTINGS, Transform(resize_px=32, crop_px=32), choose_device("cpu"), threads=1)


def test_finds_a_rate_below_the_one_that_runs_away(network: ResNet50, plan: TrainPlan) -> None:
    samples = make_samples(8, 0)
    started = start(network, samples, plan)
    before = copy.deepcopy(started.state_dict())
    steps: list[StepReport] = []
    observer = Observer(CancelToken(), on_step=steps.append)
    curve = find_rate(started, samples, plan, observer, steps=4)
    assert list(curve.rates) == sorted(curve.rates)
    assert len(curve.losses) == len(curve.rates) <= len(steps) <= 4
    assert 1e-7 <= curve.rate <= max(curve.rates) / 10
    assert all(torch.equal(before[name], value) for name, value in started.state_dict().items())
    settings = SETTINGS.with_rate(curve.rate)
    assert settings.head_rate == curve.rate
    assert settings.body_rate / settings.head_rate == pytest.approx(0.1)


def test_the_lowest_loss_decides() -> None:
    assert choose_rate([1e-4, 1e-3, 1e-2], [0.7, 0.2, 0.5]) == pytest.approx(1e-4)


def test_nothing_to_find(network: ResNet50, plan: TrainPlan) -> None:
    broken = copy.deepcopy(network)
    with torch.no_grad():
        broken.fc.bias.fill_(float("nan"))
    with pytest.raises(ModelError, match="No learning rate"):
        find_rate(broken, make_samples(8, 0), plan, Observer(CancelToken()))


def test_it_can_be_stopped(network: ResNet50, plan: TrainPlan) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(CancelledError):
        find_rate(network, make_samples(8, 0), plan, Observer(cancel))
