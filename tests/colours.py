"""A classifier of plain colours, and photos for it: at once, and the same every time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from tagger.ml import (
    Architecture,
    BundleInfo,
    Calibration,
    ClassInfo,
    DataInfo,
    Metrics,
    Predictions,
    Transform,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.ml import Classifier

COLOURS = {"red": (200, 60, 60), "green": (60, 200, 60), "blue": (60, 60, 200)}


def make_colour_info(*, exclusive: bool) -> BundleInfo:
    return BundleInfo(
        name="colours",
        title="Colours",
        architecture=Architecture(variant="v1"),
        classes=tuple(
            ClassInfo(name=name, keyword_path=("Colour", name.title()), threshold=0.4)
            for name in COLOURS
        ),
        exclusive=exclusive,
        transform=Transform(resize_px=40, crop_px=32),
        calibration=Calibration(scale=(1.0,) * 3, shift=(0.0,) * 3),
        metrics=Metrics(),
        data=DataInfo(fingerprint="", photos=0, counts={}, sources=0),
        licence="Apache-2.0",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


class PlainColours:
    """Scores are the shares of the three primaries; features the mean colours of 16 tiles."""

    fingerprint = "colours"
    backbone = "colours"
    input_px = 40
    batch_size = 4
    device = "Computes by eye."

    def __init__(self, *, exclusive: bool = True) -> None:
        self.info = make_colour_info(exclusive=exclusive)
        self.seen = 0

    def predict(self, images: Sequence[NDArray[np.uint8]]) -> Predictions:
        assert all(image.shape == (32, 32, 3) for image in images)
        self.seen += len(images)
        pixels = np.stack(images).astype(np.float32)
        means = pixels.mean(axis=(1, 2))
        tiles = pixels.reshape(len(images), 4, 8, 4, 8, 3).mean(axis=(2, 4))
        return Predictions(
            means / means.sum(axis=1, keepdims=True),
            (tiles.reshape(len(images), -1) / 255).astype(np.float16),
        )

    def score_features(self, features: NDArray[np.float16]) -> NDArray[np.float32]:
        means = features.astype(np.float32).reshape(len(features), 16, 3).mean(axis=1)
        shares: NDArray[np.float32] = means / means.sum(axis=1, keepdims=True)
        return shares

    def close(self) -> None:
        pass


@dataclass
class ColourBundle:
    """Stands for a bundle on the disk."""

    classifier: PlainColours
    folder: Path = Path("colours")

    @property
    def info(self) -> BundleInfo:
        return self.classifier.info

    def load(self, device: str) -> Classifier:
        return self.classifier


def save_colour(path: Path, colour: str, seed: int = 0, size: tuple[int, int] = (60, 48)) -> Path:
    """A photo of one colour with grain that differs by `seed`."""
    rng = np.random.default_rng(seed)
    grain = rng.normal(0, 25, (size[1], size[0], 3))
    pixels = np.clip(np.array(COLOURS[colour]) + grain, 0, 255).astype(np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, quality=90)
    return path
