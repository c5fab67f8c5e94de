"""Ctrl-C: the first asks for a stop at the next safe point, the second stops at once."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tagger.core.cancel import CancelToken
from tagger.core.errors import CancelledError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


@contextmanager
def cancel_on_interrupt() -> Iterator[CancelToken]:
    """Give a token that Ctrl-C, or the system's request to end, sets."""
    token = CancelToken()

    def _on_signal(_number: int, _frame: FrameType | None) -> None:
        if token.is_cancelled:
            raise CancelledError("Stopped at once. What was finished is kept.")
        token.cancel()
        # Not by print: the signal may have come in the middle of one, which can't be re-entered.
        os.write(sys.stderr.fileno(), "\nStopping at the next safe point…\n".encode())

    previous = {
        number: signal.signal(number, _on_signal) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield token
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
