from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tagger.cli.output import count_of, duration, print_json, print_table, quoted
from tagger.cli.progress import describe
from tagger.core.photo import Capture
from tagger.core.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59.4, "59 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")],
)
def test_durations_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_names_of_several_words_are_typed_in_quotes() -> None:
    assert quoted("wedding-scenes") == "wedding-scenes"
    assert quoted("small with first dance") == '"small with first dance"'


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 photos"), (1, "1 photo"), (4000, "4,000 photos")]
)
def test_counts_in_words(number: int, words: str) -> None:
    assert count_of(number, "photo") == words


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress("Tagging", 0, None, 0.0), "Tagging: 0"),
        (
            Progress("Tagging", 320, 963, 32.0),
            "Tagging: 320 of 963, 10.0 photos a second, 1 min 4 s left",
        ),
        (Progress("Tagging", 963, 963, 96.3), "Tagging: 963 of 963, 10.0 photos a second"),
    ],
)
def test_progress_in_words(progress: Progress, words: str) -> None:
    assert describe(progress) == words


def test_json_keeps_names_that_are_not_utf8(capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(os.fsdecode(b"caf\xe9.jpg"))

    print_json({"path": path, "capture": Capture(camera="Nikon Zf")})

    output = capsys.readouterr().out
    assert output.isascii()
    assert json.loads(output)["path"] == str(path)
    assert json.loads(output)["capture"]["camera"] == "Nikon Zf"


@pytest.mark.parametrize(
    ("rows", "lines"), [([], []), ([("a", "1"), ("long", "22")], ["a     1", "long  22"])]
)
def test_tables_align(
    rows: Sequence[Sequence[str]], lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    print_table(rows)

    assert capsys.readouterr().out.splitlines() == lines
