"""Loading a bundle for predicting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.core.errors import ModelError
from tagger.ml.body import Body
from tagger.ml.bundle import load_info
from tagger.ml.classifier import Predictions
from tagger.ml.devices import choose_device, count_cores
from tagger.ml.network import ResNet50, build_network
from tagger.ml.scoring import Head
from tagger.ml.weights import read_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tagger.ml.classifier import Classifier
    from tagger.ml.info import BundleInfo


def load_classifier(
    folder: Path,
    device: str = "auto",
    threads: int | None = None,
    names: Mapping[str, str] | None = None,
) -> Classifier:
    """Load and check a bundle for predicting.

    Args:
        folder: of the bundle.
        device: `auto`, `cuda`, `mps`, `xpu` or `cpu`.
        threads: for computing on the processor; None for all cores.
        names: that its classes have here, by the keys of their own; see `BundleInfo.with_names`.

    Raises:
        ModelError: the bundle or the device can't be used.
    """
    choice = choose_device(device)
    info = load_info(folder)
    network = load_network(folder, info)
    head = Head.of(network, info)
    return TorchClassifier(
        info.with_names(names or {}),
        Body(network, info.transform, choice, threads or count_cores()),
        head,
    )


def load_network(folder: Path, info: BundleInfo) -> ResNet50:
    """The network of a bundle in float32 on the processor, ready to be trained further.

    Raises:
        ModelError: the weights are not those of the network that `model.json` describes.
    """
    state_dict, variant = read_weights(folder / info.weights.file)
    if variant != info.architecture.variant:
        raise ModelError(
            f"The model in {folder} speaks of variant {info.architecture.variant}, but its weights "
            f"are of variant {variant}. Copy the whole folder again."
        )
    network = build_network(state_dict, info.architecture.variant)
    if network.fc.out_features != len(info.classes):
        raise ModelError(
            f"The model in {folder} names {len(info.classes)} classes, but its weights know "
            f"{network.fc.out_features}. Copy the whole folder again."
        )
    return network


class TorchClassifier:
    """A bundle on a device. See `tagger.ml.Classifier`."""

    def __init__(self, info: BundleInfo, body: Body, head: Head) -> None:
        self.info = info
        self._body = body
        self._head = head

    @property
    def fingerprint(self) -> str:
        """See `BundleInfo.fingerprint`."""
        return self.info.fingerprint

    @property
    def backbone(self) -> str:
        """See `BundleInfo.backbone`."""
        return self.info.backbone

    @property
    def input_px(self) -> int:
        """Short side that the decoder should deliver at least."""
        return self.info.transform.resize_px

    @property
    def batch_size(self) -> int:
        """Photos a batch for full speed."""
        return self._body.batch_size

    @property
    def device(self) -> str:
        """What computes now."""
        return self._body.choice.name

    def predict(self, images: Sequence[NDArray[np.uint8]]) -> Predictions:
        """Scores and features of pictures `[H, W, 3] uint8`. See `Classifier.predict`.

        Raises:
            ModelError: closed, the device failed, or there is no memory for a single photo.
        """
        features = self._body.compute(images)
        return Predictions(self._head.score(features), features)

    def score_features(self, features: NDArray[np.float16]) -> NDArray[np.float32]:
        """Scores from stored features. See `Classifier.score_features`."""
        return self._head.score(features)

    def close(self) -> None:
        """Free the memory of the model, on the GPU too."""
        self._body.close()
