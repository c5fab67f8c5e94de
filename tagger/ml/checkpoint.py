"""What a training run leaves on the disk after each epoch, so that a killed one goes on from there.

Written beside, flushed and moved into place: the file is always that of a whole epoch. It is read
back without unpickling anything but tensors, numbers and text.
"""

from __future__ import annotations

import os
import pickle
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import torch

if TYPE_CHECKING:
    from torch import Tensor


class RunState(TypedDict):
    """Everything a run needs to go on as if nothing had happened.

    Attributes:
        network, average: weights, folded.
        best: weights of the best epoch; None where that is the newest, whose `average` it is.
        optimiser, schedule: as torch describes them.
        reports: one an epoch, as `EpochReport` has it.
    """

    network: dict[str, Tensor]
    average: dict[str, Tensor]
    best: dict[str, Tensor] | None
    optimiser: dict[str, object]
    schedule: dict[str, object]
    reports: list[dict[str, float | int | None]]


class CheckpointFile:
    """The newest epoch of one run.

    Args:
        path: of the file; its folder must be there.
        key: says which run it is: data, settings and start. A file of another run is not read.
    """

    def __init__(self, path: Path, key: str) -> None:
        self._path = path
        self._key = key

    def save(self, state: RunState) -> None:
        """Take the place of the checkpoint before.

        Raises:
            OSError: the disk refuses; the checkpoint before is still there.
        """
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                torch.save({"key": self._key, "state": dict(state)}, file)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except RuntimeError as error:  # what torch makes of a full disk
            Path(name).unlink(missing_ok=True)
            raise OSError(0, str(error)) from error
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def load(self) -> RunState | None:
        """The state to go on from; None where there is none, or none that can be used."""
        try:
            stored = torch.load(self._path, map_location="cpu", weights_only=True)
        except (OSError, RuntimeError, ValueError, EOFError, pickle.UnpicklingError):
            return None
        if not isinstance(stored, dict) or stored.get("key") != self._key:
            return None
        state: RunState = stored["state"]
        return state

    def remove(self) -> None:
        """The run is over."""
        self._path.unlink(missing_ok=True)
