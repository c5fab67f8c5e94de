"""The hours of a shoot: seen, dragged over, clicked on, and used by keys."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest

from tagger.gui.ribbon.colour_column import stack_parts, strongest
from tagger.gui.ribbon.hours import hour_marks
from tests.gui.classifier import tag_folder
from tests.gui.day import Day
from tests.pictures import save_jpeg

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tagger.gui.ribbon.strip import RibbonStrip
    from tagger.gui.session import Session
    from tagger.gui.window import MainWindow

_SHIFT = Qt.KeyboardModifier.ShiftModifier
_LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def hours_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with twelve photos, one an hour from 10:00 to 21:00."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("shoot")
    for hour in range(12):
        taken_at = f"2026:06:20 {10 + hour}:00:00"
        save_jpeg(folder / f"{hour:02}.jpg", seed=hour, taken_at=taken_at)
    tag_folder(home, folder)
    return home


@pytest.fixture
def own_hours(tmp_path: Path, hours_home: Path) -> Path:
    """The same for one test; the session opens it."""
    return shutil.copytree(hours_home, tmp_path / "home")


@pytest.fixture
def strip(qtbot: QtBot, own_hours: Path, session: Session, window: MainWindow) -> RibbonStrip:
    """The hours of these photos."""
    assert session.workspace.home == own_hours
    Day(qtbot, session, window).wait_for_tags(12)
    strip = window.widgets.ribbon
    qtbot.waitUntil(
        lambda: (
            strip.isVisible() and all(any(s.shares) for s in strip.ribbon.stretches if s.photo_ids)
        ),
        timeout=10_000,
    )
    return strip


@pytest.fixture
def ribbon_day(strip: RibbonStrip, qtbot: QtBot, session: Session, window: MainWindow) -> Day:
    return Day(qtbot, session, window)


def _place(strip: RibbonStrip, share: float, height: float = 0.9) -> QPoint:
    band = strip._band()
    return QPoint(
        round(band.left() + band.width() * share), round(band.top() + band.height() * height)
    )


def test_a_drag_selects_the_photos_of_these_hours(ribbon_day: Day, strip: RibbonStrip) -> None:
    QTest.mousePress(strip, _LEFT, pos=_place(strip, 0.0))
    QTest.mouseMove(strip, _place(strip, 0.1))
    QTest.mouseMove(strip, _place(strip, 0.3))
    QTest.mouseRelease(strip, _LEFT, pos=_place(strip, 0.3))

    assert ribbon_day.window.selection.photo_ids() == ribbon_day.shown_ids[:4]
    assert ribbon_day.window.selection.current_row == 0


def test_with_ctrl_only_these_hours_are_shown(ribbon_day: Day, strip: RibbonStrip) -> None:
    shown = ribbon_day.shown_ids
    ctrl = Qt.KeyboardModifier.ControlModifier
    QTest.mousePress(strip, _LEFT, ctrl, _place(strip, 0.0))
    QTest.mouseMove(strip, _place(strip, 0.1))
    QTest.mouseMove(strip, _place(strip, 0.3))
    QTest.mouseRelease(strip, _LEFT, ctrl, _place(strip, 0.3))

    ribbon_day.wait_until(lambda: ribbon_day.shown_ids == shown[:4])
    assert ribbon_day.widgets.search.line.text().startswith("taken:2026-06-20T10..2026-06-20T1")
    assert ribbon_day.widgets.chips.texts[0].startswith("20 June 2026, 10:00")

    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    ribbon_day.wait_until(lambda: ribbon_day.widgets.search.line.text() == "")


def test_a_click_on_a_colour_filters_by_its_class(ribbon_day: Day, strip: RibbonStrip) -> None:
    first = strip.ribbon.stretches[0]
    name = strip.ribbon.classes[max(range(5), key=lambda place: first.shares[place])]
    part = next(p for p in strip._parts(0) if strip.ribbon.classes[p.place] == name)

    QTest.mouseClick(strip, _LEFT, pos=part.box.center().toPoint())

    ribbon_day.wait_until(lambda: ribbon_day.widgets.search.line.text() == f"tag:{name}")


def test_keys_move_stretch_select_and_filter(ribbon_day: Day, strip: RibbonStrip) -> None:
    strip.setFocus()
    assert "10:00" in strip.accessibleDescription()
    assert "1 photo" in strip.accessibleDescription()

    QTest.keyClick(strip, Qt.Key.Key_Right)
    QTest.keyClick(strip, Qt.Key.Key_Right, _SHIFT)
    QTest.keyClick(strip, Qt.Key.Key_Space)
    assert ribbon_day.window.selection.photo_ids() == ribbon_day.shown_ids[1:3]

    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Return)
    ribbon_day.wait_until(lambda: ribbon_day.widgets.search.line.text().startswith("tag:"))
    assert not ribbon_day.window.enlarging.is_open


def test_a_correction_changes_the_colour(ribbon_day: Day, strip: RibbonStrip) -> None:
    ribbon_day.go_to(0)
    ribbon_day.press(Qt.Key.Key_0)

    ribbon_day.wait_until(lambda: not any(strip.ribbon.stretches[0].shares))


def test_colours_share_the_height_and_never_leave_it() -> None:
    box = QRectF(0, 10, 4, 20)
    parts = stack_parts((0.9, 0.0, 0.9), box)

    assert [part.place for part in parts] == [0, 2]
    assert parts[0].box.bottom() == box.bottom()
    assert parts[1].box.top() == pytest.approx(box.top())
    assert [part.box.height() for part in stack_parts((0.5,), box)] == [10]
    assert strongest((0.1, 0.7)) == 1
    assert strongest((0.0, 0.0)) is None


def test_hours_are_round_and_few_enough() -> None:
    start = datetime(2026, 6, 20, 9, 50)  # noqa: DTZ001  a camera's clock
    marks = hour_marks(start, start + timedelta(hours=12), 8)

    assert [mark.hour for mark in marks] == [10, 12, 14, 16, 18, 20]
    assert all(mark.minute == 0 for mark in marks)
    assert 1 <= len(hour_marks(start, start + timedelta(days=30), 8)) <= 9
    assert hour_marks(start, start + timedelta(minutes=1), 8) == [start]
