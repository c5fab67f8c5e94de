"""Answers of a network in training on photos kept in memory; for files see `tagger.ml.predict`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image

from tagger.ml.network import FEATURES
from tagger.ml.pixels import normalise
from tagger.ml.transforms import choose_size, group_alike, prepare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.ml.devices import DeviceChoice
    from tagger.ml.info import Transform
    from tagger.ml.network import ResNet50


def autocast(choice: DeviceChoice) -> torch.autocast:
    """Mixed precision where the device has it."""
    is_mixed = choice.dtype != torch.float32
    return torch.autocast(choice.name, choice.dtype if is_mixed else None, enabled=is_mixed)


@torch.inference_mode()
def infer(
    network: ResNet50,
    images: Sequence[NDArray[np.uint8]],
    transform: Transform,
    choice: DeviceChoice,
    *,
    mirrored: bool = False,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Features `[N, 2048]` and logits `[N, C]` of photos `[H, W, 3] uint8`, prepared here.

    The network must be on the device of `choice`. `mirrored` photos are turned left to right.
    """
    features = np.empty((len(images), FEATURES), np.float32)
    logits = np.empty((len(images), network.fc.out_features), np.float32)
    sizes = [choose_size(image.shape[1], image.shape[0], transform) for image in images]
    for rows in group_alike(sizes, choice.batch_size):
        pictures = [prepare(Image.fromarray(images[row]), transform) for row in rows]
        pixels = torch.from_numpy(np.stack(pictures)).to(choice.name).permute(0, 3, 1, 2)
        batch = normalise(pixels.float(), transform)
        with autocast(choice):
            found = network.forward_features(batch.flip(3) if mirrored else batch, transform.focus)
        features[rows], logits[rows] = (part.float().cpu().numpy() for part in found)
    return features, logits
