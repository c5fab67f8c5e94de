"""Lists of ids that searches have read, kept in memory until what they came from changes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tagger.library.revisions import Subject

Question: TypeAlias = "tuple[Subject, str, tuple[str | float, ...]]"
"""What was read: the subject, the statement and its values."""

_MOST_BYTES = 64 * 1024 * 1024
_OVERHEAD_BYTES = 500
"""Of an answer without a photo: what Python takes to keep it."""


class KeptReads:
    """The newest answers, up to 64 MiB. Safe to use from any thread.

    An answer counts only for the very revision it was read at, so that a search that looks at an
    older moment of the library than another thread's does not see that thread's answer.
    """

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[Question, tuple[int, NDArray[np.int64]]] = OrderedDict()
        self._bytes = 0

    def get(self, question: Question, revision: int) -> NDArray[np.int64] | None:
        """The answer of this revision, `[N] int64`, read-only; None where it is not kept."""
        with self._lock:
            kept = self._kept.get(question)
            if kept is None or kept[0] != revision:
                return None
            self._kept.move_to_end(question)
            return kept[1]

    def put(self, question: Question, revision: int, ids: NDArray[np.int64]) -> None:
        """Keep an answer in place of an older one; it must not be changed any more."""
        ids.setflags(write=False)
        with self._lock:
            self._drop(question)
            self._kept[question] = (revision, ids)
            self._bytes += _measure(question, ids)
            while self._bytes > self._most_bytes:
                self._drop(next(iter(self._kept)))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def _drop(self, question: Question) -> None:
        kept = self._kept.pop(question, None)
        if kept is not None:
            self._bytes -= _measure(question, kept[1])


def _measure(question: Question, ids: NDArray[np.int64]) -> int:
    """Bytes in memory, roughly. Questions count: one may list ten thousand keywords."""
    _, statement, values = question
    return ids.nbytes + sum(len(str(text)) for text in (statement, *values)) + _OVERHEAD_BYTES
