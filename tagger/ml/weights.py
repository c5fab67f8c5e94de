"""Weights on disk: safetensors, small enough for git, back to float32 when loaded.

Large convolutions, 94 % of the weights, are stored as 8-bit integers with a scale for each run of
16 weights of an output channel; small ones, the first layers, as float16. One scale for the whole
channel is too coarse: fine-tuning moves most weights by less than its step, and rounding takes them
back to where they were (1.8 points of mean average precision on the wedding photos, half of what
the training had gained). What rounding leaves over is passed on along a run: without, 0.3 points
and 1.5 points of accuracy were lost, with it 0.1 and none.

The scales are bfloat16: they have the range of float32, for channels that are almost dead, and
rounding them leaves the largest integer of a run at 127, so that storing what was loaded gives the
same bytes again.
"""

from __future__ import annotations

import hashlib
import os
import re
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch.nn import functional

from tagger.core.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor

    from tagger.ml.info import BundleInfo, Storage, WeightsInfo

_SCALE = ".scale"
_LARGEST = 127
_RUN = 16
_SMALL = 150_000


def write_weights(folder: Path, info: BundleInfo, state_dict: Mapping[str, Tensor]) -> WeightsInfo:
    """Write the weights file of a bundle and describe it."""
    stored = encode(state_dict, info.weights.storage)
    path = folder / info.weights.file
    try:
        # One entry alone: safetensors writes several in any order, and the file's hash with them.
        save_file(stored, path, metadata={"variant": info.architecture.variant})
    except SafetensorError as error:
        raise _as_os_error(error) from error
    path.chmod(0o644)  # safetensors leaves it for the owner alone
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return info.weights.model_copy(update={"sha256": sha256, "body_sha256": hash_body(stored)})


def _as_os_error(error: SafetensorError) -> OSError:
    """What the system said: safetensors keeps its number in the text alone."""
    found = re.search(r"os error (\d+)", str(error))
    number = int(found[1]) if found else 0
    return OSError(number, os.strerror(number) if found else str(error))


def encode(state_dict: Mapping[str, Tensor], storage: Storage) -> dict[str, Tensor]:
    """The tensors as stored: convolutions `[O, I, H, W]` small, everything else float32.

    Those that come from a stored bundle (`read_tensors`) stay as they are.
    """
    stored: dict[str, Tensor] = {}
    for name, tensor in state_dict.items():
        if name.endswith("num_batches_tracked"):
            continue
        if name.endswith(_SCALE) or tensor.dtype == torch.int8:
            stored[name] = tensor
            continue
        value = tensor.detach().to("cpu", torch.float32).contiguous()
        if value.ndim < 4 or storage == "float32":
            stored[name] = value
        elif storage == "float16" or value.numel() < _SMALL:
            stored[name] = value.half()
        else:
            stored[name], stored[name + _SCALE] = _quantise(value)
    return stored


def _quantise(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Integers in the shape of the weights, and scales `[O, runs]`; a last run may be shorter."""
    flat = weight.flatten(1)
    runs = functional.pad(flat, (0, -flat.shape[1] % _RUN)).view(len(flat), -1, _RUN)
    scale = (runs.abs().amax(dim=2) / _LARGEST).bfloat16()
    divisor = torch.where(scale > 0, scale.float(), 1.0).unsqueeze(2)
    steps = _diffuse((runs / divisor).clamp(-_LARGEST, _LARGEST)).to(torch.int8)
    return steps.flatten(1)[:, : flat.shape[1]].reshape(weight.shape).contiguous(), scale


def _diffuse(exact: Tensor) -> Tensor:
    """Whole steps for `[O, runs, 16]` of them, what is left over passed on along each run.

    Inputs are positive and alike, so errors that add up to nothing disturb the sum least (see
    `tagger.ml.rounding`). What was stored before is whole already and stays; so do largest steps,
    from which the scale of the run follows.
    """
    whole = exact.clone()
    left_over = torch.zeros_like(whole[..., 0])
    for place in range(_RUN):
        steps = exact[..., place]
        wanted = steps + left_over
        is_largest = steps.abs() > _LARGEST - 1
        whole[..., place] = torch.where(is_largest, steps, wanted).round()
        left_over = (wanted - whole[..., place]).clamp(-0.5, 0.5)
    return whole.clamp(-_LARGEST, _LARGEST)


def _restore(steps: Tensor, scale: Tensor) -> Tensor:
    width = steps[0].numel()
    scales = scale.float().repeat_interleave(_RUN, dim=1)[:, :width]
    return (steps.flatten(1).float() * scales).reshape(steps.shape)


def decode(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state dict in float32 from what `encode` made or from a plain one."""
    return {
        name: _restore(tensor, stored[name + _SCALE]) if name + _SCALE in stored else tensor.float()
        for name, tensor in stored.items()
        if not name.endswith((_SCALE, "num_batches_tracked"))
    }


def hash_body(stored: Mapping[str, Tensor]) -> str:
    """SHA-256 over names and bytes of all stored tensors but the head's."""
    digest = hashlib.sha256()
    for name in sorted(stored):
        if not name.startswith("fc."):
            digest.update(name.encode())
            digest.update(stored[name].contiguous().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def read_weights(path: Path) -> tuple[dict[str, Tensor], str]:
    """Read a safetensors file of a ResNet50.

    Returns:
        The state dict in float32 and the variant that the file names, `v1` or `v1.5`.

    Raises:
        ModelError: missing, damaged, or no variant in its metadata.
    """
    stored, variant = read_tensors(path)
    if variant not in {"v1", "v1.5"}:
        raise ModelError(f"The weights in {path} don't say which variant of ResNet50 they are.")
    try:
        return decode(stored), variant
    except (RuntimeError, IndexError) as error:  # scales that belong to other weights
        raise ModelError(f"The weights in {path} don't fit together. Copy them again.") from error


def read_tensors(path: Path) -> tuple[dict[str, Tensor], str]:
    """The tensors of a safetensors file as stored, and the variant it names; else an empty text.

    Raises:
        ModelError: missing or damaged.
    """
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            stored = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except FileNotFoundError:
        raise ModelError(f"There are no weights at {path}.") from None
    except (OSError, SafetensorError) as error:
        raise ModelError(
            f"The weights in {path} are damaged or cut off. Copy them again."
        ) from error
    return stored, metadata.get("variant", "").split(":")[0]
