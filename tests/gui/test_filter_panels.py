"""Days, ratings, cameras and states filter as the classes do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tagger.gui.panels.filter_row import FilterRow, Standing
from tagger.gui.window import MainWindow
from tests.gui.day import Day
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QSettings
    from pytestqt.qtbot import QtBot

    from tagger.gui.appearance.look import Look
    from tagger.gui.panels.choice_list import ChoiceList
    from tagger.gui.session import Session

_ALT = Qt.KeyboardModifier.AltModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def open_day(day: Day) -> Day:
    """Every section open, every count there."""
    for section in day.widgets.side.sections.values():
        section.set_open(True)
    day.wait_until(lambda: _row(day.widgets.side.ratings, "No stars").count == 12)
    return day


def _row(panel: ChoiceList, name: str) -> FilterRow:
    return next(row for row in panel.rows if row.accessibleName().startswith(name))


def _click(
    day: Day, row: FilterRow, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    before = day.widgets.grid.photos.listing
    QTest.mouseClick(row, Qt.MouseButton.LeftButton, modifier)
    day.wait_until(lambda: day.widgets.grid.photos.listing is not before)


def test_a_section_opens_by_key_and_stays_open_next_time(
    day: Day, look: Look, settings: QSettings, qtbot: QtBot
) -> None:
    section = day.widgets.side.sections["states"]
    assert not section.content.isVisible()

    section.heading.setFocus()
    day.press(Qt.Key.Key_Space, on=section.heading)
    assert section.content.isVisible()

    again = MainWindow(day.session, look, settings)
    qtbot.addWidget(again)
    assert again.widgets.side.sections["states"].is_open


def test_confirmed_photos_are_one_click_away(open_day: Day) -> None:
    day = open_day
    photo = day.go_to(0)
    day.press(Qt.Key.Key_Return)
    confirmed = _row(day.widgets.side.states, "Confirmed")
    day.wait_until(lambda: confirmed.count == 1)
    assert _row(day.widgets.side.states, "Waits for writing").count == 1

    _click(day, confirmed)

    assert day.shown_ids == [photo]
    assert day.widgets.search.line.text() == "state:confirmed"
    assert day.widgets.chips.texts == ["Confirmed"]
    assert confirmed.standing is Standing.WANTED

    _click(day, confirmed, _ALT)
    assert day.widgets.search.line.text() == "NOT state:confirmed"
    assert len(day.shown_ids) == 11


def test_counts_follow_the_other_filters_and_not_their_own(open_day: Day) -> None:
    day = open_day
    unrated = _row(day.widgets.side.ratings, "No stars")

    day.search("shoot:2026-06-20")
    day.wait_until(lambda: unrated.count == 6)
    _click(day, _row(day.widgets.side.ratings, "5 stars"))

    assert day.shown_ids == []
    day.wait_until(lambda: unrated.count == 6)
    _click(day, unrated, _SHIFT)
    assert len(day.shown_ids) == 6
    assert day.widgets.chips.texts[-1] == "5 stars or No stars"


def test_a_day_is_found_through_its_month_by_keys_alone(open_day: Day) -> None:
    day = open_day
    tree = day.widgets.side.dates
    day.wait_until(lambda: tree.topLevelItemCount() == 1)
    year = tree.topLevelItem(0)
    assert year is not None
    assert year.isExpanded()
    tree.setFocus()
    tree.setCurrentItem(year)

    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        day.press(key, on=tree)

    day.wait_until(lambda: len(day.shown_ids) == 6)
    assert day.widgets.search.line.text() == "taken:2026-06-20"
    assert [item.text(0) for item in tree.selectedItems()] == ["Sat 20"]


def test_dates_that_changed_while_folded_away_are_there_when_unfolded(open_day: Day) -> None:
    day = open_day
    tree, section = day.widgets.side.dates, day.widgets.side.sections["dates"]
    day.wait_until(lambda: tree.topLevelItemCount() == 1)
    tree.expandAll()
    days = [item.text(0) for item in tree.all_items()]
    assert days[-2:] == ["Sat 20", "Sun 21"]
    section.set_open(False)
    day.search("taken:2026-06-20 AND rating:0")

    section.set_open(True)

    def marked() -> list[str]:
        return [item.text(0) for item in tree.selectedItems()]

    day.wait_until(lambda: marked() == ["Sat 20"])
    assert [item.text(0) for item in tree.all_items()] == days


def test_a_heading_tells_that_it_filters_out_of_sight(open_day: Day) -> None:
    day = open_day
    heading = day.widgets.side.sections["dates"].heading
    assert "filtering" not in heading.accessibleName()

    day.search("taken:2026-06")

    assert "filtering" in heading.accessibleName()
    assert day.widgets.chips.texts == ["June 2026"]


def test_cameras_are_listed_and_filter(
    qtbot: QtBot, tmp_path: Path, session: Session, window: MainWindow
) -> None:
    for number, camera in enumerate(("Canon EOS R6", "Canon EOS R6 Mark II", "NIKON Z 8")):
        save_jpeg(tmp_path / "cameras" / f"{number}.jpg", seed=number, camera=camera)
    window.add_folders([tmp_path / "cameras"])
    day = Day(qtbot, session, window)
    day.wait_for_tags(3)
    cameras = day.widgets.side.cameras
    day.widgets.side.sections["cameras"].set_open(True)
    day.wait_until(lambda: len(cameras.rows) == 3)

    _click(day, _row(cameras, "Canon EOS R6,"))

    assert len(day.shown_ids) == 1
    assert [row.count for row in cameras.rows] == [1, 1, 1]
