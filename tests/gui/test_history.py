"""The history in the inspector: decisions and stars, each step taken back on its photo alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tagger.core.tag import TagState

if TYPE_CHECKING:
    from tagger.gui.inspector.history_list import HistoryRow
    from tests.gui.day import Day

_CTRL = Qt.KeyboardModifier.ControlModifier


def _steps(day: Day) -> list[HistoryRow]:
    return [row for row in day.widgets.inspector.history.rows if not row.isHidden()]


def _shown_name(day: Day) -> str:
    """The photo whose history is shown; the one before stays until the new one has been read."""
    names = {row.path.name for row in day.library.photo_rows(day.shown_ids)}
    [name] = [
        label.text()
        for label in day.widgets.inspector.findChildren(QLabel)
        if label.text() in names
    ]
    return name


def test_an_old_decision_is_taken_back_on_this_photo_alone(day: Day) -> None:
    first, second = day.shown_ids[:2]
    [name] = day.standing(first)
    day.go_to(0)
    day.press(Qt.Key.Key_Return)
    day.wait_until(lambda: day.states(first)[name] is TagState.CONFIRMED)
    day.go_to(1)
    day.press(Qt.Key.Key_Return)
    day.wait_until(lambda: TagState.CONFIRMED in day.states(second).values())
    day.go_to(0)
    day.wait_until(lambda: _shown_name(day) == day.row(0).path.name)
    assert len(_steps(day)) == 1
    assert "confirmed" in _steps(day)[0].text.text()

    _steps(day)[0].button.click()

    day.wait_until(lambda: day.states(first)[name] is TagState.PREDICTED)
    assert TagState.CONFIRMED in day.states(second).values()
    day.wait_until(lambda: "taken back" in _steps(day)[0].text.text())
    assert not any(row.button.isVisible() for row in _steps(day)), "nothing stands that could go"

    day.press(Qt.Key.Key_Z, _CTRL)
    day.wait_until(lambda: day.states(first)[name] is TagState.CONFIRMED)
    day.wait_until(lambda: "undone" in _steps(day)[0].text.text())
    assert [row.button.isHidden() for row in _steps(day)] == [True, False]


def test_taking_back_brings_the_decision_before(day: Day) -> None:
    photo = day.go_to(0)
    [name] = day.standing(photo)
    day.press(Qt.Key.Key_X)
    day.wait_until(lambda: day.states(photo)[name] is TagState.REJECTED)
    key = Qt.Key(Qt.Key.Key_1 + [tag.name for tag in day.library.tags()].index(name))
    day.press(key)
    day.wait_until(lambda: day.states(photo)[name] is TagState.CONFIRMED)
    day.wait_until(lambda: len(_steps(day)) == 2)
    assert [row.button.isHidden() for row in _steps(day)] == [False, True]

    _steps(day)[0].button.click()

    day.wait_until(lambda: day.states(photo)[name] is TagState.REJECTED)


def test_stars_stand_in_the_history_and_the_model_says_its_version(day: Day) -> None:
    day.go_to(0)
    day.press(Qt.Key.Key_4, _CTRL)
    day.wait_until(lambda: len(_steps(day)) == 1)
    assert "4" in _steps(day)[0].text.text()
    assert not _steps(day)[0].button.isVisible()

    [model] = [model for model in day.library.models() if model.is_in_use]
    shown = [row for row in day.widgets.inspector.rows if row.origin]
    assert shown[0].origin == f"by {model.name} {model.fingerprint[:7]}"
    assert "version" in shown[0].toolTip()
