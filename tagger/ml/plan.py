"""What a training run is told and what it tells."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tagger.ml.augment import Augmentation
from tagger.ml.devices import DeviceChoice, count_cores

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.core.cancel import CancelToken
    from tagger.ml.info import Transform


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """Everything a run depends on besides its data; stored in the bundle's recipe.

    Attributes:
        side_px: of the training crops. Smaller than what is predicted on: a random crop shows
            things larger than the whole photo does (Touvron et al. 2019), and a step is faster.
        head_rate: highest learning rate of the head.
        body_rate: of the last stage of the body.
        depth_decay: factor of the rate from one stage to the one before.
        warm_up: share of the steps during which the rates rise.
        smoothing: of the labels.
        mixing: alpha of mixup; 0 for none.
        average: decay of the running mean of the weights by step.
    """

    epochs: int = 6
    seed: int = 0
    batch_size: int = 32
    side_px: int = 176
    head_rate: float = 3e-4
    body_rate: float = 4e-5
    depth_decay: float = 0.6
    weight_decay: float = 0.02
    warm_up: float = 0.2
    smoothing: float = 0.05
    mixing: float = 0.2
    average: float = 0.97
    augmentation: Augmentation = field(default_factory=Augmentation)

    def with_rate(self, head_rate: float) -> TrainSettings:
        """The same with another rate of the head; that of the body keeps its proportion."""
        return replace(
            self, head_rate=head_rate, body_rate=self.body_rate * head_rate / self.head_rate
        )


@dataclass(frozen=True, slots=True)
class TrainPlan:
    """How to train, and on what device.

    Attributes:
        transform: how photos are prepared for predicting; validation uses it.
        exclusive: one label a photo.
        threads: for computing on the processor and for changing the photos.
    """

    settings: TrainSettings
    transform: Transform
    choice: DeviceChoice
    exclusive: bool = False
    threads: int = field(default_factory=count_cores)


@dataclass(frozen=True, slots=True)
class EpochReport:
    """How an epoch went; the validation's figures are None without validation photos."""

    epoch: int
    seconds: float
    train_loss: float
    valid_loss: float | None = None
    macro_f1: float | None = None
    mean_average_precision: float | None = None


@dataclass(frozen=True, slots=True)
class StepReport:
    """Where a run stands after a step: epochs and batches count from 0, `loss` is its own."""

    epoch: int
    batch: int
    batches: int
    loss: float


def _ignore(_: object) -> None:
    """Where nobody watches."""


@dataclass(frozen=True, slots=True)
class Observer:
    """Who watches a run and may stop it.

    Attributes:
        cancel: looked at before each step.
        on_step: called after each step, in the training thread.
        on_epoch: called after each epoch, when its checkpoint is stored.
        on_warning: a sentence about something that does not end the run.
    """

    cancel: CancelToken
    on_step: Callable[[StepReport], None] = _ignore
    on_epoch: Callable[[EpochReport], None] = _ignore
    on_warning: Callable[[str], None] = _ignore
