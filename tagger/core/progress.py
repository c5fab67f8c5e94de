"""How far long work has come, at which rate, and how long it still takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of long work.

    Attributes:
        task: what is being done, in the user's words: `Tagging`.
        done, total: photos, or what `unit` says; `total` None while it isn't known yet.
        seconds: since the work began.
        unit: what is counted, in the user's words.
    """

    task: str
    done: int
    total: int | None
    seconds: float
    unit: str = "photos"

    @property
    def rate(self) -> float:
        """Done a second so far; 0 before the first."""
        return self.done / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """At this rate; None while it can't be told."""
        if self.total is None or self.rate == 0:
            return None
        return (self.total - self.done) / self.rate
