"""Two to four photos side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tagger.core.tag import TagState

if TYPE_CHECKING:
    from tests.gui.day import Day

_SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def three(day: Day) -> Day:
    """Three photos side by side, with their pictures."""
    day.go_to(0)
    for _ in range(2):
        day.press(Qt.Key.Key_Right, _SHIFT)
    day.press(Qt.Key.Key_C)
    compare = day.widgets.compare
    assert compare.isVisible()
    day.wait_until(lambda: all(pane.picture.has_picture for pane in compare.panes[:3]))
    return day


def test_c_puts_the_selected_photos_side_by_side(three: Day) -> None:
    compare = three.widgets.compare
    assert compare.photo_ids == three.shown_ids[:3]
    assert not compare.panes[3].isVisible()
    assert three.row(0).path.name in compare.panes[0].caption

    three.press(Qt.Key.Key_Escape, on=compare)

    assert three.widgets.grid.isVisible()
    assert three.window.selection.photo_ids() == three.shown_ids[:3]


def test_all_photos_zoom_together(three: Day) -> None:
    compare = three.widgets.compare

    three.press(Qt.Key.Key_Z, on=compare)

    zooms = {pane.picture.zoom for pane in compare.panes[:3]}
    assert len(zooms) == 1
    assert zooms.pop() > 1


def test_keys_decide_on_the_chosen_photo_alone(three: Day) -> None:
    compare = three.widgets.compare
    ids = three.shown_ids[:3]

    three.press(Qt.Key.Key_Right, on=compare)
    assert compare.current == ids[1]
    three.press(Qt.Key.Key_Return, on=compare)

    three.wait_until(lambda: "✓" in compare.panes[1].caption)
    assert set(three.states(ids[1]).values()) == {TagState.CONFIRMED}
    assert set(three.states(ids[0]).values()) == {TagState.PREDICTED}

    QTest.mouseClick(compare.panes[2].picture, Qt.MouseButton.LeftButton)
    three.press(Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier, on=compare)
    three.wait_until(lambda: "★★★★★" in compare.panes[2].caption)
    assert not three.row(0).rating


def test_a_closer_look_is_at_the_chosen_photo(three: Day) -> None:
    compare, loupe = three.widgets.compare, three.widgets.loupe
    three.press(Qt.Key.Key_Right, on=compare)

    three.press(Qt.Key.Key_H, on=compare)

    assert loupe.isVisible()
    assert loupe.caption.startswith(three.row(1).path.name)
    three.press(Qt.Key.Key_Space, on=loupe)
    assert three.window.selection.photo_ids() == three.shown_ids[:3]
    assert three.window.selection.current == three.shown_ids[1]


def test_one_photo_is_not_compared(day: Day) -> None:
    day.go_to(0)

    day.press(Qt.Key.Key_C)

    assert not day.widgets.compare.isVisible()
    assert "two, three or four" in day.widgets.jobs.message
