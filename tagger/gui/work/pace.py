"""Keeping the window's own thread free of waits that Python brings along."""

from __future__ import annotations

import gc
import sys

_SWITCH_INTERVAL_S = 0.0005
"""A tenth of Python's own. Painting asks for Python's lock a hundred times a frame, and each time
waits so long for every thread that computes: with four of them 64 ms a frame, so 27 ms."""


def answer_quickly() -> None:
    """Call once everything that stays is there.

    Python looks through all objects for garbage now and then, which takes 100 ms in a program of
    this size; what is there at the start stays until the end and need not be looked through.
    """
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    gc.collect()
    gc.freeze()
