"""Where the bundled windowed program starts, and with it the process that works behind it."""

import multiprocessing
import os
import sys


def open_streams() -> None:
    """Give print and logging somewhere to go: a Windows program without console has no streams."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - for as long as the program runs


def forget_library_path() -> None:
    """Let programs that this one opens find their own libraries, not the bundled ones.

    The starter of a bundle puts its folder into `LD_LIBRARY_PATH` and keeps what was there before
    (PyInstaller's manual, "Launching external programs from the frozen application").
    """
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if before:
        os.environ["LD_LIBRARY_PATH"] = before


if __name__ == "__main__":
    open_streams()
    # A process started for work is this program again; it must not read its arguments as a user's.
    multiprocessing.freeze_support()
    forget_library_path()

    from tagger.gui import main

    main()
