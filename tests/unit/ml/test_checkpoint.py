"""A run that is killed between two epochs ends as one that was not, to the last bit."""

from __future__ import annotations

import pickle
import resource
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import torch

from tagger.core.cancel import CancelToken
from tagger.ml import Transform
from tagger.ml.checkpoint import CheckpointFile, RunState
from tagger.ml.devices import choose_device
from tagger.ml.plan import EpochReport, Observer, StepReport, TrainPlan
from tagger.ml.train import Trained, train_network
from tests.unit.ml.test_train import SETTINGS, make_samples

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.ml.network import ResNet50

TRAIN, VALID = make_samples(8, 0), make_samples(3, 1)


class KilledError(Exception):
    """Stands for the end of the process: nothing in between catches it."""


@pytest.fixture
def plan() -> TrainPlan:
    settings = replace(SETTINGS, epochs=2, mixing=0.2)
    return TrainPlan(settings, Transform(resize_px=32, crop_px=32), choose_device("cpu"), threads=1)


def train(
    network: ResNet50, plan: TrainPlan, file: CheckpointFile | None, kill_after: int | None = None
) -> Trained:
    def on_step(report: StepReport) -> None:
        if kill_after is not None and (report.epoch, report.batch) == (kill_after, 0):
            raise KilledError

    return train_network(network, TRAIN, VALID, plan, Observer(CancelToken(), on_step), file)


def make_equal(reports: tuple[EpochReport, ...]) -> list[EpochReport]:
    return [replace(report, seconds=0) for report in reports]


def test_a_killed_run_ends_like_another(tmp_path: Path, network: ResNet50, plan: TrainPlan) -> None:
    whole = train(network, plan, None)
    file = CheckpointFile(tmp_path / "run", "key")
    with pytest.raises(KilledError):
        train(network, plan, file, kill_after=1)
    state = file.load()
    assert state is not None
    assert len(state["reports"]) == 1
    resumed = train(network, plan, file)
    assert make_equal(resumed.reports) == make_equal(whole.reports)
    assert resumed.best_epoch == whole.best_epoch
    wanted = whole.network.state_dict()
    assert all(torch.equal(wanted[n], value) for n, value in resumed.network.state_dict().items())


def test_a_finished_run_has_nothing_left_to_do(
    tmp_path: Path, network: ResNet50, plan: TrainPlan
) -> None:
    plan = replace(plan, settings=replace(plan.settings, epochs=1))
    file = CheckpointFile(tmp_path / "run", "key")
    first, again = train(network, plan, file), train(network, plan, file, kill_after=0)
    assert again.reports == first.reports
    file.remove()
    with pytest.raises(KilledError):
        train(network, plan, file, kill_after=0)


def test_another_runs_or_a_damaged_checkpoint_is_none(tmp_path: Path) -> None:
    state = RunState(network={}, average={}, best=None, optimiser={}, schedule={}, reports=[])
    file = CheckpointFile(tmp_path / "run", "key")
    assert file.load() is None
    file.save(state)
    assert file.load() == state
    assert CheckpointFile(tmp_path / "run", "other").load() is None
    whole = (tmp_path / "run").read_bytes()
    for damaged in (
        b"",
        b"no checkpoint",
        whole[: len(whole) // 2],
        pickle.dumps(file, protocol=2),
    ):
        (tmp_path / "run").write_bytes(damaged)
        assert file.load() is None


def test_a_full_disk_does_not_end_the_run(
    tmp_path: Path, network: ResNet50, plan: TrainPlan
) -> None:
    plan = replace(plan, settings=replace(plan.settings, epochs=1))
    warnings: list[str] = []
    observer = Observer(CancelToken(), on_warning=warnings.append)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limits[1]))
    try:
        trained = train_network(
            network, TRAIN, VALID, plan, observer, CheckpointFile(tmp_path / "run", "key")
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert len(trained.reports) == 1
    assert ["Free some space" in warning for warning in warnings] == [True]
    assert list(tmp_path.iterdir()) == []
