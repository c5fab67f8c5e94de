"""The network without its head on a device: photos in, features out, whatever the memory holds."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image

from tagger.core.errors import ModelError
from tagger.ml.devices import DeviceChoice, choose_device
from tagger.ml.memory import free_memory, is_out_of_memory
from tagger.ml.network import FEATURES, ResNet50, fold_batch_norm
from tagger.ml.pixels import normalise
from tagger.ml.rounding import round_convolutions
from tagger.ml.transforms import choose_size, group_alike, prepare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.ml.info import Transform


class Body:
    """A ResNet50 folded for predicting.

    Out of memory halves the batch; when not even one photo fits, the processor takes over.

    Attributes:
        choice: the device in use and why.
        batch_size: photos at once.
    """

    def __init__(
        self, network: ResNet50, transform: Transform, choice: DeviceChoice, threads: int
    ) -> None:
        """`network` is changed and moved: it belongs to the body from here on."""
        self._transform = transform
        self._threads = threads
        self._lock = Lock()
        self._network: ResNet50 | None = None
        self._move_to(choice, fold_batch_norm(network))

    def compute(self, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float16]:
        """Features `[N, 2048]` of pictures `[H, W, 3] uint8`; those not yet prepared are prepared.

        Raises:
            ModelError: closed, the device failed, or there is no memory for a single photo.
        """
        prepared = [self._prepare(image) for image in images]
        features = np.empty((len(prepared), FEATURES), np.float16)
        with self._lock:
            self._use_threads()
            for rows in group_alike([picture.shape for picture in prepared]):
                features[rows] = self._compute_alike([prepared[row] for row in rows])
        return features

    def close(self) -> None:
        """Free the memory, on the GPU too; waits for the batch that is being computed."""
        with self._lock:
            self._network = None
            free_memory(self.choice.name)

    def _compute_alike(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float16]:
        """Features of prepared pictures of one size."""
        parts: list[NDArray[np.float16]] = []
        start = 0
        while start < len(pictures):
            part = self._compute_or_shrink(np.stack(pictures[start : start + self.batch_size]))
            if part is not None:
                parts.append(part)
                start += len(part)
        return np.concatenate(parts)

    def _prepare(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        height, width = image.shape[:2]
        if (width, height) == choose_size(width, height, self._transform):
            return image
        return prepare(Image.fromarray(image), self._transform)

    def _use_threads(self) -> None:
        # The setting belongs to the process, and training may have changed it.
        if torch.get_num_threads() != self._threads:
            torch.set_num_threads(self._threads)

    def _compute_or_shrink(self, batch: NDArray[np.uint8]) -> NDArray[np.float16] | None:
        """The batch's features, or None after making room: then try a smaller batch."""
        if self._network is None:
            raise ModelError("The model was closed while it was still needed. Load it again.")
        try:
            return self._forward(batch, self._network)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise ModelError(
                    f"The device {self.choice.name} failed. Try again with the device cpu."
                ) from error
            self._make_room(len(batch), self._network, error)
        return None

    @torch.inference_mode()
    def _forward(self, batch: NDArray[np.uint8], network: ResNet50) -> NDArray[np.float16]:
        pixels = torch.from_numpy(batch).to(self.choice.name).permute(0, 3, 1, 2)
        normalised = normalise(pixels.float(), self._transform)
        features = network.body(normalised.to(self.choice.dtype), self._transform.focus)
        result: NDArray[np.float16] = features.half().cpu().numpy()
        return result

    def _make_room(self, size: int, network: ResNet50, error: Exception) -> None:
        free_memory(self.choice.name)
        if size > 1:
            self.batch_size = size // 2
        elif self.choice.name != "cpu":
            self._move_to(choose_device("cpu"), network)
        else:
            raise ModelError(
                "There is not enough memory to look at a single photo. Close other programs."
            ) from error

    def _move_to(self, choice: DeviceChoice, network: ResNet50) -> None:
        self.choice = choice
        self.batch_size = choice.batch_size
        network.requires_grad_(requires_grad=False)
        if choice.dtype == torch.bfloat16:
            round_convolutions(network)
        network.to(choice.name, choice.dtype)
        self._network = network.to(memory_format=torch.channels_last)
