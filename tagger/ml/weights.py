"""Weights on disk: safetensors, small enough for git, back to float32 when loaded.

Convolutions, 99 % of the bytes, are stored as 8-bit integers with one scale for each output
channel. The scales are bfloat16: they have the range of float32, for channels that are almost dead,
and rounding them leaves the largest integer of a channel at 127, so that storing what was loaded
gives the same bytes again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from tagger.core.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor

    from tagger.ml.info import BundleInfo, Storage, WeightsInfo

_SCALE = ".scale"
_LARGEST = 127


def write_weights(folder: Path, info: BundleInfo, state_dict: Mapping[str, Tensor]) -> WeightsInfo:
    """Write the weights file of a bundle and describe it."""
    stored = encode(state_dict, info.weights.storage)
    path = folder / info.weights.file
    try:
        save_file(stored, path, metadata={"format": "pt", "variant": info.architecture.variant})
    except SafetensorError as error:
        raise OSError(0, str(error)) from error
    path.chmod(0o644)  # safetensors leaves it for the owner alone
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return info.weights.model_copy(update={"sha256": sha256, "body_sha256": hash_body(stored)})


def encode(state_dict: Mapping[str, Tensor], storage: Storage) -> dict[str, Tensor]:
    """The tensors as stored: convolutions `[O, I, H, W]` small, everything else float32."""
    stored: dict[str, Tensor] = {}
    for name, tensor in state_dict.items():
        if name.endswith("num_batches_tracked"):
            continue
        value = tensor.detach().to("cpu", torch.float32).contiguous()
        if value.ndim == 4 and storage == "int8-per-channel":
            stored[name], stored[name + _SCALE] = _quantise(value)
        elif value.ndim == 4 and storage == "float16":
            stored[name] = value.half()
        else:
            stored[name] = value
    return stored


def _quantise(weight: Tensor) -> tuple[Tensor, Tensor]:
    largest = weight.abs().amax(dim=(1, 2, 3))
    scale = (largest / _LARGEST).bfloat16()
    divisor = torch.where(scale > 0, scale.float(), 1.0).view(-1, 1, 1, 1)
    return (weight / divisor).round().clamp(-_LARGEST, _LARGEST).to(torch.int8), scale


def decode(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The state dict in float32 from what `encode` made or from a plain one."""
    return {
        name: tensor.float() * stored[name + _SCALE].float().view(-1, 1, 1, 1)
        if name + _SCALE in stored
        else tensor.float()
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
    variant = metadata.get("variant", "").split(":")[0]
    if variant not in {"v1", "v1.5"}:
        raise ModelError(f"The weights in {path} don't say which variant of ResNet50 they are.")
    return decode(stored), variant
