"""Searches get a name in place, are one click away, and are renamed and removed by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu

if TYPE_CHECKING:
    from tagger.gui.panels.saved_list import SavedList
    from tests.gui.day import Day

_CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def saved(day: Day) -> SavedList:
    """One search with a name, made as a person makes it."""
    day.search("shoot:2026-06-20")
    _name_search(day)
    _write(day, "First day")
    day.wait_until(lambda: _names(day) == ["First day"])
    day.wait_until(lambda: not day.session.decisions.is_busy)  # the lines are made anew then
    return day.widgets.side.saved


def _name_search(day: Day) -> None:
    # Without a window manager nobody gives it back what the list of completions took.
    day.window.activateWindow()
    day.wait_until(day.window.isActiveWindow)
    day.press(Qt.Key.Key_D, _CTRL, on=day.window)


def _names(day: Day) -> list[str]:
    return [search.name for search in day.library.saved_searches()]


def _shown(day: Day) -> list[str]:
    return [item.text(0) for item in day.widgets.side.saved.all_items()]


def _editor(day: Day) -> QLineEdit:
    """The one that is open; Qt deletes the one before it a little later."""
    editors = day.widgets.side.saved.findChildren(QLineEdit)
    [editor] = [one for one in editors if one.isVisible()]
    return editor


def _make_current(saved: SavedList, place: int) -> None:
    item = saved.topLevelItem(place)
    assert item is not None
    saved.setCurrentItem(item)


def _write(day: Day, name: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    editor = _editor(day)
    editor.selectAll()
    QTest.keyClicks(editor, name)
    QTest.keyClick(editor, key)


def test_a_search_is_named_in_place_and_found_again(day: Day, saved: SavedList) -> None:
    day.wait_until(lambda: _shown(day) == ["First day"])
    day.press(Qt.Key.Key_F, _CTRL | Qt.KeyboardModifier.ShiftModifier, on=day.window)
    day.wait_until(lambda: len(day.shown_ids) == 12)
    item = saved.topLevelItem(0)
    assert item is not None

    place = saved.visualItemRect(item).center()
    QTest.mouseClick(saved.viewport(), Qt.MouseButton.LeftButton, pos=place)

    day.wait_until(lambda: len(day.shown_ids) == 6)
    assert item.isSelected()
    assert day.widgets.chips.texts == ["2026-06-20"]


def test_the_name_offered_says_what_is_searched(day: Day) -> None:
    day.search("untagged AND shoot:2026-06-20")
    _name_search(day)
    assert _editor(day).text() == "Without tags, 2026-06-20"

    QTest.keyClick(_editor(day), Qt.Key.Key_Escape)
    day.wait_until(lambda: _shown(day) == [])
    assert _names(day) == []


def test_all_photos_need_no_name(day: Day) -> None:
    day.press(Qt.Key.Key_D, _CTRL, on=day.window)

    assert "first" in day.widgets.jobs.message


def test_f2_renames_and_delete_removes(day: Day, saved: SavedList) -> None:
    day.wait_until(lambda: _shown(day) == ["First day"])
    saved.setFocus()
    _make_current(saved, 0)
    day.press(Qt.Key.Key_F2, on=saved)
    _write(day, "Friday")
    day.wait_until(lambda: _names(day) == ["Friday"] == _shown(day))

    _make_current(saved, 0)
    day.press(Qt.Key.Key_Delete, on=saved)
    day.wait_until(lambda: _names(day) == [] == _shown(day))


def test_a_name_that_is_taken_is_refused_and_nothing_is_lost(day: Day, saved: SavedList) -> None:
    day.search("untagged")
    _name_search(day)
    _write(day, "Untagged")
    day.wait_until(lambda: _shown(day) == ["First day", "Untagged"])
    _make_current(saved, 1)
    saved.setFocus()
    day.press(Qt.Key.Key_F2, on=saved)

    _write(day, "first day")

    day.wait_until(lambda: "already" in day.widgets.jobs.message)
    day.wait_until(lambda: _shown(day) == ["First day", "Untagged"])


def test_the_menu_offers_both(day: Day, saved: SavedList) -> None:
    day.wait_until(lambda: _shown(day) == ["First day"])
    item = saved.topLevelItem(0)
    assert item is not None

    saved.customContextMenuRequested.emit(saved.visualItemRect(item).center())

    [menu] = saved.findChildren(QMenu)
    assert [action.text() for action in menu.actions()] == ["&Rename", "Re&move"]
    menu.actions()[1].trigger()
    day.wait_until(lambda: _names(day) == [])
    menu.close()


def test_a_saved_search_is_shown_in_the_place_of_photos_that_were_picked(day: Day) -> None:
    picked = day.shown_ids[:2]
    day.window.browsing.show_photos(picked)
    assert day.shown_ids == picked
    assert not day.widgets.sort.isEnabled()  # they stand in the order they were picked in

    day.widgets.side.saved.chosen.emit("rating:5")

    day.wait_until(lambda: not day.shown_ids)
    assert day.widgets.sort.isEnabled()


def test_show_all_wins_over_what_was_half_typed(day: Day) -> None:
    line = day.widgets.search.line
    day.search("bride")
    line.setFocus()
    line.clear()
    QTest.keyClicks(line, "cake")

    QTest.keyClick(line, Qt.Key.Key_F, _CTRL | Qt.KeyboardModifier.ShiftModifier)

    day.wait_until(lambda: len(day.shown_ids) == 12)
    assert line.text() == ""


def test_a_name_is_kept_when_another_line_is_clicked_instead_of_enter(
    day: Day, saved: SavedList
) -> None:
    day.search("untagged")
    _name_search(day)
    _editor(day).selectAll()
    QTest.keyClicks(_editor(day), "To do")
    item = saved.topLevelItem(0)
    assert item is not None

    day.wait_until(lambda: saved.visualItemRect(item).top() >= 0)  # there is room for two now
    place = saved.visualItemRect(item).center()
    QTest.mouseClick(saved.viewport(), Qt.MouseButton.LeftButton, pos=place)

    day.wait_until(lambda: _names(day) == ["First day", "To do"])
    day.wait_until(lambda: _shown(day) == ["First day", "To do"])
    day.wait_until(lambda: day.widgets.chips.texts == ["2026-06-20"])


def test_a_search_is_named_in_sight_although_the_panel_was_hidden(day: Day) -> None:
    day.search("untagged")
    day.press(Qt.Key.Key_F7, on=day.window)
    saved = day.widgets.side.saved
    assert not saved.isVisible()

    _name_search(day)

    assert saved.isVisible()
    assert _editor(day).hasFocus()


def test_beside_teaching_no_search_is_named_out_of_sight(day: Day) -> None:
    day.search("untagged")
    day.window.teaching.open()

    day.press(Qt.Key.Key_D, _CTRL, on=day.window)

    assert "Go back to the photos to name" in day.widgets.jobs.message
    assert not day.widgets.left.isVisible()
