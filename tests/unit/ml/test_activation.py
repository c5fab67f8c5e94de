"""Class activation maps add up to the logits that they explain."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from PIL import Image

from tagger.ml import Transform
from tagger.ml.activation import STRIDE_PX, Activator
from tagger.ml.bundle import load_info
from tagger.ml.pixels import normalise

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.ml.network import ResNet50


@pytest.fixture(scope="module")
def activator(bundle: Path) -> Activator:
    return Activator.load(bundle)


@pytest.mark.parametrize("focus", [None, 0.6])
def test_the_mean_of_a_map_and_the_bias_are_the_logit(
    bundle: Path, network: ResNet50, focus: float | None
) -> None:
    transform = Transform(resize_px=64, crop_px=64, focus=focus)
    info = load_info(bundle).model_copy(update={"transform": transform})
    image = Image.fromarray(np.random.default_rng(3).integers(0, 255, (64, 96, 3), np.uint8))

    maps = Activator(copy.deepcopy(network), info).compute(image)

    with torch.inference_mode():
        batch = torch.from_numpy(np.array(image)).permute(2, 0, 1)[None].float()
        logits = network.forward_features(normalise(batch, transform), focus)[1][0]
    np.testing.assert_allclose(
        maps.mean(axis=(1, 2)) + network.fc.bias.detach().numpy(), logits, atol=0.1, rtol=0.05
    )


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
