"""Asking long work to stop at its next safe point."""

from threading import Event

from tagger.core.errors import CancelledError


class CancelToken:
    """Set once from any thread, looked at between batches, files, photos or steps."""

    def __init__(self) -> None:
        self._event = Event()

    def cancel(self) -> None:
        """Ask for a stop. Safe to call from a signal handler and more than once."""
        self._event.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether somebody asked for a stop."""
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        """Raise `CancelledError` when somebody asked for a stop."""
        if self._event.is_set():
            raise CancelledError("Stopped. What was finished is kept; the rest goes on next time.")

    def wait(self, seconds: float) -> bool:
        """Wait, but no longer than until the stop. Returns whether it was asked for."""
        return self._event.wait(seconds)
