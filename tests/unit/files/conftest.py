"""A RAM disk, for what only a drive of its own can show."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Mount = Callable[[Path, str], None]


@pytest.fixture
def mount_ram() -> Iterator[Mount]:
    """Mounts a RAM disk with options such as `size=1m`; skips where that is not allowed."""
    mounted: list[Path] = []

    def mount(point: Path, options: str) -> None:
        if sys.platform != "linux" or os.geteuid():
            pytest.skip("only root of Linux mounts drives")
        command = ["mount", "-t", "tmpfs", "-o", options, "none", os.fspath(point)]
        if subprocess.run(command, check=False).returncode:
            pytest.skip("mounting is not allowed here")
        if "remount" not in options:
            mounted.append(point)

    yield mount
    for point in mounted:
        if os.path.ismount(point):
            subprocess.run(["umount", "-l", os.fspath(point)], check=True)
