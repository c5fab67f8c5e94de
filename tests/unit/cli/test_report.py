from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.cli import report
from tagger.cli.main import run_command
from tests.colours import ColourBundle, PlainColours, save_colour

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_page_is_written_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(4):
        for colour in ("red", "blue"):
            save_colour(tmp_path / "set" / colour / f"{number}.jpg", colour, seed=number)
    bundle = ColourBundle(PlainColours(exclusive=False))
    monkeypatch.setattr(report, "find_bundle", lambda home, name: bundle)
    folders, target = str(tmp_path / "set"), str(tmp_path / "page")
    assert run_command(["report", "colours", "--folders", folders, "--to", target]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'page' / 'index.html'}\n"
    assert "Colours" in (tmp_path / "page/index.html").read_text(encoding="utf-8")
