"""Changes to a photo that leave what it shows: what the network sees in training."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How far a photo may be changed. A photo is never turned upside down.

    Attributes:
        least_area: share of the photo's area that a random crop keeps at least.
        stretch: largest change of the aspect ratio, as a factor.
        degrees: largest rotation.
        rotated: share of the photos that is rotated.
        light: largest change of brightness, contrast and saturation, as a share.
        is_mirrored: whether half of the photos are mirrored left to right.
    """

    least_area: float = 0.35
    stretch: float = 4 / 3
    degrees: float = 8.0
    rotated: float = 0.3
    light: float = 0.3
    is_mirrored: bool = True


def change_shape(
    pixels: NDArray[np.uint8], side_px: int, how: Augmentation, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """A random crop of a photo `[H, W, 3]`, maybe rotated and mirrored: `[side, side, 3]`."""
    image = Image.fromarray(pixels)
    if rng.random() < how.rotated:
        image = image.rotate(
            rng.uniform(-how.degrees, how.degrees),
            Image.Resampling.BILINEAR,
            fillcolor=(124, 116, 104),  # the mean of ImageNet: 0 to the network
        )
    square = image.resize(
        (side_px, side_px), Image.Resampling.BILINEAR, box=_draw_box(image.size, how, rng)
    )
    if how.is_mirrored and rng.random() < 0.5:
        square = square.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return np.asarray(square)


def _draw_box(
    size: tuple[int, int], how: Augmentation, rng: np.random.Generator
) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a crop inside a picture of this width and height."""
    area = size[0] * size[1] * rng.uniform(how.least_area, 1)
    ratio = exp(rng.uniform(-log(how.stretch), log(how.stretch)))
    width, height = (
        min(length, wanted)
        for length, wanted in zip(size, (sqrt(area * ratio), sqrt(area / ratio)), strict=True)
    )
    left, top = rng.uniform(0, size[0] - width), rng.uniform(0, size[1] - height)
    return left, top, left + width, top + height


def change_light(batch: Tensor, how: Augmentation, rng: np.random.Generator) -> Tensor:
    """Brightness, contrast and saturation of `[N, 3, H, W]` in 0..255, drawn for each photo."""
    drawn = 1 + how.light * rng.uniform(-1, 1, (3, len(batch), 1, 1, 1))
    factors = torch.from_numpy(drawn.astype(np.float32)).to(batch.device)
    grey = batch.mean(dim=1, keepdim=True)
    batch = grey + (batch - grey) * factors[0]
    middle = batch.mean(dim=(1, 2, 3), keepdim=True)
    return (((batch - middle) * factors[1] + middle) * factors[2]).clamp(0, 255)


def mix_up(
    batch: Tensor, targets: Tensor, alpha: float, rng: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """Blend each photo and its targets with another one of the batch (Zhang et al. 2018).

    A class that is unknown in one of the two is unknown in the blend.
    """
    share = rng.beta(alpha, alpha)
    other = torch.from_numpy(rng.permutation(len(batch))).to(batch.device)
    return (
        share * batch + (1 - share) * batch[other],
        share * targets + (1 - share) * targets[other],
    )
