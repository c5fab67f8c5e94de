from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pytest
import torch

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError, ModelError
from tagger.ml import Transform
from tagger.ml.deep import DeepWork
from tagger.ml.devices import choose_device
from tagger.ml.first_head import fit_first_head
from tagger.ml.inference import infer
from tagger.ml.network import ResNet50
from tagger.ml.plan import EpochReport, Observer, TrainPlan, TrainSettings
from tagger.ml.samples import Samples
from tagger.ml.train import train_network

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = TrainSettings(
    epochs=3, batch_size=8, side_px=32, head_rate=1e-4, body_rate=1e-5, average=0.5
)


def make_samples(n: int, seed: int) -> Samples:
    """Three classes that a network of random weights can tell: red, green, blue."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % 3
    images = []
    for label in labels:
        image = rng.integers(0, 90, (48, 40, 3), np.uint8)
        image[:, :, label] += 150
        images.append(image)
    return Samples(images, np.eye(3, dtype=np.float32)[labels], [str(i) for i in range(n)])


def start(network: ResNet50, train: Samples, plan: TrainPlan) -> ResNet50:
    features = infer(copy.deepcopy(network), train.images, plan.transform, plan.choice)[0]
    return fit_first_head(network, features.astype(np.float16), train.targets, plan)


@pytest.fixture
def plan() -> TrainPlan:
    return TrainPlan(SETTINGS, Transform(resize_px=32, crop_px=32), choose_device("cpu"), threads=1)


def test_learns_and_keeps_the_best_epoch(network: ResNet50, plan: TrainPlan) -> None:
    before = copy.deepcopy(network.state_dict())
    valid = make_samples(12, 1)
    reports: list[EpochReport] = []
    train = make_samples(24, 0)
    started = start(network, train, plan)
    observer = Observer(CancelToken(), on_epoch=reports.append)
    trained = train_network(started, train, valid, plan, observer)
    assert list(trained.reports) == reports
    assert len(reports) == 3
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
    changed = trained.network.state_dict()
    assert changed.keys() == before.keys()
    convolutions = [name for name, value in before.items() if value.ndim == 4]
    assert all(changed[name].isfinite().all() for name in convolutions)
    _, logits = infer(trained.network, valid.images, plan.transform, plan.choice)
    assert (logits.argmax(axis=1) == valid.targets.argmax(axis=1)).mean() > 0.8
    best = max(reports, key=lambda report: report.macro_f1 or 0)
    assert (reports[trained.best_epoch].macro_f1 or 0) >= (best.macro_f1 or 0)


def test_same_seed_same_network(network: ResNet50, plan: TrainPlan) -> None:
    plan = replace(plan, settings=replace(SETTINGS, epochs=1, mixing=0.2))
    first, second, other = (
        train_network(
            network,
            make_samples(8, 0),
            None,
            replace(plan, settings=replace(plan.settings, seed=seed)),
            Observer(CancelToken()),
        ).network.state_dict()
        for seed in (0, 0, 1)
    )
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not torch.equal(first["conv1.weight"], other["conv1.weight"])


def test_exclusive_training(network: ResNet50, plan: TrainPlan) -> None:
    plan = replace(plan, exclusive=True)
    plan = replace(plan, settings=replace(SETTINGS, epochs=1))
    samples = make_samples(16, 0)
    started = start(network, samples, plan)
    trained = train_network(started, samples, samples, plan, Observer(CancelToken()))
    assert max(report.macro_f1 or 0 for report in trained.reports) > 0.9


def test_a_stop_keeps_what_was_finished(network: ResNet50, plan: TrainPlan) -> None:
    cancel = CancelToken()
    observer = Observer(cancel, on_epoch=lambda _: cancel.cancel())
    trained = train_network(network, make_samples(8, 0), None, plan, observer)
    assert len(trained.reports) == 1
    assert trained.was_stopped
    assert trained.best_epoch == 0
    with pytest.raises(CancelledError):
        train_network(network, make_samples(8, 0), None, plan, observer)


def test_a_loss_that_runs_away(network: ResNet50, plan: TrainPlan) -> None:
    broken = copy.deepcopy(network)
    with torch.no_grad():
        broken.fc.bias.fill_(float("nan"))
    with pytest.raises(ModelError, match="ran away"):
        train_network(broken, make_samples(8, 0), None, plan, Observer(CancelToken()))


def test_a_last_step_that_ran_away(network: ResNet50, plan: TrainPlan, tmp_path: Path) -> None:
    """No loss tells of it, since none is computed after it."""
    broken = copy.deepcopy(network)
    with torch.no_grad():
        broken.fc.weight.fill_(float("inf"))
    samples = make_samples(2, 0)
    features = np.zeros((2, 2048), np.float16)
    work = DeepWork(tmp_path, "", network, plan, samples, features, "float32")
    with pytest.raises(ModelError, match="ran away"):
        work.hold_out(broken, np.arange(2))


class CrampedNetwork(ResNet50):
    """Has room for so many photos at a time."""

    fits = 0
    sizes: ClassVar[list[int]] = []

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.sizes.append(len(x))
        if len(x) > self.fits:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return super().forward(x)


@pytest.fixture
def cramped(network: ResNet50) -> CrampedNetwork:
    cramped = copy.deepcopy(network)
    cramped.__class__ = CrampedNetwork
    assert isinstance(cramped, CrampedNetwork)
    cramped.sizes.clear()
    return cramped


def test_too_little_memory_computes_a_batch_in_parts(
    network: ResNet50, cramped: CrampedNetwork, plan: TrainPlan
) -> None:
    plan = replace(plan, settings=replace(SETTINGS, epochs=1, batch_size=4))
    samples, observer = make_samples(4, 0), Observer(CancelToken())
    cramped.fits = 2
    trained = train_network(cramped, samples, None, plan, observer).network.state_dict()
    assert cramped.sizes == [4, 2, 2]

    whole = train_network(network, samples, None, plan, observer).network.state_dict()
    before = network.state_dict()
    moved = (whole["fc.weight"] - before["fc.weight"]).norm()
    assert (trained["fc.weight"] - whole["fc.weight"]).norm() < 0.1 * moved


def test_no_memory_for_a_single_photo(cramped: CrampedNetwork, plan: TrainPlan) -> None:
    cramped.fits = 0
    with pytest.raises(ModelError, match="too little memory"):
        train_network(cramped, make_samples(8, 0), None, plan, Observer(CancelToken()))
    assert cramped.sizes == [8, 4, 2, 1]


def test_mirrored_photos_are_looked_at_the_other_way(network: ResNet50, plan: TrainPlan) -> None:
    samples = make_samples(3, 0)
    flipped = replace(samples, images=[image[:, ::-1].copy() for image in samples.images])
    network = copy.deepcopy(network)
    there = infer(network, samples.images, plan.transform, plan.choice, mirrored=True)
    here = infer(network, flipped.images, plan.transform, plan.choice)
    for first, second in zip(there, here, strict=True):
        np.testing.assert_allclose(first, second, atol=0.05, rtol=0.05)
