"""Commands as a test file of this folder runs them, on the library that its `home` made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagger.cli.main import run_command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; returns its exit code, and what it printed or, if it failed, its errors."""

    def run(*arguments: str | Path) -> tuple[int, str]:
        capsys.readouterr()
        code = run_command([*map(str, arguments), "--home", str(home)])
        captured = capsys.readouterr()
        return code, captured.out if code == 0 else captured.err

    return run
