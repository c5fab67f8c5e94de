"""Which processor computes, in which number format, and why: `tagger doctor` prints the reason."""

from __future__ import annotations

import os
from dataclasses import dataclass

import torch

from tagger.core.errors import ModelError

_NAMES = {
    "cuda": "CUDA graphics card",
    "mps": "Apple graphics processor",
    "xpu": "Intel graphics card",
}


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """Where to compute.

    Attributes:
        name: `cuda`, `mps`, `xpu` or `cpu`, as torch calls it.
        reason: one sentence for people.
        dtype: number format of the network's body; sums and the head stay in float32.
        batch_size: photos at once for full speed.
    """

    name: str
    reason: str
    dtype: torch.dtype
    batch_size: int


def choose_device(wanted: str = "auto") -> DeviceChoice:
    """The device to use: the one asked for, or the first there is of CUDA, MPS, XPU and CPU.

    Raises:
        ModelError: a device was asked for by name and is not there, or there is no such name.
    """
    if wanted == "auto":
        wanted = next((name for name in _NAMES if _has_device(name)), "cpu")
    if wanted == "cpu":
        return _choose_cpu()
    if wanted not in _NAMES:
        raise ModelError(f"There is no device “{wanted}”. Choose auto, cuda, mps, xpu or cpu.")
    if not _has_device(wanted):
        raise ModelError(f"No {_NAMES[wanted]} was found. Use the device auto or cpu.")
    return _choose_accelerator(wanted)


def count_cores() -> int:
    """Cores this process may use, which containers and `taskset` limit."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _has_device(name: str) -> bool:
    if name == "cuda":
        return torch.cuda.is_available()
    if name == "mps":
        return torch.backends.mps.is_available()
    return torch.xpu.is_available()


def _choose_accelerator(name: str) -> DeviceChoice:
    has_bf16 = (name == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)) or (
        name == "xpu" and torch.xpu.is_bf16_supported(including_emulation=False)
    )
    label = torch.cuda.get_device_name() if name == "cuda" else _NAMES[name]
    return DeviceChoice(
        name,
        f"Computes on {label} in {_describe_format(has_bf16=has_bf16)}.",
        torch.bfloat16 if has_bf16 else torch.float32,
        batch_size=64,
    )


def _choose_cpu() -> DeviceChoice:
    has_bf16 = _cpu_has_bf16()
    others = ", ".join(_NAMES.values())
    return DeviceChoice(
        "cpu",
        f"Computes on the processor ({count_cores()} cores) in "
        f"{_describe_format(has_bf16=has_bf16)}; not used or not found: {others}.",
        torch.bfloat16 if has_bf16 else torch.float32,
        batch_size=16,
    )


def _cpu_has_bf16() -> bool:
    """Whether products of bf16 are computed by the processor itself: emulated they are slower."""
    read = getattr(torch.cpu, "get_capabilities", None)  # new in torch 2.11
    found = read() if read is not None else {}
    return bool(found.get("amx_bf16") or found.get("avx512_bf16"))


def _describe_format(*, has_bf16: bool) -> str:
    return "bf16, which it computes natively" if has_bf16 else "float32, since it has no bf16"
