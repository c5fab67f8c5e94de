"""The program as a user starts it, on a library of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tagger.cli.main import run_command
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """What one command printed and returned."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What `--json` printed."""
        return json.loads(self.out)


class Tagger:
    """Runs commands in this process: the same entry as the executable, without its start-up."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Outcome:
        self._capsys.readouterr()
        code = run_command([*map(str, arguments), "--home", str(self.home)])
        captured = self._capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start a command as a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "tagger", *map(str, arguments), "--home", str(self.home)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )


@pytest.fixture
def tagger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Tagger:
    return Tagger(tmp_path / "home", capsys)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with eight pictures in two shoots."""
    folder = tmp_path / "photos"
    for number in range(8):
        save_jpeg(
            folder / f"2026-06-{20 + number % 2}" / f"IMG_{number:04}.jpg",
            width=320,
            height=240,
            seed=number,
            taken_at=f"2026:06:{20 + number % 2} 15:00:{number:02}",
        )
    return folder
