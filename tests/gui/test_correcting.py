"""Confirming and rejecting by key, on one photo and on many, with undo."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tagger.core.tag import TagState, Verdict
from tagger.services.correcting import confirm_shown, reject_shown
from tagger.services.lookalikes import decide_class
from tagger.services.workspace import Workspace
from tests.gui.photos import CLASSES

if TYPE_CHECKING:
    from tests.gui.day import Day

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_a_number_toggles_its_class(day: Day) -> None:
    photo = day.go_to(0)
    absent = next(name for name in CLASSES if name not in day.standing(photo))
    key = Qt.Key(Qt.Key.Key_1 + CLASSES.index(absent))

    day.press(key)
    day.wait_until(lambda: day.states(photo).get(absent) is TagState.CONFIRMED)
    day.wait_until(lambda: "confirmed on 1 photo." in _message(day))

    day.press(key)
    day.wait_until(lambda: day.states(photo)[absent] is TagState.REJECTED)


def test_enter_confirms_what_is_shown(day: Day) -> None:
    photo = day.go_to(1)

    day.press(Qt.Key.Key_Return)

    day.wait_until(lambda: set(day.states(photo).values()) == {TagState.CONFIRMED})


def test_x_rejects_what_is_shown_and_0_everything(day: Day) -> None:
    photo = day.go_to(2)
    day.press(Qt.Key.Key_X)
    day.wait_until(lambda: set(day.states(photo).values()) == {TagState.REJECTED})

    other = day.go_to(3)
    day.press(Qt.Key.Key_0)
    day.wait_until(
        lambda: (
            set(day.states(other)) == set(CLASSES)
            and set(day.states(other).values()) == {TagState.REJECTED}
        )
    )


def test_keys_go_by_what_was_seen_whatever_was_said_meanwhile(day: Day) -> None:
    first, second = day.go_to(0), day.shown_ids[1]
    absent = [name for name in CLASSES if name not in day.standing(first) | day.standing(second)]
    seen = day.standing(second)
    with Workspace.open(day.session.workspace.home) as other:  # which tells the window nothing
        for photo in (first, second):
            decide_class(other.library, [photo], absent[0], Verdict.CONFIRMED)
    may_go_on = threading.Event()
    day.session.decisions.start("a long one", lambda *_: may_go_on.wait(10))

    for _ in range(2):  # nothing is to be seen of the first yet
        day.press(Qt.Key(Qt.Key.Key_1 + CLASSES.index(absent[0])))
    day.press(Qt.Key.Key_Right)
    day.press(Qt.Key.Key_X)
    may_go_on.set()

    day.wait_until(lambda: not day.session.decisions.is_busy)
    assert day.states(first)[absent[0]] is TagState.CONFIRMED
    assert day.standing(second) == {absent[0]}
    assert {day.states(second)[name] for name in seen} == {TagState.REJECTED}


def test_one_key_on_all_photos_is_one_step_for_undo_and_redo(day: Day) -> None:
    before = {photo: day.states(photo) for photo in day.shown_ids}
    day.go_to(0)
    day.press(Qt.Key.Key_A, _CTRL)
    assert day.window.selection.count == 12

    day.press(Qt.Key.Key_3)
    day.wait_until(lambda: all("newlyweds" in day.standing(photo) for photo in before))
    day.press(Qt.Key.Key_Z, _CTRL)
    day.wait_until(lambda: {photo: day.states(photo) for photo in before} == before)
    day.press(Qt.Key.Key_Z, _CTRL | _SHIFT)
    day.wait_until(lambda: all("newlyweds" in day.standing(photo) for photo in before))

    assert day.window.selection.count == 12


def test_undo_with_nothing_to_undo_says_so(day: Day) -> None:
    day.press(Qt.Key.Key_Z, _CTRL)

    day.wait_until(lambda: "nothing to undo" in _message(day))


def test_a_key_that_is_held_down_decides_once(day: Day) -> None:
    repeated = {action.text() for action in day.widgets.pages.actions() if action.autoRepeat()}

    assert not repeated
    assert day.window.actions_by_name["undo"].autoRepeat()
    assert not day.window.actions_by_name["export"].autoRepeat()


def test_what_was_decided_right_before_the_end_is_kept(day: Day) -> None:
    first, second = day.go_to(0), day.shown_ids[1]
    may_go_on = threading.Event()
    day.session.decisions.start("a long one", lambda *_: may_go_on.wait(10))
    day.press(Qt.Key.Key_Return)
    day.press(Qt.Key.Key_Right)
    day.press(Qt.Key.Key_X)

    day.window.close()
    day.session.decisions.close()
    may_go_on.set()
    assert day.session.decisions.join(10)

    assert set(day.states(first).values()) == {TagState.CONFIRMED}
    assert set(day.states(second).values()) == {TagState.REJECTED}


def test_a_photo_that_leaves_the_search_gives_its_place_to_the_next(day: Day) -> None:
    name = max(day.counts, key=lambda name: day.counts[name])
    day.click_class(name)
    shown = day.shown_ids
    day.go_to(0)

    day.press(Qt.Key.Key_X)

    day.wait_until(lambda: day.shown_ids == shown[1:])
    assert day.window.selection.current == (shown[1] if shown[1:] else None)


def test_a_click_on_a_score_toggles_the_class(day: Day) -> None:
    photo = day.go_to(0)
    inspector = day.widgets.inspector
    day.wait_until(lambda: len(inspector.rows) == 5 and inspector.rows[0].class_name == "bride")
    had_it = "bride" in day.standing(photo)

    QTest.mouseClick(inspector.rows[0], Qt.MouseButton.LeftButton)

    day.wait_until(lambda: ("bride" in day.standing(photo)) is not had_it)
    day.wait_until(lambda: "by you" in inspector.rows[0].origin)


def test_the_inspector_says_where_each_tag_comes_from(day: Day) -> None:
    photo = day.go_to(0)
    [predicted] = day.standing(photo)
    rows = day.widgets.inspector.rows
    place = CLASSES.index(predicted)

    day.wait_until(lambda: bool(rows) and rows[place].origin.startswith("by colours "))
    assert "90%" in rows[place].accessibleName()


def _message(day: Day) -> str:
    return day.widgets.jobs.message


def test_a_menu_acts_on_the_photo_it_was_opened_on_whatever_goes_meanwhile(day: Day) -> None:
    name = max(day.counts, key=lambda name: day.counts[name])
    day.click_class(name)
    first, second, *_ = shown = day.shown_ids
    day.go_to(0)
    grid = day.widgets.grid
    grid.customContextMenuRequested.emit(grid.visualRect(grid.currentIndex()).center())
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)

    confirm_shown(day.library, day.library.photo_rows([second]))
    reject_shown(day.library, day.library.photo_rows([first]))
    day.wait_until(lambda: day.counts[name] == len(shown) - 1)
    assert day.shown_ids == shown
    reject = next(action for action in menu.actions() if "Reject" in action.text())
    menu.setActiveAction(reject)
    day.press(Qt.Key.Key_Return, on=menu)

    day.wait_until(lambda: "Nothing to change" in _message(day))
    day.wait_until(lambda: day.shown_ids == shown[1:])
    assert set(day.states(second).values()) == {TagState.CONFIRMED}
