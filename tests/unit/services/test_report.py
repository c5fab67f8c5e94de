from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from tagger.core.cancel import CancelToken
from tagger.core.errors import WriteFailedError, WrongUseError
from tagger.services.report_data import Epoch, collect_report
from tagger.services.report_page import draw_charts, render_page, write_report
from tests.colours import PlainColours, save_colour

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.services.report_data import ReportData

EVIL = "<img src=x onerror=alert(1)>"


class Tags(HTMLParser):
    """Every tag of a page with its attributes; and that all are closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in {"meta", "img", "br"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        # Cells and rows of tables may stay open, by HTML's own rules; here all are closed.
        assert self.open.pop() == tag


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two classes of unlike size, a wrong label, a folder that is no class, evil names."""
    for part, counts in (("train", (30, 3)), ("val", (24, 20))):
        for colour, count in zip(("red", "blue"), counts, strict=True):
            for number in range(count):
                save_colour(tmp_path / "set" / part / colour / f"{number}.jpg", colour, seed=number)
    save_colour(tmp_path / "set/val/red" / f"{EVIL}.jpg", "blue", seed=99)
    save_colour(tmp_path / "set/val" / EVIL.replace("/", "") / "a.jpg", "red")
    (tmp_path / "set/val/red/broken.jpg").write_bytes(b"no photo")
    return tmp_path / "set"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    epochs = [
        {"epoch": i, "seconds": 1.0, "train_loss": 1 / (i + 1), "valid_loss": None, "macro_f1": 0.5}
        for i in range(3)
    ]
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle/history.json").write_text(json.dumps(epochs))
    return tmp_path / "bundle"


@pytest.fixture
def data(folder: Path, bundle: Path) -> ReportData:
    return collect_report(PlainColours(), bundle, folder, CancelToken(), lambda _: None)


def test_what_is_gathered(data: ReportData) -> None:
    assert data.parts == ("train", "validation")
    assert [(one.name, one.counts) for one in data.counts if one.name != EVIL] == [
        ("blue", (3, 20)),
        ("red", (30, 26)),
    ]
    assert any("“blue” has 3 photos and “red” 30" in warning for warning in data.warnings)
    assert data.evaluation.split == "validation"
    assert data.evaluation.figures.n == 45
    assert {name: len(shown) for name, shown in data.pictures.samples.items()} == {
        "red": 6,
        "blue": 6,
    }
    assert len(data.pictures.wall) == 45
    assert sum(not shown.is_right for shown in data.pictures.wall) == 1
    worst = data.pictures.losses[0]
    assert (worst.name, worst.label, worst.bars[0][0]) == (f"{EVIL}.jpg", "red", "blue")
    assert re.fullmatch(r"loss \d\.\d\d", worst.note)
    [doubt] = data.pictures.doubts
    assert (doubt.name, doubt.note) == (f"{EVIL}.jpg", "looks like blue")


def test_the_page_needs_nothing_from_outside_and_runs_nothing(data: ReportData) -> None:
    page = Tags(render_page(data))
    assert page.open == []
    assert not any(tag in {"script", "link", "iframe", "object"} for tag, _ in page.found)
    assert not any(name.startswith("on") for _, attributes in page.found for name in attributes)
    sources = [attributes["src"] for tag, attributes in page.found if tag == "img"]
    assert len(sources) > 45
    assert all(source and source.startswith("data:image/jpeg;base64,") for source in sources)


def test_names_are_escaped(data: ReportData) -> None:
    text = render_page(data)
    assert EVIL not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


def test_the_page_says_it_all(data: ReportData) -> None:
    text = render_page(data)
    for words in (
        *("Macro-F1", "is no class of this model", "broken.jpg", "too few photos to promise"),
        *("Labels that are likely wrong", "Top losses", "<polyline", "in the validation part"),
    ):
        assert words in text


def test_charts_of_what_was_measured() -> None:
    history = [Epoch(epoch=i, train_loss=2.0 - i, macro_f1=0.5) for i in range(3)]
    losses, measures = draw_charts(history)
    assert [line.name for line in losses.lines] == ["training"]
    [(first, top), *_, (last, bottom)] = [
        tuple(map(float, point.split(","))) for point in losses.lines[0].points.split()
    ]
    assert first < last
    assert top < bottom
    assert measures.lines[0].last == 0.5
    assert draw_charts(history[:1]) == ()
    assert draw_charts([Epoch(epoch=0), Epoch(epoch=1)]) == ()


def test_a_damaged_history_is_said(folder: Path, bundle: Path) -> None:
    (bundle / "history.json").write_text("[{")
    data = collect_report(PlainColours(), bundle, folder, CancelToken(), lambda _: None)
    assert data.history == ()
    assert any("there are no curves" in warning for warning in data.warnings)
    assert "<polyline" not in render_page(data)


def test_an_older_report_is_replaced_and_another_page_is_not(
    data: ReportData, tmp_path: Path
) -> None:
    page = write_report(data, tmp_path / "new/report")
    assert page.read_text(encoding="utf-8") == render_page(data)
    assert write_report(data, tmp_path / "new/report") == page
    assert [path.name for path in page.parent.iterdir()] == ["index.html"]
    page.write_text("<html>my holidays</html>")
    with pytest.raises(WrongUseError, match="is no report, so it stays"):
        write_report(data, tmp_path / "new/report")
    assert page.read_text() == "<html>my holidays</html>"


def test_names_that_are_not_utf8_stand_in_a_page_that_is(data: ReportData, tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.jpg")
    odd = replace(data, warnings=(*data.warnings, f"{name} is odd."))
    page = write_report(odd, tmp_path / "report")
    assert "caf?.jpg is odd." in page.read_text(encoding="utf-8")


def test_a_folder_that_can_not_be_made_is_one_sentence(data: ReportData, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WriteFailedError):
        write_report(data, tmp_path / "file/report")
