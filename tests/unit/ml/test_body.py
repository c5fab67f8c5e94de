from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from PIL import Image

from tagger.core.errors import ModelError
from tagger.ml import Transform, prepare
from tagger.ml.body import Body
from tagger.ml.devices import choose_device

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tagger.ml.network import ResNet50

TRANSFORM = Transform(resize_px=64, crop_px=56)


class CrampedBody(Body):
    """A device whose memory holds a few photos; `sizes` are the batches it was given."""

    fits = 16
    error: Exception = torch.OutOfMemoryError("CUDA out of memory")

    def _forward(self, batch: NDArray[np.uint8], network: ResNet50) -> NDArray[np.float16]:
        self.sizes = [*getattr(self, "sizes", []), len(batch)]
        if len(batch) > self.fits and self.choice.name != "cpu":
            raise self.error
        pretended, self.choice = self.choice, choose_device("cpu")
        try:
            return super()._forward(batch, network)
        finally:
            self.choice = pretended


@pytest.fixture
def body(network: ResNet50) -> CrampedBody:
    body = CrampedBody(copy.deepcopy(network), TRANSFORM, choose_device("cpu"), 1)
    # Its weights stay in main memory: only the name makes it a graphics card.
    body.choice = replace(body.choice, name="cuda", batch_size=8)
    body.batch_size = 8
    return body


def photos(n: int) -> list[NDArray[np.uint8]]:
    return list(np.random.default_rng(0).integers(0, 255, (n, 56, 56, 3), np.uint8))


def plain(network: ResNet50) -> Body:
    return Body(copy.deepcopy(network), TRANSFORM, choose_device("cpu"), 1)


@pytest.fixture(scope="module")
def wanted(network: ResNet50) -> NDArray[np.float16]:
    """What six photos give when there is room."""
    return plain(network).compute(photos(6))


def test_batches_of_any_size_give_the_same_features(network: ResNet50) -> None:
    body = plain(network)
    body.batch_size = 3
    whole = body.compute(photos(5))
    single = np.concatenate([body.compute([photo]) for photo in photos(5)])
    np.testing.assert_allclose(whole.astype(float), single.astype(float), atol=0.02, rtol=0.05)
    assert body.compute([]).shape == (0, 2048)


def test_whole_photos_of_several_sizes_in_one_call(network: ResNet50) -> None:
    transform = Transform(resize_px=64, crop_px=64, focus=0.6)
    body = Body(copy.deepcopy(network), transform, choose_device("cpu"), 1)
    body.batch_size = 2
    rng = np.random.default_rng(1)
    sizes = [(80, 120), (120, 80), (90, 90), (160, 240), (50, 75)]
    pictures = [rng.integers(0, 255, (*size, 3), np.uint8) for size in sizes]
    whole = body.compute(pictures)
    alone = body.compute(pictures[1:2])
    np.testing.assert_allclose(whole[1:2].astype(float), alone.astype(float), atol=0.02, rtol=0.05)
    prepared = [prepare(Image.fromarray(picture), transform) for picture in pictures]
    np.testing.assert_array_equal(body.compute(prepared), whole)


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
        MemoryError(),
    ],
)
def test_out_of_memory_halves_the_batch(
    body: CrampedBody, wanted: NDArray[np.float16], error: Exception
) -> None:
    body.fits, body.error = 3, error
    found = body.compute(photos(6))
    assert body.sizes == [6, 3, 3]
    assert body.batch_size == 3
    np.testing.assert_allclose(found, wanted, atol=0.02, rtol=0.05)


def test_no_room_for_one_photo_moves_to_the_processor(body: CrampedBody) -> None:
    body.fits = 0
    assert np.isfinite(body.compute(photos(5))).all()
    assert body.sizes == [5, 2, 1, 5]
    assert body.choice.name == "cpu"
    assert body.batch_size == choose_device("cpu").batch_size


def test_no_room_on_the_processor_either(network: ResNet50) -> None:
    class FullBody(Body):
        def _forward(self, batch: NDArray[np.uint8], network: ResNet50) -> NDArray[np.float16]:
            raise MemoryError

    body = FullBody(copy.deepcopy(network), TRANSFORM, choose_device("cpu"), 1)
    with pytest.raises(ModelError, match="not enough memory"):
        body.compute(photos(2))


def test_a_device_that_breaks(body: CrampedBody) -> None:
    body.fits, body.error = 0, RuntimeError("CUDA error: unspecified launch failure")
    with pytest.raises(ModelError, match="device cuda failed"):
        body.compute(photos(2))


def test_closed(network: ResNet50) -> None:
    body = plain(network)
    body.close()
    body.close()
    with pytest.raises(ModelError, match="closed"):
        body.compute(photos(1))
