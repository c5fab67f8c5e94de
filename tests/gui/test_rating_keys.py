"""Stars and colour labels by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

if TYPE_CHECKING:
    from tests.gui.day import Day

_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier


def test_ctrl_and_a_number_gives_stars_and_undo_takes_them_away(day: Day) -> None:
    day.go_to(0)

    day.press(Qt.Key.Key_4, _CTRL)
    day.wait_until(lambda: day.row(0).rating == 4)
    shown = day.widgets.grid.photos
    day.wait_until(lambda: getattr(shown.photo_at(0), "rating", None) == 4)
    day.wait_until(lambda: "★★★★ on 1 photo" in day.widgets.jobs.message)

    day.press(Qt.Key.Key_Z, _CTRL)
    day.wait_until(lambda: not day.row(0).rating)


def test_alt_and_a_number_labels_the_selection(day: Day) -> None:
    day.go_to(1)
    day.press(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)

    day.press(Qt.Key.Key_6, _ALT)
    day.wait_until(lambda: [day.row(place).label for place in (1, 2)] == ["Red", "Red"])

    day.press(Qt.Key.Key_0, _ALT)
    day.wait_until(lambda: not day.row(1).label and not day.row(2).label)


def test_the_menu_of_a_photo_has_stars_and_labels_for_the_selection(day: Day) -> None:
    day.go_to(0)
    day.press(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    two = day.window.selection.photo_ids()
    grid = day.widgets.grid
    grid.customContextMenuRequested.emit(grid.visualRect(grid.currentIndex()).center())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)

    [rating] = [action for action in menu.actions() if action.text() == "&Rating"]
    submenu = rating.menu()
    assert isinstance(submenu, QMenu)
    next(action for action in submenu.actions() if action.text() == "★★★").trigger()
    menu.close()

    day.wait_until(lambda: {row.rating for row in day.library.photo_rows(two)} == {3})
