"""What a fresh interpreter has loaded, since layers also mean who pays for what."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["tagger.services", "tagger.cli"])
def test_importing_loads_neither_window_nor_torch(module: str) -> None:
    every_module = (
        f"import pkgutil, {module} as package\n"
        "import importlib, sys\n"
        "for found in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "    importlib.import_module(found.name)\n"
        "print([name for name in ('PySide6', 'torch', 'torchvision') if name in sys.modules])\n"
    )

    output = subprocess.run(
        [sys.executable, "-c", every_module], capture_output=True, text=True, check=True
    ).stdout

    assert output.strip() == "[]"
