"""The last layer of a bundle by itself: read without the network, or put on another one's body."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError, safe_open

from tagger.core.errors import ModelError
from tagger.ml.bundle import load_info, save_bundle
from tagger.ml.network import ResNet50
from tagger.ml.scoring import Head
from tagger.ml.weights import read_tensors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tagger.ml.info import BundleInfo


def load_head(folder: Path) -> Head:
    """The last layer of a bundle, enough to score stored features; all of the bundle is checked.

    Names, shapes and variant of the body are checked without reading it, which takes a tenth of
    the time of `load_network`.

    Raises:
        ModelError: the bundle can't be used.
    """
    info = load_info(folder)
    try:
        with safe_open(folder / info.weights.file, framework="pt") as file:
            names = set(file.keys())
            shapes = {name: tuple(file.get_slice(name).get_shape()) for name in names}
            variant = (file.metadata() or {}).get("variant")
            if variant != info.architecture.variant or not _fit(shapes, info):
                raise ModelError(
                    f"The weights of the model in {folder} are not those of the network that it "
                    "speaks of. Copy the whole folder again."
                )
            weight, bias = (file.get_tensor(name).float() for name in ("fc.weight", "fc.bias"))
    except (OSError, SafetensorError) as error:
        raise ModelError(f"The weights of the model in {folder} can't be read.") from error
    if not (weight.isfinite().all() and bias.isfinite().all()):
        raise ModelError(f"The weights of the model in {folder} hold values that are no numbers.")
    return Head(weight.numpy(), bias.numpy(), info)


def _fit(shapes: Mapping[str, tuple[int, ...]], info: BundleInfo) -> bool:
    with torch.device("meta"):
        network = ResNet50(len(info.classes), info.architecture.variant)
    return all(
        shapes.get(name) == tuple(tensor.shape)
        for name, tensor in network.state_dict().items()
        if not name.endswith("num_batches_tracked")
    )


def save_with_head(
    source: Path,
    target: Path,
    info: BundleInfo,
    weight: NDArray[np.float32],
    bias: NDArray[np.float32],
    extras: Mapping[str, bytes] | None = None,
) -> BundleInfo:
    """Save a bundle whose body is that of another one, so that stored features keep their worth.

    Args:
        source: folder of the bundle with the body.
        target: folder of the new one; must not exist yet.
        info: of the new one; its architecture, transform and storage are those of the source.
        weight: `[C, 2048]`.
        bias: `[C]`.
        extras: further files, by name.

    Raises:
        ModelError: the source is damaged, the target exists or can't be written.
    """
    stored, _ = read_tensors(source / load_info(source).weights.file)
    head = {"fc.weight": torch.from_numpy(weight), "fc.bias": torch.from_numpy(bias)}
    return save_bundle(target, info, stored | head, extras)
