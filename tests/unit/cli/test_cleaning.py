from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tagger.cli import cleaning
from tagger.cli.main import run_command
from tagger.library import Library
from tests.colours import COLOURS, ColourBundle, PlainColours, save_colour

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for colour in COLOURS:
        for number in range(8):
            save_colour(tmp_path / "set" / colour / f"{number}.jpg", colour, seed=number)
    save_colour(tmp_path / "set/red/wrong.jpg", "blue", seed=99)
    return tmp_path / "set"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    bundle = ColourBundle(PlainColours())
    monkeypatch.setattr(cleaning, "find_bundle", lambda home, name: bundle)

    def run(*arguments: str | Path) -> tuple[int, str]:
        code = run_command(["clean", *map(str, arguments), "--home", str(tmp_path / "home")])
        captured = capsys.readouterr()
        return code, captured.out if code == 0 else captured.err

    return run


def test_the_list_as_json(run: Run, folder: Path) -> None:
    code, out = run("--folders", folder, "--json")
    assert code == 0
    found: dict[str, Any] = json.loads(out)
    [suspect] = found["suspects"]
    assert suspect["path"] == str(folder / "red/wrong.jpg")
    assert (suspect["label"], suspect["likely"]) == ("red", "blue")
    assert 0.5 < suspect["doubt"] <= 1
    assert found["photos"] == 25


def test_more_can_be_asked_for(run: Run, folder: Path) -> None:
    found = json.loads(run("--folders", folder, "--json", "--limit", "7")[1])
    doubts = [suspect["doubt"] for suspect in found["suspects"]]
    assert len(doubts) == 7
    assert doubts == sorted(doubts, reverse=True)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--keep", "red/wrong.jpg"),
        ("--leave-out", "red/wrong.jpg"),
        ("--relabel", "red/wrong.jpg=blue"),
    ],
)
def test_a_decision_ends_the_doubt(run: Run, folder: Path, option: str, value: str) -> None:
    code, out = run("--folders", folder, option, folder / value)
    assert (code, out) == (0, "1 decision stored. Training goes by them; no photo was changed.\n")
    assert json.loads(run("--folders", folder, "--json")[1])["suspects"] == []


def test_text(run: Run, folder: Path) -> None:
    (folder / "red/broken.jpg").write_bytes(b"no photo")
    code, out = run("--folders", folder)
    assert code == 0
    assert "red/wrong.jpg  red    blue" in out
    assert "25 labels judged" in out
    assert "broken.jpg: " in out


def test_an_empty_library_has_nothing_to_clean(run: Run) -> None:
    assert run() == (0, "0 decisions judged.\n")
    assert json.loads(run("--json")[1])["suspects"] == []


def test_the_list_of_the_library_as_a_saved_search(run: Run, tmp_path: Path) -> None:
    assert run("--save", "Likely wrong")[0] == 0
    with Library.open(tmp_path / "home") as library:
        [saved] = library.saved_searches()
    assert (saved.name, saved.query) == ("Likely wrong", "is:doubtful")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--relabel", "photo.jpg"), "names no class"),
        (("--relabel", "a.jpg=red"), "not in the library"),
        (("--leave-out", "a.jpg"), "a.jpg=CLASS"),
        (("--folders", ".", "--save", "x"), "has no searches"),
    ],
)
def test_wrong_use_is_one_sentence(run: Run, arguments: tuple[str, ...], sentence: str) -> None:
    code, err = run(*arguments)
    assert code == 2
    assert sentence in err
    assert err.count("\n") == 1
