"""Deep learning in parts that can each be stopped, killed and gone on with.

A part is one training: of all photos but those held out, or of all of them. Its checkpoint, and its
weights when it is done, lie in the run's folder.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from tagger.core.errors import CancelledError, ModelError
from tagger.ml.checkpoint import CheckpointFile
from tagger.ml.first_head import fit_first_head
from tagger.ml.head import HeldOut, Learned
from tagger.ml.inference import infer
from tagger.ml.network import build_network, fold_batch_norm
from tagger.ml.plan import EpochReport
from tagger.ml.rate_finder import find_rate
from tagger.ml.steps import RAN_AWAY
from tagger.ml.train import Trained, train_network
from tagger.ml.weights import decode, encode

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.ml.info import Storage
    from tagger.ml.network import ResNet50
    from tagger.ml.plan import Observer, TrainPlan
    from tagger.ml.samples import Samples
ALL = "all"
"""Instead of a fold's number: nothing is held out."""


@dataclass(frozen=True, slots=True)
class DeepWork:
    """What the parts of one run share.

    Attributes:
        folder: of the run; must be there.
        key: says which run it is: data, settings and start. What another run left is not used.
        start: network to start from; stays as it is.
        samples: all photos.
        features: `[N, 2048]` that `start` has of them.
        storage: how the weights will be stored; what is measured is measured with them.
    """

    folder: Path
    key: str
    start: ResNet50
    plan: TrainPlan
    samples: Samples
    features: NDArray[np.float16]
    storage: Storage

    def train_part(
        self,
        part: str,
        train: NDArray[np.intp],
        valid: NDArray[np.intp] | None,
        observer: Observer,
    ) -> Trained:
        """Train on these rows; a finished part is read, a begun one goes on.

        Args:
            part: its name, `held-out` or `fold 0`.
            train: row numbers to learn from.
            valid: of those that choose the best epoch; None keeps the last.
            observer: told of steps and epochs; its stop keeps the best epoch so far.

        Raises:
            CancelledError: stopped before the first epoch was done.
            ModelError: the loss is no number any more.
        """
        finished = self._read_part(part)
        if finished is not None:
            return finished
        checkpoint = CheckpointFile(self.folder / f"{part}.checkpoint", self.key)
        network = self._fit_head(train)
        trained = train_network(
            network,
            self.samples.take(train),
            None if valid is None else self.samples.take(valid),
            self.plan,
            observer,
            checkpoint,
        )
        if not trained.was_stopped and self._write_part(part, trained):
            checkpoint.remove()
        return trained

    def search_rate(self, train: NDArray[np.intp], observer: Observer) -> float:
        """The head's learning rate that the finder chooses, kept with the run.

        Raises:
            CancelledError, ModelError: see `find_rate`.
        """
        path = self.folder / "rate.json"
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            stored = {}
        if stored.get("key") == self.key:
            return float(stored["rate"])
        curve = find_rate(self._fit_head(train), self.samples.take(train), self.plan, observer)
        with suppress(OSError):  # without room it is searched again after a crash
            path.write_text(json.dumps({"key": self.key, **asdict(curve)}), encoding="utf-8")
        return curve.rate

    def train_folds(
        self, fold_of: NDArray[np.int64], observer: Observer
    ) -> tuple[Trained, HeldOut]:
        """A network that has learned from all photos, and what its likes say of held-out ones.

        For each fold a network is trained on the others; the last one learns from all.

        Raises:
            CancelledError: stopped; the same call goes on with what is finished.
        """
        logits = np.empty(self.samples.targets.shape, np.float32)
        for fold in range(int(fold_of.max()) + 1):
            held = np.flatnonzero(fold_of == fold)
            trained = self.train_fold(str(fold), fold_of, observer)
            logits[held] = self.compute_logits(trained.network, held)
        everything = self.train_fold(ALL, fold_of, observer)
        return everything, HeldOut(logits, self.samples.targets, self.samples.groups)

    def train_fold(self, fold: str, fold_of: NDArray[np.int64], observer: Observer) -> Trained:
        """Train on all photos but those of a fold, or on `ALL`; the last epoch is kept.

        Raises:
            CancelledError: stopped; the same call goes on.
        """
        train = np.flatnonzero(fold_of != (-1 if fold == ALL else int(fold)))
        trained = self.train_part(f"fold {fold}", train, None, observer)
        if trained.was_stopped:
            raise CancelledError("Stopped. The same command goes on from here.")
        return trained

    def hold_out(self, network: ResNet50, rows: NDArray[np.intp]) -> HeldOut:
        """What a network says of photos it has not learned from."""
        chosen = self.samples.take(rows)
        return HeldOut(self.compute_logits(network, rows), chosen.targets, chosen.groups)

    def compute_logits(self, network: ResNet50, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Logits `[N, C]` of photos, with the weights as they will be stored.

        Raises:
            ModelError: the last steps ran away, which no loss has shown.
        """
        stored = decode(encode(network.state_dict(), self.storage))
        torch.set_num_threads(self.plan.threads)
        folded = fold_batch_norm(build_network(stored, network.variant)).to(self.plan.choice.name)
        folded.to(memory_format=torch.channels_last)
        images = self.samples.take(rows).images
        logits = infer(folded, images, self.plan.transform, self.plan.choice)[1]
        if not np.isfinite(logits).all():
            raise ModelError(RAN_AWAY)
        return logits

    def _fit_head(self, train: NDArray[np.intp]) -> ResNet50:
        return fit_first_head(
            self.start, self.features[train], self.samples.targets[train], self.plan
        )

    def _write_part(self, part: str, trained: Trained) -> bool:
        """Whether there was room for it; the checkpoint holds the same."""
        path = self.folder / f"{part}.safetensors"
        unfinished = path.with_suffix(".unfinished")
        notes = {
            "key": self.key,
            "reports": json.dumps([asdict(report) for report in trained.reports]),
            "best_epoch": str(trained.best_epoch),
        }
        try:
            save_file(trained.network.state_dict(), unfinished, metadata=notes)
            unfinished.replace(path)
        except (OSError, SafetensorError):
            unfinished.unlink(missing_ok=True)
            return False
        return True

    def _read_part(self, part: str) -> Trained | None:
        try:
            with safe_open(self.folder / f"{part}.safetensors", framework="pt") as file:
                notes = file.metadata()
                weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        except (OSError, SafetensorError):
            return None
        if notes.get("key") != self.key:
            return None
        reports = tuple(EpochReport(**report) for report in json.loads(notes["reports"]))
        network = build_network(weights, self.start.variant)
        return Trained(network, reports, int(notes["best_epoch"]))


def head_of(network: ResNet50) -> Learned:
    """A copy of the network's last layer."""
    return Learned(
        network.fc.weight.detach().cpu().numpy().copy(),
        network.fc.bias.detach().cpu().numpy().copy(),
    )
