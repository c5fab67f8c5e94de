"""What a person asks for when they teach a classifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.core.errors import WrongUseError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tagger.core.cancel import CancelToken
    from tagger.ml.plan import EpochReport, StepReport
    from tagger.services.reporting import Report

PRETRAINED = "pretrained"
"""Instead of a model's name: start from a network that knows everyday pictures, not weddings."""


@dataclass(frozen=True)
class TeachRequest:
    """How to learn, and from what.

    Attributes:
        folders: the data set; None for the decisions in the library.
        is_deep: all layers, else the head alone on stored features.
        exclusive: one label a photo.
        name: of the new model; None for one that is free.
        start: model to start from, by name, or `pretrained`; None for what fits best.
        backbone: file with a pretrained network; None for the one that is set or cached.
        device: `auto`, `cuda`, `mps`, `xpu` or `cpu`.
        epochs: of deep learning; None for as many as the photos ask for.
        rate: highest learning rate of the head in deep learning; None for the usual one.
        is_rate_searched: let the finder choose the rate.
        folds: deep learning is measured in so many folds, and then learns from all photos; None
            holds a part back once.
        has_views: say what several looks at each held-out photo would gain.
    """

    folders: Path | None = None
    is_deep: bool = False
    exclusive: bool = False
    name: str | None = None
    start: str | None = None
    backbone: Path | None = None
    device: str = "auto"
    epochs: int | None = None
    seed: int = 0
    rate: float | None = None
    is_rate_searched: bool = False
    folds: int | None = None
    has_views: bool = False

    def check(self) -> None:
        """Raise `WrongUseError` for what contradicts itself."""
        if not self.is_deep and (self.epochs or self.rate or self.is_rate_searched or self.folds):
            raise WrongUseError(
                "Epochs, learning rates and folds are for learning with all layers: --deep."
            )
        if self.rate is not None and self.is_rate_searched:
            raise WrongUseError("Give a learning rate or let it be found, not both.")
        if self.folds is not None and self.folds < 2:
            raise WrongUseError("There must be two folds at least.")


def _ignore(_: object) -> None:
    """Where nobody draws curves."""


@dataclass(frozen=True)
class Audience:
    """Who follows the work.

    Attributes:
        cancel: asks for a stop; deep learning keeps its best epoch then.
        report: of progress.
        say: a sentence that is worth a line of its own: an epoch is done, a run goes on.
        on_step, on_epoch: get the figures of deep learning, for curves.
    """

    cancel: CancelToken
    report: Report
    say: Callable[[str], None]
    on_step: Callable[[StepReport], None] = _ignore
    on_epoch: Callable[[EpochReport], None] = _ignore
