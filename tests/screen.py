"""An X server without a monitor, and a person's fingers and eyes."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from PIL import ImageGrab

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image

_SIZE = "1600x1000x24"


class Screen:
    """One display; programs see it by its name in `DISPLAY`."""

    def __init__(self, display: str) -> None:
        self.display = display

    def find_window(self, process: subprocess.Popen[bytes], title: str = "tagger") -> str:
        """The window of a process once it is visible; empty while it is not."""
        pid = str(process.pid)
        found = self._do("search", "--all", "--onlyvisible", "--pid", pid, "--name", title)
        return found.partition("\n")[0]

    def press(self, window: str, *keys: str) -> None:
        """Press keys in a window, as X11 names them, such as `ctrl+a`."""
        self._do("windowfocus", window)
        self._do("key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        """Type where the focus is."""
        self._do("type", "--clearmodifiers", text)

    def look(self) -> Image.Image:
        """What is on the screen."""
        return ImageGrab.grab(xdisplay=self.display).convert("RGB")

    def _do(self, *words: str) -> str:
        environment = {**os.environ, "DISPLAY": self.display}
        return subprocess.run(
            ["xdotool", *words], env=environment, capture_output=True, text=True, check=False
        ).stdout.strip()


@contextmanager
def open_screen() -> Iterator[Screen]:
    """A display of its own; skips where there is no X server for it."""
    if not (shutil.which("Xvfb") and shutil.which("xdotool")):
        pytest.skip("Xvfb and xdotool are not installed (Debian: xvfb, xdotool)")
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", _SIZE, "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout is not None
        try:
            yield Screen(f":{int(server.stdout.readline())}")
        finally:
            server.terminate()
