"""What the devices do when there is too little memory, and making room."""

from __future__ import annotations

import gc

import torch


def is_out_of_memory(error: Exception) -> bool:
    """Whether this is what torch, or Python, says when memory is short."""
    # The allocator for the processor's memory raises a plain RuntimeError with this text.
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or (
        "can't allocate memory" in str(error)
    )


def free_memory(device: str) -> None:
    """Give back what is kept for later."""
    gc.collect()
    if device == "cuda":
        torch.cuda.empty_cache()
    elif device == "mps":
        torch.mps.empty_cache()
    elif device == "xpu":
        torch.xpu.empty_cache()
