"""The window: the only package that imports PySide6."""

import multiprocessing


def main() -> None:
    """Open the window of this process; returns when it is closed."""
    # In a packaged program the process behind the window is this very executable, started again.
    multiprocessing.freeze_support()
    from tagger.gui.application import run_window  # noqa: PLC0415  Qt loads when a window is wanted

    run_window()


__all__ = ["main"]
