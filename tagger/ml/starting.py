"""What learning starts from: the body of a model, or a network pretrained on everyday pictures."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from tagger.ml.body import Body
from tagger.ml.deep import head_of
from tagger.ml.devices import choose_device, count_cores
from tagger.ml.info import (
    WHOLE,
    Architecture,
    BundleInfo,
    Calibration,
    ClassInfo,
    DataInfo,
    Metrics,
    WeightsInfo,
    now,
)
from tagger.ml.keeping import Parent
from tagger.ml.network import FEATURES, build_network
from tagger.ml.predict import TorchClassifier, load_network
from tagger.ml.scoring import Head
from tagger.ml.weights import decode, encode, hash_body

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.ml.classifier import Classifier
    from tagger.ml.network import ResNet50

PRETRAINED = "pretrained"


@dataclass(frozen=True, slots=True)
class Start:
    """A network and what is known of it.

    Attributes:
        network: on the processor, in float32; stays as it is.
        info: of the model; of a pretrained network one that stands for it.
        is_model: whether it is a model with classes of its own.
    """

    network: ResNet50
    info: BundleInfo
    is_model: bool

    @property
    def parent(self) -> Parent | None:
        """The model with its head; None for a pretrained network."""
        return Parent(self.info, head_of(self.network)) if self.is_model else None

    def load_classifier(self, device: str) -> Classifier:
        """For computing features.

        Raises:
            ModelError: the device is not there.
        """
        network = copy.deepcopy(self.network)
        head = Head.of(network, self.info)
        body = Body(network, self.info.transform, choose_device(device), count_cores())
        return TorchClassifier(self.info, body, head)


def start_from_model(folder: Path, info: BundleInfo) -> Start:
    """Start from a bundle.

    Raises:
        ModelError: its weights do not fit.
    """
    return Start(load_network(folder, info), info, is_model=True)


def start_from_pretrained(network: ResNet50) -> Start:
    """Start from a pretrained network, with its weights as a bundle would store them.

    So features computed now are those of a model that is made on them.
    """
    stored = encode(network.state_dict(), "int8")
    rounded = build_network(decode(stored), network.variant)
    rounded.fc = torch.nn.Linear(FEATURES, 1)
    info = BundleInfo(
        name=PRETRAINED,
        title="Pretrained network",
        architecture=Architecture(variant=network.variant),
        classes=(ClassInfo(name="anything", keyword_path=("Anything",), threshold=1.0),),
        exclusive=False,
        transform=WHOLE,
        calibration=Calibration(scale=(1.0,), shift=(0.0,)),
        metrics=Metrics(),
        data=DataInfo(fingerprint="", photos=0, counts={}, sources=0),
        licence="Apache-2.0",
        created_at=now(),
        weights=WeightsInfo(body_sha256=hash_body(stored)),
    )
    return Start(rounded, info, is_model=False)
