"""What the network looked at: class activation maps (Zhou et al. 2016, arXiv:1512.04150).

A ResNet's logit is the mean over the picture of its last features, weighted by the head. So the
weighted features themselves, before the mean is taken, say how much each place added to the logit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from tagger.ml.bundle import load_info
from tagger.ml.devices import choose_device
from tagger.ml.inference import autocast
from tagger.ml.network import ResNet50, fold_batch_norm
from tagger.ml.pixels import normalise
from tagger.ml.pooling import weigh_places
from tagger.ml.predict import load_network

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from PIL import Image

    from tagger.ml.info import BundleInfo, Transform

STRIDE_PX = 32
"""Pixels of the input for each place of the last features."""

_MOST_SHARE = 3.0
"""A panorama is looked at no longer than so many times its height."""


class Activator:
    """A classifier that tells where it looks, on the processor, in bf16 where it computes that."""

    def __init__(self, network: ResNet50, info: BundleInfo) -> None:
        """`network` is changed: it belongs to the activator from here on."""
        self.info = info
        self._choice = choose_device("cpu")
        folded = fold_batch_norm(network).requires_grad_(requires_grad=False)
        self._network = folded.to(memory_format=torch.channels_last)

    @classmethod
    def load(cls, folder: Path) -> Activator:
        """Load and check a bundle.

        Raises:
            ModelError: the bundle can't be used.
        """
        info = load_info(folder)
        return cls(load_network(folder, info), info)

    @torch.inference_mode()
    def compute(self, image: Image.Image) -> NDArray[np.float32]:
        """How much each place adds to each logit, `[C, H, W]`: their mean and the bias are it.

        The whole picture is looked at, also where scores come from a square; a place is `STRIDE_PX`
        pixels of it when its short side has `resize_px` pixels.
        """
        pixels = torch.from_numpy(_resize(image, self.info.transform))
        batch = normalise(pixels.permute(2, 0, 1).unsqueeze(0).float(), self.info.transform)
        with autocast(self._choice):
            features = self._network.places(batch)[0]
        features = features.float()  # sums of 2,048 features need more digits than bf16 has
        maps = torch.einsum("ck,khw->chw", self._network.fc.weight, features)
        if self.info.transform.focus is not None:
            height, width = maps.shape[1:]
            maps = maps * weigh_places(height, width, self.info.transform.focus) * height * width
        result: NDArray[np.float32] = maps.numpy()
        return result


def _resize(image: Image.Image, transform: Transform) -> NDArray[np.uint8]:
    """The whole picture at the size the network knows, in whole strides: `[H, W, 3] uint8`."""
    scale = transform.resize_px / min(image.size)
    most = transform.resize_px * _MOST_SHARE
    width, height = (
        max(1, round(min(length * scale, most) / STRIDE_PX)) * STRIDE_PX for length in image.size
    )
    return np.asarray(image.convert("RGB").resize((width, height), reducing_gap=3.0)).copy()
