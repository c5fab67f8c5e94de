"""A bundle with random weights: everything but good answers, without any download."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from tagger.ml import (
    Architecture,
    BundleInfo,
    Calibration,
    ClassInfo,
    DataInfo,
    Metrics,
    Transform,
)
from tagger.ml.bundle import save_bundle
from tagger.ml.info import now
from tagger.ml.network import ResNet50

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("bride", "bouquet", "reception_room")


@pytest.fixture(scope="session", autouse=True)
def _single_thread() -> None:
    """Tests run side by side: more threads than cores would wait for each other."""
    torch.set_num_threads(1)


def make_info(name: str = "small") -> BundleInfo:
    return BundleInfo(
        name=name,
        title="Small",
        architecture=Architecture(variant="v1"),
        classes=tuple(
            ClassInfo(name=n, keyword_path=("Wedding", n.title()), threshold=0.5) for n in NAMES
        ),
        exclusive=False,
        transform=Transform(resize_px=64, crop_px=56),
        calibration=Calibration(scale=(1.0, 2.0, 0.5), shift=(0.0, -1.0, 1.0)),
        metrics=Metrics(),
        data=DataInfo(fingerprint="0", photos=3, counts={"bride": 3}, sources=1),
        licence="Apache-2.0",
        created_at=now(),
    )


@pytest.fixture(scope="session")
def network() -> ResNet50:
    """Random weights with batch norms that do something. Not to be changed."""
    torch.manual_seed(0)
    net = ResNet50(len(NAMES), "v1").eval()
    for module in net.modules():
        if isinstance(module, torch.nn.Conv2d):
            torch.nn.init.kaiming_normal_(module.weight)
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.4, 0.8)
            torch.nn.init.uniform_(module.bias, -0.1, 0.1)
            assert module.running_var is not None
            torch.nn.init.uniform_(module.running_var, 0.5, 1.5)
    return net


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory, network: ResNet50) -> Path:
    """The folder of a whole bundle. Not to be changed."""
    folder = tmp_path_factory.mktemp("models") / "small"
    save_bundle(folder, make_info(), network.state_dict())
    return folder
