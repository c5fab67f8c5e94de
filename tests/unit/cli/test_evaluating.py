from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tagger.cli import evaluating
from tagger.cli.main import run_command
from tests.colours import ColourBundle, PlainColours, save_colour

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    for name, colour in (("red", "red"), ("blue", "blue"), ("green", "red"), ("other", "red")):
        for number in range(3):
            save_colour(tmp_path / "set" / name / f"{number}.jpg", colour, seed=number)
    return tmp_path / "set"


@pytest.fixture
def is_exclusive(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> bool:
    exclusive: bool = getattr(request, "param", True)
    bundle = ColourBundle(PlainColours(exclusive=exclusive))
    monkeypatch.setattr(evaluating, "find_bundle", lambda home, name: bundle)
    return exclusive


@pytest.mark.usefixtures("is_exclusive")
def test_json_holds_what_scripts_rely_on(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["evaluate", "--folders", str(folders), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["n"] == 9
    assert found["accuracy"] == pytest.approx(6 / 9)
    assert found["macro_f1"] == pytest.approx((2 / 3 + 0 + 1) / 3)
    assert 0 <= found["mean_average_precision"] <= 1
    assert 0 <= found["calibration_error"] <= 1
    assert set(found["per_class"]) == {"red", "green", "blue"}
    red = found["per_class"]["red"]
    assert red["n"] == 3
    assert (red["precision"], red["recall"]) == (0.5, 1)
    assert red["interval"][0] < red["f1"] < red["interval"][1]
    assert found["confusion"]["classes"] == ["red", "green", "blue"]
    assert found["confusion"]["counts"] == [[3, 0, 0], [3, 0, 0], [0, 0, 3]]
    assert found["left_out"] == {"other": 3}


@pytest.mark.usefixtures("is_exclusive")
def test_chosen_classes_and_looks(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--classes", "green, blue", "--tta", "--json"]
    assert run_command(["evaluate", "--folders", str(folders), *options]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["confusion"]["classes"] == ["green", "blue"]
    assert found["n"] == 6
    assert found["tta"] is True


@pytest.mark.parametrize("is_exclusive", [True, False], indirect=True)
def test_text_says_all_of_it(
    folders: Path, is_exclusive: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    (folders / "red/broken.jpg").write_bytes(b"no photo")
    assert run_command(["evaluate", "--folders", str(folders)]) == 1
    text = capsys.readouterr().out
    assert "other is left out: 3 photos" in text
    assert "broken.jpg: " in text
    assert "colours on 9 photos" in text
    for heading in ("accuracy", "macro-F1", "recall", "left for review"):
        assert heading in text
    assert ("The classifier's thresholds" in text) is not is_exclusive


@pytest.mark.usefixtures("is_exclusive")
def test_wrong_use_is_one_sentence(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["evaluate", "--folders", str(folders), "--classes", "pink"]
    assert run_command(command) == 2
    assert capsys.readouterr().err.count("\n") == 1
