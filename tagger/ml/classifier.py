"""What the rest of the program knows of a classifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tagger.ml.info import BundleInfo


@dataclass(frozen=True, slots=True)
class Predictions:
    """What the model says of N photos.

    Attributes:
        scores: `[N, C] float32`, calibrated probabilities in 0..1, in the order of the classes.
        features: `[N, 2048] float16`, the backbone's pooled output.
    """

    scores: NDArray[np.float32]
    features: NDArray[np.float16]


class Classifier(Protocol):
    """A loaded model. One thread at a time may predict; `close` may come from any.

    Attributes:
        fingerprint: equal for models that give every photo the same scores.
        backbone: equal for models that give every photo the same features.
        input_px: short side that the decoder should deliver at least; smaller photos are enlarged.
        batch_size: photos a batch for full speed; more are split, fewer are fine.
        device: what computes now: `cuda`, `mps`, `xpu` or `cpu`. It changes to `cpu` when the
            memory of another one is too small.
    """

    @property
    def info(self) -> BundleInfo: ...  # noqa: D102
    @property
    def fingerprint(self) -> str: ...  # noqa: D102
    @property
    def backbone(self) -> str: ...  # noqa: D102
    @property
    def input_px(self) -> int: ...  # noqa: D102
    @property
    def batch_size(self) -> int: ...  # noqa: D102
    @property
    def device(self) -> str: ...  # noqa: D102

    def predict(self, images: Sequence[NDArray[np.uint8]]) -> Predictions:
        """Scores and features of N pictures `[H, W, 3] uint8`, RGB.

        Pictures that `tagger.ml.prepare` made are taken as they are; others are prepared here.
        """
        ...

    def score_features(self, features: NDArray[np.float16]) -> NDArray[np.float32]:
        """Scores `[N, C]` from stored features of the same backbone `[N, 2048]`, without photos."""
        ...

    def close(self) -> None:
        """Free the memory of the model, on the GPU too. A closed classifier can't predict."""
        ...
