"""Photos a second from file to scores: the product's path against a plain loop, in one run.

The plain loop is what a careful script does: Pillow decodes every pixel, torchvision's own
transform for these weights, float32, batches of 32, one process, torch's default threads.
"""

from __future__ import annotations

import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from PIL import Image

from tagger.core.cancel import CancelToken
from tagger.core.errors import PhotoError
from tagger.images import DecodePool, decode_photo
from tagger.ml import load_info, prepare
from tagger.ml.devices import count_cores
from tagger.ml.pooling import pool_places
from tagger.ml.predict import load_classifier, load_network
from tagger.ml.transforms import choose_size, group_alike

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tagger.ml import Classifier

pytestmark = [pytest.mark.benchmark_only, pytest.mark.timeout(1800)]

BUNDLE = Path(__file__).resolve().parents[2] / "models/wedding-scenes"
PHOTOS = {24: 32, 2: 96}
SIZES = {24: (6000, 4000), 2: (1732, 1155)}
ROUNDS = 2


@pytest.fixture(scope="module")
def bundle() -> Path:
    if not (BUNDLE / "model.json").exists():
        pytest.skip("the bundled model is not there")
    return BUNDLE


def tag_as_the_product_does(classifier: Classifier, paths: list[Path]) -> NDArray[np.float32]:
    def decode(path: Path) -> NDArray[np.uint8]:
        image = decode_photo(path, short_side_px=classifier.input_px)
        return prepare(image, classifier.info.transform)

    size, scores = classifier.batch_size, []
    with DecodePool(decode, workers=count_cores()) as pool:
        items = ((path, path) for path in paths)
        results = pool.results(items, look_ahead=2 * size, cancel=CancelToken())
        while batch := [image for _, image in islice(results, size)]:
            good = [image for image in batch if not isinstance(image, PhotoError)]
            assert len(good) == len(batch)
            scores.append(classifier.predict(good).scores)
    return np.concatenate(scores)


class Weigh(torch.nn.Module):
    """Instead of the plain mean over the places."""

    def __init__(self, focus: float) -> None:
        super().__init__()
        self._focus = focus

    def forward(self, places: torch.Tensor) -> torch.Tensor:
        return pool_places(places, self._focus)


def measure(path: Path, short_side_px: int) -> tuple[int, int]:
    """Width and height after torchvision's `resize` to a short side."""
    with Image.open(path) as image:
        width, height = (side * short_side_px // min(image.size) for side in image.size)
    return width, height


def make_plain_loop(folder: Path) -> Callable[[list[Path]], NDArray[np.float32]]:
    """The same network in torchvision's clothes, given the same part of each photo as large."""
    from torchvision.models import ResNet50_Weights, resnet50
    from torchvision.transforms.functional import normalize, resize, to_tensor

    info = load_info(folder)
    own = load_network(folder, info)
    network = resnet50(num_classes=len(info.classes))
    if own.variant == "v1":
        for stage in (network.layer2, network.layer3, network.layer4):
            stage[0].conv1.stride, stage[0].conv2.stride = (2, 2), (1, 1)
        network.maxpool = torch.nn.MaxPool2d(3, 2, 0, ceil_mode=True)
    network.load_state_dict(own.state_dict())
    network.eval()
    how = info.transform
    if how.focus is not None:
        network.avgpool = Weigh(how.focus)
    scale, shift = torch.tensor(info.calibration.scale), torch.tensor(info.calibration.shift)
    cut = ResNet50_Weights.IMAGENET1K_V1.transforms(
        resize_size=how.resize_px, crop_size=how.crop_px
    )

    def transform(image: Image.Image) -> torch.Tensor:
        if how.focus is None:
            cropped: torch.Tensor = cut(image)
            return cropped
        image = resize(image, how.resize_px)
        width, height = choose_size(*image.size, how)
        pixels: torch.Tensor = to_tensor(resize(image, [height, width]))
        result: torch.Tensor = normalize(pixels, list(how.mean), list(how.std))
        return result

    @torch.no_grad()
    def loop(paths: list[Path]) -> NDArray[np.float32]:
        scores = []
        sizes = [choose_size(*measure(path, how.resize_px), how) for path in paths]
        groups = group_alike(sizes, 32)
        for rows in groups:
            images = [Image.open(paths[row]).convert("RGB") for row in rows]
            logits = network(torch.stack([transform(image) for image in images]))
            scores.append((logits * scale + shift).sigmoid())
        order = np.argsort([row for rows in groups for row in rows])
        result: NDArray[np.float32] = torch.cat(scores).numpy()[order]
        return result

    return loop


def photos_per_second(run: Callable[[list[Path]], object], paths: list[Path]) -> float:
    start_s = time.perf_counter()
    run(paths)
    return len(paths) / (time.perf_counter() - start_s)


@pytest.mark.parametrize("megapixels", [24, 2])
def test_predicting(
    bundle: Path,
    wedding_dir: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    megapixels: int,
) -> None:
    """The better of two rounds each, taken in turn: other programs run beside us."""
    sources = sorted((wedding_dir / "images").glob("*/*.jpg"))[:: 963 // PHOTOS[megapixels]]
    paths = []
    for source in sources[: PHOTOS[megapixels]]:
        paths.append(tmp_path / source.name)
        with Image.open(source) as image:
            large = image.convert("RGB").resize(SIZES[megapixels], Image.Resampling.BICUBIC)
        large.save(paths[-1], quality=92, subsampling="4:2:2")
    torch.set_num_threads(count_cores())
    classifier = load_classifier(bundle, "cpu")
    plain_loop = make_plain_loop(bundle)
    runs: dict[str, Callable[[list[Path]], object]] = {
        "plain loop": plain_loop,
        "product": lambda paths: tag_as_the_product_does(classifier, paths),
    }
    for run in runs.values():
        run(paths[:4])  # warm
    rates = {
        name: max(photos_per_second(run, paths) for _ in range(ROUNDS))
        for name, run in runs.items()
    }
    ratio = rates["product"] / rates["plain loop"]
    with capsys.disabled():
        print(
            f"\n{megapixels} MP: plain loop {rates['plain loop']:.1f}/s, "
            f"product {rates['product']:.1f}/s, ratio {ratio:.1f}"
        )


def test_same_answers(bundle: Path, wedding_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = sorted((wedding_dir / "images").glob("*/*.jpg"))
    own = tag_as_the_product_does(load_classifier(bundle, "cpu"), paths)
    plain = make_plain_loop(bundle)(paths)
    same = float((own.argmax(axis=1) == plain.argmax(axis=1)).mean())
    with capsys.disabled():
        print(f"\nsame top class on {100 * same:.1f} % of {len(paths)} photos")
    assert same >= 0.98
