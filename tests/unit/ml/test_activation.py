"""Class activation maps add up to the logits that they explain."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from PIL import Image

from tagger.ml.activation import STRIDE_PX, Activator, last_features
from tagger.ml.bundle import load_info

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.ml.network import ResNet50


@pytest.fixture(scope="module")
def activator(bundle: Path) -> Activator:
    return Activator.load(bundle)


@torch.inference_mode()
def test_the_mean_of_a_map_and_the_bias_are_the_logit(network: ResNet50) -> None:
    batch = torch.randn(1, 3, 64, 96, generator=torch.Generator().manual_seed(3))

    maps = torch.einsum("ck,khw->chw", network.fc.weight, last_features(network, batch)[0])

    logits = maps.mean(dim=(1, 2)) + network.fc.bias
    assert torch.allclose(logits, network(batch)[0], atol=1e-4)


@pytest.mark.parametrize(("size", "places"), [((300, 200), (3, 2)), ((200, 300), (2, 3))])
def test_a_map_covers_the_whole_picture(
    activator: Activator, size: tuple[int, int], places: tuple[int, int]
) -> None:
    side = activator.info.transform.resize_px

    maps = activator.compute(Image.new("RGB", size, "white"))

    short = round(side / STRIDE_PX)
    assert maps.shape[0] == len(activator.info.classes)
    assert maps.shape[2] / maps.shape[1] == pytest.approx(places[0] / places[1], rel=0.2)
    assert min(maps.shape[1:]) == short


def test_what_is_on_the_left_is_seen_on_the_left(bundle: Path, network: ResNet50) -> None:
    info = load_info(bundle)
    activator = Activator(copy.deepcopy(network), info)
    rng = np.random.default_rng(1)
    pixels = np.full((256, 512, 3), 128, np.uint8)
    pixels[:, :128] = rng.integers(0, 255, (256, 128, 3), np.uint8)

    maps = activator.compute(Image.fromarray(pixels))
    plain = activator.compute(Image.new("RGB", (512, 256), (128, 128, 128)))

    changed = np.abs(maps - plain).sum(axis=0)
    half = changed.shape[1] // 2
    assert changed[:, :half].sum() > 2 * changed[:, half:].sum()


def test_a_panorama_is_not_looked_at_for_ever(activator: Activator) -> None:
    maps = activator.compute(Image.new("RGB", (6000, 200)))

    assert maps.shape[2] <= 3 * activator.info.transform.resize_px / STRIDE_PX + 1
