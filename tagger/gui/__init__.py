"""The window: the only package that imports PySide6."""


def main() -> None:
    """Open the window of this process; returns when it is closed."""
    from tagger.gui.application import run_window  # noqa: PLC0415  Qt loads when a window is wanted

    run_window()


__all__ = ["main"]
