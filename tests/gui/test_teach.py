"""Teaching in the window: what is missing, a quick lesson, and what it would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from tagger.core.tag import TagState
from tagger.services.classifiers import bundle_in_use
from tagger.services.reviewing import mark_photos, parse_mark
from tests.gui.teaching import day, decide, find, models, page, session

if TYPE_CHECKING:
    from tagger.gui.teach.page import TeachPage
    from tests.gui.day import Day

__all__ = ["day", "models", "page", "session"]


def lines(page: TeachPage) -> dict[str, list[str]]:
    table = page.overview.table
    items = [table.topLevelItem(row) for row in range(table.topLevelItemCount())]
    return {item.text(0): [item.text(column) for column in range(1, 5)] for item in items if item}


def test_it_opens_by_key_and_says_what_is_missing(day: Day, page: TeachPage) -> None:
    day.wait_until(lambda: "too little to learn" in page.overview.lead.text())
    assert not page.overview.lesson_button.isEnabled()
    assert day.widgets.top.isHidden()

    decide(day, "b", "+bride")
    decide(day, "o", "-bride")

    day.wait_until(lambda: lines(page)["Bride"][:3] == ["8", "0", "8"])
    assert lines(page)["Bride"][3] == "12 more bride and this class can be trusted"
    assert page.overview.lead.text().startswith("16 decisions since the last lesson.")
    assert page.overview.lesson_button.isEnabled()
    day.press(Qt.Key.Key_Escape, on=page)
    assert day.widgets.grid.isVisible()
    assert day.widgets.top.isVisible()


def test_a_quiet_button_says_when_a_lesson_is_worth_it(day: Day) -> None:
    button = day.widgets.jobs.lesson_button
    assert button.isHidden()
    decide(day, "b", "+bride")
    decide(day, "o", "-bride")
    day.wait_until(button.isVisible)
    button.click()
    assert day.widgets.teach.isVisible()


def test_a_quick_lesson_is_shown_before_anything_changes(day: Day, page: TeachPage) -> None:
    decide(day, "b", "+cake")
    decide(day, "o", "-cake")
    day.wait_until(page.overview.lesson_button.isEnabled)

    page.overview.lesson_button.click()
    assert page.is_busy
    day.qtbot.waitUntil(page.changes.isVisible, timeout=90_000)

    proposal = page.changes.proposal
    assert proposal is not None
    assert page.changes.safety.text().startswith("Recommended")
    day.wait_until(lambda: not page.is_busy)
    assert bundle_in_use(day.session.workspace.home).info.name == "old"
    page.changes.decline_button.click()
    assert page.overview.isVisible()
    assert bundle_in_use(day.session.workspace.home).info.name == "old"


def test_a_lesson_without_enough_to_learn_says_one_sentence(day: Day, page: TeachPage) -> None:
    day.window.teaching.teach()
    day.wait_until(lambda: "too little to learn from" in page.message)
    assert not page.is_busy
    assert bundle_in_use(day.session.workspace.home).info.name == "old"


def test_a_cell_opens_its_photos_and_is_decided_as_one_step(day: Day, page: TeachPage) -> None:
    day.window.teaching.compare("new")
    day.wait_until(page.changes.matrix.isVisible)
    assert "8 of 16 photos would change" in page.changes.lead.text()
    move = page.changes.matrix.current_move
    assert move is not None
    assert (move.old, move.new) == ("bride", "newlyweds")

    day.press(Qt.Key.Key_Return, on=page.changes.matrix)
    assert day.widgets.grid.isVisible()
    assert day.shown_ids == sorted(find(day, "b"))
    bar = day.widgets.cell_bar
    assert bar.words.text() == "8 photos would become newlyweds instead of bride."

    bar.wrong_button.click()
    day.wait_until(lambda: day.states(find(day, "b")[0]).get("bride") is TagState.CONFIRMED)
    assert day.shown_ids == sorted(find(day, "b")), "they stay until others are looked for"
    bar.back_button.click()
    assert page.isVisible()
    assert bar.isHidden()


def test_all_is_accepted_by_a_person_and_decisions_stay(day: Day, page: TeachPage) -> None:
    [kept, *others] = find(day, "b")
    mark_photos(day.library, day.library.photo_rows([kept]), [parse_mark("+bride")])
    day.window.teaching.compare("new")
    day.wait_until(page.changes.matrix.isVisible)
    assert page.changes.safety.text().startswith("Not recommended")

    page.changes.adopt_button.click()

    day.wait_until(lambda: bundle_in_use(day.session.workspace.home).info.name == "new")
    day.wait_until(lambda: day.standing(others[0]) == {"newlyweds"})
    assert day.states(kept)["bride"] is TagState.CONFIRMED
    day.wait_until(page.overview.isVisible)


def test_searching_takes_the_cell_away(day: Day, page: TeachPage) -> None:
    day.window.teaching.compare("new")
    day.wait_until(page.changes.matrix.isVisible)
    page.changes.open_button.click()
    day.search("cake")
    assert day.widgets.cell_bar.isHidden()
    day.wait_until(lambda: set(day.shown_ids) == set(find(day, "o")))
