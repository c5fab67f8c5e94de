"""What storing weights as int8 costs on real photos: at most 0.3 points."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from tagger.images import decode_photo
from tagger.ml.devices import choose_device
from tagger.ml.inference import infer
from tagger.ml.info import WHOLE
from tagger.ml.labelled_folders import read_labelled_folders
from tagger.ml.logistic import Compressed, fit_path
from tagger.ml.metrics import mean_average_precision
from tagger.ml.network import fold_batch_norm, load_backbone
from tagger.ml.weights import decode, encode

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.ml.network import ResNet50

EVERY = 2  # photo is learned from or looked at
PENALTY = 0.03


@dataclass(frozen=True)
class Photos:
    """Pictures `[H, W, 3] uint8` and what they show, `[N, C]` of 0 and 1."""

    images: list[NDArray[np.uint8]]
    targets: NDArray[np.float32]


@pytest.fixture(scope="module")
def photos(wedding_dir: Path) -> Photos:
    labelled = read_labelled_folders(wedding_dir)
    chosen = [photo for photo in labelled.photos if not photo.is_hard][::EVERY]
    images = [
        np.asarray(decode_photo(photo.path, short_side_px=WHOLE.resize_px)) for photo in chosen
    ]
    names = np.array(labelled.class_names)
    targets = np.array([names == photo.class_name for photo in chosen], np.float32)
    return Photos(images, targets)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_int8_is_within_three_tenths_of_a_point(backbone_file: Path, photos: Photos) -> None:
    full = load_backbone(backbone_file)
    stored = copy.deepcopy(full)
    stored.load_state_dict(decode(encode(full.state_dict(), "int8")), strict=False)
    features = look(full, photos)
    learned = np.arange(len(features)) % 2 == 0

    compressed = Compressed(torch.from_numpy(features[learned]))
    fit = fit_path(
        compressed.values, torch.from_numpy(photos.targets[learned]), [PENALTY], exclusive=False
    )
    weight, bias = (part.numpy() for part in compressed.expand(fit[0]))

    def judge(found: NDArray[np.float32]) -> float:
        return mean_average_precision(found[~learned] @ weight.T + bias, photos.targets[~learned])

    exact, rounded = judge(features), judge(look(stored, photos))
    deep = "layer4.0.conv2.weight"
    assert not torch.equal(full.state_dict()[deep], stored.state_dict()[deep])
    assert exact > 0.5
    assert rounded > exact - 0.003, f"{exact:.4f} became {rounded:.4f}"


def look(network: ResNet50, photos: Photos) -> NDArray[np.float32]:
    """Features `[N, 2048]` as the product computes them."""
    folded = fold_batch_norm(copy.deepcopy(network)).to(memory_format=torch.channels_last)
    return infer(folded, photos.images, WHOLE, choose_device("cpu"))[0]
