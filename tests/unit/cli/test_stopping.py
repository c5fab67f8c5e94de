"""Ctrl-C in commands that show no progress."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tagger.cli.main import INTERRUPTED, run_command
from tagger.services.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_control_c_ends_any_command_as_the_shell_expects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Workspace, "open", lambda *_: signal.raise_signal(signal.SIGINT))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a process of its own
    try:
        assert run_command(["folders", "--home", str(tmp_path)]) == INTERRUPTED
    finally:
        signal.signal(signal.SIGINT, before)
    assert capsys.readouterr().err == "Stopped.\n"
