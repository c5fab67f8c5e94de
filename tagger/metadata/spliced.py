"""A new file of which all from some place on is as it was: nobody moves a whole picture about.

Pictures of cameras are nearly all of their files, and moving one takes longer than its metadata.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Spliced:
    """New bytes, and the end of the old file behind them."""

    head: bytes
    tail: memoryview

    def join(self) -> bytes:
        """The whole file."""
        return b"".join((self.head, self.tail))


NewFile = bytes | Spliced
"""What a file shall hold."""


def join(new: NewFile) -> bytes:
    """The whole file."""
    return new.join() if isinstance(new, Spliced) else new


def cut(new: NewFile) -> tuple[bytes, memoryview]:
    """What is new, and what follows as it was."""
    return (new.head, new.tail) if isinstance(new, Spliced) else (new, memoryview(b""))
